using Crm.Integration.Hub.Customers;
using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Review;

/// <summary>What a person says of who is who: looks at what is meant, has it carried out, and tells what came of it.</summary>
/// <param name="run">Carries it out.</param>
internal sealed class IdentityDecisions(StewardRun run)
{
    /// <summary>Two masters are one customer.</summary>
    /// <exception cref="RefusedException">They are not two that can be merged.</exception>
    public async Task<MergeDocument> MergeAsync(string left, string right, string? why, Action<string, string>? merged, CancellationToken cancellationToken)
    {
        string a, b, entity;
        long numberA, numberB;
        using (var view = run.Open())
        {
            var (one, other) = (MasterChoice.Of(view, left, merged), MasterChoice.Of(view, right, merged));
            (a, b, entity, numberA, numberB) = (view.Id(one.Entity, one.Id), view.Id(other.Entity, other.Id), one.Entity, one.Id, other.Id);
            if (one.Id == other.Id)
                throw RefusedException.Clash($"they are one already: {a}", $"`hub show {a}` lists its source records");
            if (one.Entity != other.Entity)
                throw RefusedException.Clash($"{a} is of entity {one.Entity}, {b} of {other.Entity}", "only two of one entity can be merged");
            if (one.EndedRun is not null || other.EndedRun is not null)
                throw RefusedException.Clash($"no source has {(one.EndedRun is null ? b : a)} any more", "only masters with source records can be merged");
        }

        await run.DoAsync(entity, why, steward => steward.Merge(numberA, numberB), cancellationToken);
        using var after = run.Open();
        var lives = MasterQuery.Follow(after.Store, numberA)!;
        var id = after.Id(lives.Entity, lives.Id);
        return new MergeDocument(id, id == a ? b : a);
    }

    /// <summary>Some source records of a master are another customer.</summary>
    /// <param name="id">The master.</param>
    /// <param name="records">The records that go: connection/stream/id, or the end of it that is clear.</param>
    /// <param name="why">Why, or null.</param>
    /// <param name="merged">Hears of an id that was merged.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="RefusedException">It has no such records, or no others.</exception>
    public async Task<SplitDocument> SplitAsync(string id, IReadOnlyList<string> records, string? why, Action<string, string>? merged, CancellationToken cancellationToken)
    {
        MasterRow master;
        List<MemberRow> leaving;
        MemberRow staying;
        using (var view = run.Open())
        {
            master = MasterChoice.Of(view, id, merged);
            id = view.Id(master.Entity, master.Id);
            var members = MasterQuery.Members(view.Store, master.Id);
            leaving = [.. records.Select(name => Named(id, members, name)).DistinctBy(member => member.Id)];
            if (leaving.Count == 0)
                throw RefusedException.Invalid("records", "which records?", $"name at least one source record of {id}");
            if (leaving.Count == members.Count)
                throw RefusedException.Invalid("records", $"these are all records of {id}", "at least one has to stay");
            staying = members.First(member => leaving.TrueForAll(other => other.Id != member.Id));
        }

        await run.DoAsync(master.Entity, why, steward => steward.Split(master.Id, [.. leaving.Select(member => member.Id)]), cancellationToken);
        using var after = run.Open();
        return new SplitDocument(id, IdOf(after, master.Entity, leaving[0]), IdOf(after, master.Entity, staying), [.. leaving.Select(member => member.Name)]);
    }

    /// <summary>Pairs that wait are one customer, or two.</summary>
    /// <param name="ids">The numbers of the pairs.</param>
    /// <param name="same">Whether they are one.</param>
    /// <param name="why">Why, or null.</param>
    /// <param name="over">Hears of pairs that no longer wait.</param>
    /// <param name="cancellationToken">Stops between two pairs.</param>
    /// <exception cref="RefusedException">There is no pair of a number.</exception>
    public async Task<ReviewDecisionDocument> DecideAsync(IReadOnlyList<long> ids, bool same, string? why, Action<long>? over, CancellationToken cancellationToken)
    {
        using (var view = run.Open())
        {
            foreach (var id in ids)
                ReviewChoice.Of(view, id);
        }

        var total = default(MatchCounts);
        var decided = 0;
        foreach (var id in ids)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Each anew: one decision can settle the next.
            ReviewRow? pair;
            using (var view = run.Open())
                pair = ReviewQuery.Find(view.Store, id);
            if (pair is not { State: "open", MasterA: { } a, MasterB: { } b } || a == b)
            {
                over?.Invoke(id);
                continue;
            }

            total += await run.DoAsync(pair.Entity, why, steward => same ? steward.Merge(a, b) : steward.Separate(a, b), cancellationToken);
            decided++;
        }

        return new ReviewDecisionDocument(decided, total.Merged, total.Reviews);
    }

    private static string IdOf(HubView view, string entity, MemberRow member) =>
        view.Id(entity, view.Store.Scalar<long>("select master_id from xref where record_id = @Id", new { member.Id }));

    private static MemberRow Named(string id, IReadOnlyList<MemberRow> members, string name)
    {
        var exact = members.Where(member => member.Name == name || member.SourceId == name).ToList();
        var found = exact.Count > 0 ? exact : [.. members.Where(member => member.Name.EndsWith("/" + name, StringComparison.Ordinal))];
        return found.Count switch
        {
            1 => found[0],
            0 => throw RefusedException.Invalid("records", $"{id} has no source record '{name}'", $"it has {string.Join(", ", members.Take(10).Select(member => member.Name))}"),
            _ => throw RefusedException.Invalid("records", $"'{name}' can be {string.Join(" or ", found.Select(member => member.Name))}", "write the whole name"),
        };
    }
}

/// <summary>Two masters became one.</summary>
/// <param name="Id">The id that lives on.</param>
/// <param name="Alias">The id that answers as its alias.</param>
internal sealed record MergeDocument(string Id, string Alias);

/// <summary>A master became two.</summary>
/// <param name="Id">The master.</param>
/// <param name="Split">The id of the records that were named.</param>
/// <param name="Rest">The id of the others; the id stays with the larger part.</param>
/// <param name="Records">The records that were named.</param>
internal sealed record SplitDocument(string Id, string Split, string Rest, IReadOnlyList<string> Records);

/// <summary>What came of decisions about pairs.</summary>
/// <param name="Decided">How many pairs were decided; others no longer waited.</param>
/// <param name="Merged">How many masters were merged.</param>
/// <param name="Reviews">How many new questions came up.</param>
internal sealed record ReviewDecisionDocument(int Decided, long Merged, long Reviews);
