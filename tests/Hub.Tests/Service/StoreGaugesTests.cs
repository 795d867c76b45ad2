using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Telemetry;
using Crm.Integration.Hub.Tests.Pipelines;
using Crm.Integration.Hub.Tests.Store;
using Crm.Integration.Hub.Triggers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.Service;

/// <summary>Instruments belong to the process: a test that reads them all is alone.</summary>
[CollectionDefinition(nameof(Undisturbed), DisableParallelization = true)]
public sealed class Undisturbed;

/// <summary>What the metrics tell of the store, on every engine.</summary>
public abstract class StoreGaugesTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private readonly TStore _test = new();
    private readonly TestHub _hub;

    protected StoreGaugesTests() => _hub = new TestHub(_test);

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task They_tell_what_waits_for_people_for_matching_and_for_destinations()
    {
        var people = _hub.Inbound("shop", rules: [new() { Field = "email", Rule = Mapping.Validation.RuleKind.Required, Otherwise = Mapping.Validation.Otherwise.Reject }]);
        people.Put("1", ("first", "Anna"), ("last", "Keller"), ("email", "anna@mail.example"));
        people.Put("2", ("first", "Ben"), ("last", "Mohr"));
        _hub.Outbound("to-files");
        await _hub.RunAsync();
        people.Put("3", ("first", "Cleo"), ("last", "Sand"), ("email", "cleo@mail.example"));
        await new Runner(_hub.Configuration, TimeProvider.System, NullLogger.Instance).RunAsync(["shop"], new RunOptions(), new Progress<Hub.Runs.RunProgress>(), TestContext.Current.CancellationToken);
        var engine = MasterStore.EngineOf(_test.Settings, _hub.Folder);
        using (var requests = new RunRequests(engine, TimeProvider.System))
            requests.Add(new() { Pipelines = ["shop"], Cause = RunCause.Manual, By = "test" });

        using var gauges = new StoreGauges(engine, TimeProvider.System, NullLoggerFactory.Instance);
        using var collector = new MetricCollector(new SecretRedactor(), NullLogger.Instance);
        var text = collector.Text();

        Assert.Contains("hub_quarantine_size{pipeline=\"shop\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("hub_outbound_lag{pipeline=\"to-files\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("hub_run_requested{state=\"waiting\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("hub_metrics_unread_total 0\n", text, StringComparison.Ordinal);
    }
}

[Collection(nameof(Undisturbed))]
public sealed class StoreGaugesOnSqliteTests : StoreGaugesTests<SqliteStore>;

[Collection(nameof(Undisturbed))]
public sealed class StoreGaugesOnPostgreSqlTests : StoreGaugesTests<PostgreSqlStore>;
