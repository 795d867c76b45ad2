using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Mapping.Matching;
using Microsoft.Extensions.Logging.Abstractions;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.Pipelines;

public abstract class ReclusteringTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private readonly TestHub _hub = new(new TStore());

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task Nothing_is_to_do_in_a_store_that_is_as_a_batch_would_have_it()
    {
        await FillAsync();
        var before = _hub.Dump();
        var difference = All(_hub, _hub.Customer);
        Assert.True(difference.None, difference.ToString());
        Assert.Equal(Content(before), Content(_hub.Dump()));
    }

    [Fact]
    public async Task Stricter_matching_splits_and_what_hangs_on_it_follows()
    {
        var crm = _hub.Outbound("out", deletes: DeletesPolicy.Delete);
        await FillAsync();
        var lenient = _hub.Clusters();
        var strict = With(new MatchSettings { Link = 0.9999999 });
        var difference = All(_hub, strict);
        Assert.True(difference.Counts.Split > 0);
        Assert.True(difference.Moved > 0);
        Assert.NotEqual(lenient, _hub.Clusters());
        Assert.All(difference.Examples, move => Assert.NotNull(move.To));

        // And back: the ids that were there before live on, the others are aliases, the destination has each customer once.
        All(_hub, _hub.Customer);
        Assert.Equal(lenient, _hub.Clusters());
        await _hub.RunAsync(new RunOptions { IgnoreLimits = true });
        Assert.Equal(lenient.Count, crm.Received.Count);
        Assert.Equal(lenient.Count, _hub.Query<long>("select id from master where merged_into is null and ended_run is null").Count);
        Assert.True(All(_hub, _hub.Customer).None);
    }

    [Fact]
    public async Task Undone_it_leaves_no_trace()
    {
        await FillAsync();
        var before = _hub.Dump(runs: true);
        All(_hub, With(new MatchSettings { Link = 0.9999999 }), keep: false);
        Assert.Equal(Content(before), Content(_hub.Dump(runs: true)));
    }

    [Fact]
    public async Task More_moves_than_the_limits_allow_stop()
    {
        await FillAsync();
        var difference = All(_hub, With(new MatchSettings { Link = 0.9999999 }), keep: false);
        var limit = Assert.Throws<LimitException>(() => difference.Check(new LimitSettings { AlwaysAllowed = 0, ChangePercent = 1 }));
        Assert.Contains("customer", limit.Message, StringComparison.Ordinal);
        difference.Check(new LimitSettings { ChangePercent = 100 });
    }

    [Fact]
    public async Task Interrupted_it_leaves_the_store_as_it_was_and_a_second_call_finishes()
    {
        await FillAsync();
        var before = _hub.Dump(runs: true);
        var strict = With(new MatchSettings { Link = 0.9999999 });
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => All(_hub, strict, cancellation: source));
        Assert.Equal(Content(before), Content(_hub.Dump(runs: true)));
        Assert.False(All(_hub, strict).None);
        Assert.True(All(_hub, strict).None);
    }

    /// <summary>Resolves everybody, in a session of its own.</summary>
    internal static EntityDifference All(TestHub hub, EntityConfiguration entity, bool keep = true, CancellationTokenSource? cancellation = null)
    {
        // Cancelled at the first sign of progress: half way.
        var progress = new Cancels(cancellation);
        using var session = WorkSession.BeginAsync(hub.Configuration, "test", new RunOptions(), progress, TimeProvider.System, NullLogger.Instance, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        using var rehearsal = session.Store.Rehearse();
        var difference = new Reclustering(session.Store, [entity], session.Run).All(cancellation?.Token ?? TestContext.Current.CancellationToken).Single();
        if (keep)
            rehearsal.Keep();
        return difference;
    }

    private async Task FillAsync()
    {
        var systems = HardPeople.Systems.ToDictionary(name => name, name => _hub.Inbound(name));
        foreach (var person in HardPeople.Make(7, 200))
            systems[person.System].Put(person.Id, ("first", person.First), ("last", person.Last), ("email", person.Email), ("phone", person.Phone));
        await _hub.RunAsync();
        await _hub.RunAsync();
    }

    private EntityConfiguration With(MatchSettings settings) => new(_hub.Customer.Type, new Matcher(_hub.Customer.Type, settings), _hub.Customer.Survivor);

    /// <summary>All but the runs and what is only a cache or a heap of the same things in another place.</summary>
    private static string Content(string dump) => string.Join(
        Environment.NewLine,
        dump.Split("-- ", StringSplitOptions.RemoveEmptyEntries).Where(table => table.Split('\n')[0].Trim() is not ("run" or "sequence" or "match_key" or "match_key_recent" or "comparable" or "edge")));

    private sealed class Cancels(CancellationTokenSource? source) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => source?.Cancel();
    }
}

public sealed class ReclusteringOnSqliteTests : ReclusteringTests<SqliteStore>;

public sealed class ReclusteringOnPostgreSqlTests : ReclusteringTests<PostgreSqlStore>;
