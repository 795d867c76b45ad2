using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Store;
using Crm.Integration.Hub.Undo;
using Crm.Integration.Hub.Verification;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.TwoWay;

/// <summary>A hub that keeps several systems in memory the same, both ways.</summary>
internal sealed class TwoWayHub : IDisposable
{
    private readonly List<Crm> _systems = [];
    private readonly TestStore _store;

    public TwoWayHub(TestStore store)
    {
        _store = store;
        Write("hub.json", store.HubJson[..^1] + """, "limits": { "alwaysAllowed": 1000 } }""");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("hub-twoway-").FullName;

    public ManualClock Clock { get; } = new();

    public IReadOnlyList<Crm> Systems => _systems;

    /// <summary>Adds a system that is read and written.</summary>
    /// <param name="system">The system.</param>
    /// <param name="to">More settings of the outbound pipeline, as JSON members with a comma in front.</param>
    /// <param name="target">More settings of its <c>to</c>, as JSON members with a comma in front.</param>
    /// <param name="writes">Whether it is written at all.</param>
    public Crm Add(Crm system, string to = "", string target = "", bool writes = true)
    {
        _systems.Add(system);
        Write($"connections/{system.Name}.json", $$"""{ "connector": "{{system.Name}}" }""");
        var modified = system.Times ? """, "modified": "Modified" """ : "";
        var cursor = system.DeleteFeed ? """, "cursor": "Modified" """ : "";
        Write($"pipelines/{system.Name}-in.json", $$"""
            { "from": { "connection": "{{system.Name}}", "stream": "{{system.Model.Stream}}", "key": "Id"{{modified}}{{cursor}} }, "entity": "{{system.Model.Entity}}",
              "map": { {{string.Join(", ", system.Model.Map.Select(pair => $"\"{pair.Path}\": \"{pair.Field}\""))}} } }
            """);
        if (writes)
            Outbound(system, to, target);
        return system;
    }

    /// <summary>Adds a system that is only written.</summary>
    public Crm AddTarget(Crm system, string to = "")
    {
        _systems.Add(system);
        Write($"connections/{system.Name}.json", $$"""{ "connector": "{{system.Name}}" }""");
        Outbound(system, to);
        return system;
    }

    /// <summary>Puts the outbound pipeline of a system in place.</summary>
    public void Outbound(Crm system, string to = "", string target = "") => Write($"pipelines/{system.Name}-out.json", $$"""
        { "entity": "{{system.Model.Entity}}", "to": { "connection": "{{system.Name}}", "stream": "{{system.Model.Stream}}", "key": "{{system.Key}}"{{target}} },
          "map": { {{string.Join(", ", system.Model.Map.Select(pair => $"\"{pair.Field}\": \"{pair.Path}\""))}} }{{to}} }
        """);

    public HubConfiguration Configuration() => ConfigurationLoader.Load(Folder, [.. _systems], _ => null).OrThrow();

    /// <summary>Runs everything; a while passes.</summary>
    public async Task<RunReport> RunAsync(RunOptions? options = null, bool mustSucceed = true)
    {
        Clock.Advance(TimeSpan.FromMinutes(5));
        var report = await new Runner(Configuration(), Clock, NullLogger.Instance).RunAsync([], options ?? new RunOptions(), new Progress<RunProgress>(), TestContext.Current.CancellationToken);
        Clock.Advance(TimeSpan.FromMinutes(5));
        if (mustSucceed)
            Assert.True(report.State == RunState.Done, string.Join(Environment.NewLine, report.Pipelines.Select(pipeline => $"{pipeline.Name} {pipeline.State} {pipeline.Problem}")));
        return report;
    }

    /// <summary>The number of the last run.</summary>
    public long LastRun => Query<long>("select max(id) from run")[0];

    /// <summary>Takes a run back.</summary>
    public async Task<RunReport> UndoAsync(long run, RunOptions? options = null, bool mustSucceed = true)
    {
        Clock.Advance(TimeSpan.FromMinutes(5));
        _systems.ForEach(system => system.Writes.Clear());
        var report = await new Runner(Configuration(), Clock, NullLogger.Instance)
            .RunAsync(Undone(run).Pipelines, (options ?? new RunOptions()) with { Undo = run }, new Progress<RunProgress>(), TestContext.Current.CancellationToken);
        Assert.True(report.State == RunState.Done || !mustSucceed, string.Join(Environment.NewLine, report.Pipelines.Select(pipeline => $"{pipeline.Name} {pipeline.State} {pipeline.Problem}")));
        return report;
    }

    /// <summary>A person decides something, while nobody else writes.</summary>
    public async Task StewardAsync(Action<WorkSession> decide)
    {
        using var session = await WorkSession.BeginAsync(Configuration(), "test", new RunOptions(), new Progress<RunProgress>(), Clock, NullLogger.Instance, TestContext.Current.CancellationToken);
        decide(session);
    }

    /// <summary>What is left to be taken back of a run.</summary>
    public UndoneRun Undone(long run)
    {
        using var store = MasterStore.Open(MasterStore.EngineOf(Configuration().Settings.Store, Folder), Clock);
        return UndoneRun.Find(store, Configuration(), run, null);
    }

    /// <summary>Compares a system with the store.</summary>
    public async Task<RunReport> VerifyAsync(Crm system, bool repair = false)
    {
        Clock.Advance(TimeSpan.FromMinutes(5));
        var pipelines = Configuration().Pipelines.Where(pipeline => pipeline.Connection.Name == system.Name).Select(pipeline => pipeline.Name).ToList();
        var report = await new VerifiedRun(Configuration(), Clock, NullLogger.Instance)
            .RunAsync(pipelines, new RunOptions { Verify = new VerifyOptions(system.Name, repair) }, new Progress<RunProgress>(), TestContext.Current.CancellationToken);
        Assert.True(report.State == RunState.Done, string.Join(Environment.NewLine, report.Pipelines.Select(pipeline => $"{pipeline.Name} {pipeline.State} {pipeline.Problem}")));
        return report;
    }

    /// <summary>Runs until nothing is written any more.</summary>
    /// <returns>How many runs wrote something.</returns>
    public async Task<int> SettleAsync(int most = 8)
    {
        for (var runs = 0; runs < most; runs++)
        {
            _systems.ForEach(system => system.Writes.Clear());
            await RunAsync();
            if (_systems.TrueForAll(system => system.Writes.Count == 0))
                return runs;
        }

        var refused = string.Join("; ", Query<(string, long, string, string, string)>("select o.pipeline, d.master_id, d.external_id, d.state, d.error from delivery d join outbound o on o.id = d.outbound_id where d.state <> 'done'"));
        Assert.Fail($"{refused} | still writing after {most} runs: {string.Join("; ", _systems.SelectMany(system => system.Writes.Select(write => $"{system.Name} {write.Kind} {write.ExternalId} {string.Join(",", write.Values.Where((_, i) => write.Changed[i]).Select(value => value.ToText()))}")))}");
        return most;
    }

    public List<T> Query<T>(string sql, object? parameters = null)
    {
        using var store = MasterStore.Open(MasterStore.EngineOf(Configuration().Settings.Store, Folder), Clock);
        return store.Query<T>(sql, parameters);
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
