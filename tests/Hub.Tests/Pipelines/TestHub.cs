using System.Text;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Store;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;
using Crm.Integration.Mapping.Validation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.Pipelines;

/// <summary>A hub folder in a temporary place, with systems in memory.</summary>
internal sealed class TestHub : IDisposable
{
    private readonly List<Pipeline> _pipelines = [];
    private readonly Dictionary<string, EntityConfiguration> _entities = [];

    private readonly TestStore _store;

    /// <summary>On SQLite.</summary>
    public TestHub(MatchSettings? matching = null)
        : this(new SqliteStore(), matching)
    {
    }

    public TestHub(TestStore store, MatchSettings? matching = null)
    {
        _store = store;
        Folder = Directory.CreateTempSubdirectory("hub-test-").FullName;
        foreach (var type in BuiltInModel.All)
        {
            _entities[type.Name] = new EntityConfiguration(
                type, type.Kind == EntityKind.Keyed ? null : new Matcher(type, matching ?? new MatchSettings()), new Survivor(type, new SurvivorshipSettings()));
        }
    }

    public string Folder { get; }

    /// <summary>The inbound systems by name.</summary>
    public Dictionary<string, TestSystem> Systems { get; } = [];

    public LimitSettings Limits { get; set; } = new();

    /// <summary>When a source changed a row: an expression for the inbound pipelines that are added from now on.</summary>
    public string? Modified { get; set; }

    public HubConfiguration Configuration => new(Folder, new HubSettings { Store = _store.Settings }, _entities, new Dictionary<string, ConnectionConfiguration>(), _pipelines);

    /// <summary>Adds an inbound pipeline over a system in memory; the usual person's fields are mapped unless others are given.</summary>
    public TestSystem Inbound(string name, string entity = "customer", string? where = null, IReadOnlyList<RuleDefinition>? rules = null, Dictionary<string, string>? map = null, ulong fingerprint = 1)
    {
        var system = Systems[name] = new TestSystem(name);
        Replace(name, system, entity, where, rules, map, fingerprint);
        return system;
    }

    /// <summary>Puts another version of an inbound pipeline in place.</summary>
    public void Replace(string name, TestSystem system, string entity = "customer", string? where = null, IReadOnlyList<RuleDefinition>? rules = null, Dictionary<string, string>? map = null, ulong fingerprint = 1)
    {
        map ??= new() { ["name.given"] = "first", ["name.family"] = "last", ["email"] = "email", ["phone"] = "phone" };
        var type = _entities[entity].Type;
        var settings = new PipelineSettings
        {
            Entity = entity,
            Map = map,
            From = new FromSettings { Connection = name, Stream = "people", Key = "id", Cursor = system.Snapshot ? null : "n" },
            Validate = rules ?? [],
        };
        _pipelines.RemoveAll(pipeline => pipeline.Name == name);
        _pipelines.Insert(_pipelines.FindLastIndex(pipeline => pipeline is InboundPipeline) + 1, new InboundPipeline(
            name, _entities[entity], new ConnectionConfiguration(name, system, new object()), "people", settings, Limits, fingerprint)
        {
            Key = Compile("id"),
            Where = where is null ? null : Compile(where),
            Modified = Modified is null ? null : Compile(Modified),
            Map = new FieldMap(type, map.ToDictionary(pair => pair.Key, pair => Compile(pair.Value))),
            Rules = RuleSet.Compile(type, rules ?? [], MapEnvironment.Empty, new List<RuleProblem>())!,
            RulePlace = index => $"pipelines/{name}.json:{index + 10}",
        });
    }

    /// <summary>Adds an outbound pipeline to a system in memory.</summary>
    public TestSystem Outbound(string name, string? where = null, DeletesPolicy deletes = DeletesPolicy.Ignore, string? key = null, ulong fingerprint = 1, TestSystem? system = null)
    {
        system ??= new TestSystem(name);
        var settings = new PipelineSettings
        {
            Entity = "customer",
            Map = new Dictionary<string, string>(),
            To = new ToSettings { Connection = name, Stream = "contacts", Key = "Id" },
            Deletes = deletes,
        };
        _pipelines.RemoveAll(pipeline => pipeline.Name == name);
        _pipelines.Add(new OutboundPipeline(name, _entities["customer"], new ConnectionConfiguration(name, system, new object()), "contacts", settings, Limits, fingerprint)
        {
            Where = where is null ? null : Compile(where),
            Map = [("Id", key is null ? null : Compile(key)), ("First", Compile("name.given")), ("Last", Compile("name.family")), ("Mail", Compile("email"))],
        });
        return system;
    }

    public Task<RunReport> RunAsync(RunOptions? options = null) =>
        new Runner(Configuration, TimeProvider.System, NullLogger.Instance).RunAsync([], options ?? new RunOptions(), new Progress<RunProgress>(), TestContext.Current.CancellationToken);

    public Task<RunReport> PlanAsync() => RunAsync(new RunOptions { Rehearsal = true });

    public async Task<WorkSession> SessionAsync() =>
        await WorkSession.BeginAsync(Configuration, "test", new RunOptions(), new Progress<RunProgress>(), TimeProvider.System, NullLogger.Instance, TestContext.Current.CancellationToken);

    public EntityConfiguration Customer => _entities["customer"];

    public List<T> Query<T>(string sql, object? parameters = null)
    {
        using var store = Open();
        return store.Query<T>(sql, parameters);
    }

    /// <summary>Which source records are together: "crm/1 shop/7", sorted.</summary>
    public List<string> Clusters() =>
    [
        .. Query<(long Master, string Connection, string Id)>(
            "select x.master_id, i.connection, r.source_id from xref x join source_record r on r.id = x.record_id join inbound i on i.id = r.inbound_id")
            .GroupBy(row => row.Master)
            .Select(group => string.Join(' ', group.Select(row => $"{row.Connection}/{row.Id}").Order(StringComparer.Ordinal)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The master of a source record.</summary>
    public long MasterOf(string connection, string id) => Query<long>(
        "select x.master_id from xref x join source_record r on r.id = x.record_id join inbound i on i.id = r.inbound_id where i.connection = @connection and r.source_id = @id",
        new { connection, id }).Single();

    /// <summary>Every row of every table but those that record runs; times left out.</summary>
    public string Dump(bool runs = false)
    {
        var text = new StringBuilder();
        using var store = Open();
        foreach (var table in _store.Tables(store))
        {
            if (!runs && table is "run" or "sequence")
                continue;
            text.AppendLine("-- " + table);
            var columns = _store.Columns(store, table).Where(column => !column.EndsWith("_at", StringComparison.Ordinal) && !column.EndsWith("_at\"", StringComparison.Ordinal) && column.Trim('"') != "at").ToList();
            foreach (var row in store.Query<dynamic>($"select {string.Join(", ", columns)} from {table} order by {(columns.Count == 1 ? "1" : "1, 2")}"))
                text.AppendLine(string.Join('|', ((IDictionary<string, object>)row).Values.Select(value => value is byte[] bytes ? Convert.ToHexString(bytes) : value)));
        }

        return text.ToString();
    }

    /// <summary>Opens the store.</summary>
    public MasterStore Open() => _store.Open(Folder);

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static Expression Compile(string text)
    {
        var problems = new List<MapProblem>();
        return Expression.Compile(text, MapEnvironment.Empty, problems) ?? throw new InvalidOperationException(problems[0].Message);
    }
}
