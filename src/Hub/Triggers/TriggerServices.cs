using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Crm.Integration.Hub.Triggers;

/// <summary>What the service needs to run pipelines by itself.</summary>
internal static class TriggerServices
{
    private const string SchedulerName = "hub";

    /// <summary>Adds schedules, run requests and the worker that carries them out.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="engine">The store's engine.</param>
    /// <param name="node">This node.</param>
    public static IServiceCollection AddTriggers(this IServiceCollection services, StoreEngine engine, Node node)
    {
        services.AddSingleton<RunRequests>();
        services.AddSingleton<RunningRuns>();
        services.AddSingleton<RunCarrier>();
        services.AddSingleton<ScheduleBook>();
        services.AddSingleton<AlarmClock>();
        services.AddSingleton<ChangeWatch>();
        services.AddHostedService<TriggerService>();
        services.AddHostedService<RunWorker>();
        services.AddQuartz(quartz => Configure(quartz, engine, node));
        return services;
    }

    private static void Configure(IQuartzBuilder quartz, StoreEngine engine, Node node)
    {
        quartz.ConfigureScheduler(scheduler =>
        {
            scheduler.InstanceName = SchedulerName;
            scheduler.InstanceId = node.Name;
        });

        // An alarm does little: it writes a request.
        quartz.UseDefaultThreadPool(2);
        if (engine.Shared is not { } database)
        {
            quartz.UseInMemoryStore();
            return;
        }

        quartz.UsePersistentStore(store =>
        {
            if (engine.Name == "PostgreSQL")
                store.UsePostgres(database.Factory, database.ConnectionString);
            else
                store.UseSqlServer(database.Factory, database.ConnectionString);

            // Its tables are its own: it makes them where they are missing, and nothing of ours is kept in them that could be lost.
            store.ProvisionSchema();
            store.ConfigureStore(options => options.TablePrefix = database.Prefix + "qrtz_");
            store.UseClustering(cluster =>
            {
                cluster.CheckinInterval = TimeSpan.FromSeconds(5);
                cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(10);
            });
        });
    }
}
