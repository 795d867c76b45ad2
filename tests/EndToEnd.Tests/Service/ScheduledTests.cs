using System.Diagnostics;
using Crm.Integration.EndToEnd.Tests.Program;
using Microsoft.Data.Sqlite;

namespace Crm.Integration.EndToEnd.Tests.Service;

/// <summary>The real service on its real schedules: it runs by itself, is killed, is told to stop, and is given another configuration.</summary>
public sealed class ScheduledTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pipelines_run_by_themselves_and_the_service_stops_when_it_is_asked_to()
    {
        using var folder = Hub(200, every: "1s");
        using var hub = Serve(folder);
        await UntilAsync(folder, hub, requests => requests.Count(request => request is ("shop", "schedule", "done", _)) >= 2 && requests.Any(request => request is ("to-files", "after", "done", _)));

        folder.Write("in/people.csv", HubFolder.People(201));
        await UntilAsync(() => folder.Targets().Values.Any(target => Convert.FromBase64String(target.Bytes).AsSpan().Count((byte)'\n') == 202), hub);
        hub.Interrupt();
        var outcome = (await hub.EndAsync()).With(0);

        Assert.Contains("every 1s", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Requests(folder), request => request.State == "running");
    }

    [Fact]
    public async Task A_service_that_is_killed_in_the_middle_of_a_run_takes_it_up_when_it_is_back()
    {
        using var folder = Hub(30_000, every: "1s");
        for (var round = 0; round < 3; round++)
        {
            using var hub = Serve(folder);
            await UntilAsync(folder, hub, requests => requests.Any(request => request.State == "running"));
            await Task.Delay(200 + (round * 300), Token);
            hub.Kill();
            await hub.EndAsync();
        }

        using var last = Serve(folder);
        await UntilAsync(folder, last, requests => requests.Any(request => request is ("to-files", _, "done", _)));
        last.Interrupt();
        (await last.EndAsync()).With(0);

        Assert.Equal(30_001, folder.Read("out/people.csv").Count(character => character == '\n'));
        Assert.DoesNotContain(Requests(folder), request => request.State == "running");
    }

    [Fact]
    public async Task Another_configuration_is_used_without_a_restart_and_a_bad_one_is_not()
    {
        using var folder = Hub(10, every: "30d");
        using var hub = Serve(folder);
        await UntilAsync(() => File.Exists(folder.In("data/service.db")), hub);
        folder.Edit("pipelines/shop.json", "\"30d\"", "\"1x\"");
        await UntilAsync(() => Log(folder).Contains("is not a length of time", StringComparison.Ordinal), hub);
        Assert.Empty(Requests(folder));

        folder.Edit("pipelines/shop.json", "\"1x\"", "\"1s\"");
        await UntilAsync(folder, hub, requests => requests.Any(request => request is ("shop", "schedule", "done", _)));
        hub.Interrupt();
        (await hub.EndAsync()).With(0);
    }

    [Fact]
    public async Task Two_nodes_on_one_store_fire_each_instant_once_also_when_one_is_killed()
    {
        TestSchema.SkipWithoutServer();
        using var folder = Hub(50, every: "1s");
        folder.Write("hub.json", "{}");
        folder.OnPostgreSql();
        using var first = Serve(folder);
        using var second = Serve(folder);
        await UntilAsync(() => Count(folder, "select count(*) from qrtz_scheduler_state") == 2 && Count(folder, "select count(*) from run_request where state = 'done'") > 4, first);

        // The one that does the work, in the middle of it.
        await UntilAsync(() => Count(folder, "select count(*) from run_request where state = 'running'") > 0, first);
        var killed = Count(folder, $"select count(*) from run_request where state = 'running' and node like '%/{first.Id}/%'") > 0 ? first : second;
        var other = killed == first ? second : first;
        killed.Kill();
        await killed.EndAsync();
        var before = Count(folder, "select max(id) from run_request");

        // What it was at is taken over within its lease, and all goes on.
        await UntilAsync(() => Count(folder, $"select count(*) from run_request where state = 'done' and id > {before}") >= 4, other);
        await UntilAsync(() => Count(folder, $"select count(*) from run_request where id <= {before} and state in ('waiting', 'running')") == 0, other);
        other.Interrupt();
        (await other.EndAsync()).With(0);
        Assert.Equal(Count(folder, "select count(*) from fired"), Count(folder, "select count(*) from (select distinct pipeline, due_at from fired) f"));
        Assert.Equal(0, Count(folder, "select count(*) from (select request_id from fired group by request_id, due_at having count(*) > 1) f"));
        Assert.Equal(0, Count(folder, "select count(*) from run_request where state = 'failed'"));
    }

    private static HubFolder Hub(int people, string every)
    {
        var folder = HubFolder.OfPeople(HubFolder.People(people));
        folder.Edit("pipelines/shop.json", "\"entity\"", $"\"trigger\": {{ \"every\": \"{every}\" }}, \"entity\"");
        folder.Edit("pipelines/to-files.json", "\"entity\"", "\"trigger\": { \"after\": \"shop\" }, \"entity\"");
        return folder;
    }

    private static HubProcess Serve(HubFolder folder) => folder.Start("serve", "--listen", "http://127.0.0.1:0");

    private static Task UntilAsync(HubFolder folder, HubProcess hub, Func<IReadOnlyList<(string Pipelines, string Cause, string State, long Attempts)>, bool> condition) =>
        UntilAsync(() => File.Exists(folder.In("data/service.db")) && condition(Requests(folder)), hub);

    private static async Task UntilAsync(Func<bool> condition, HubProcess hub)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (hub.HasEnded)
                (await hub.EndAsync()).With(-1);
            Assert.True(watch.Elapsed < s_patience, "it did not come to that");
            await Task.Delay(50, Token);
        }
    }

    private static List<(string Pipelines, string Cause, string State, long Attempts)> Requests(HubFolder folder)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = folder.In("data/service.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from sqlite_master where name = 'run_request'";
        List<(string, string, string, long)> requests = [];
        if ((long)command.ExecuteScalar()! == 0)
            return requests;
        command.CommandText = "select pipelines, cause, state, attempts from run_request order by id";
        using var rows = command.ExecuteReader();
        while (rows.Read())
            requests.Add((rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetInt64(3)));
        return requests;
    }

    private static long Count(HubFolder folder, string sql) => folder.Schema!.Scalar<bool>("select to_regclass('schedule') is not null and to_regclass('qrtz_scheduler_state') is not null") ? folder.Schema.Scalar<long>(sql) : 0;

    private static string Log(HubFolder folder)
    {
        if (!Directory.Exists(folder.In("data/logs")))
            return "";
        return string.Concat(Directory.GetFiles(folder.In("data/logs")).Select(file =>
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return reader.ReadToEnd();
        }));
    }
}
