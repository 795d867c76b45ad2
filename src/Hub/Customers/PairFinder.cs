using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Customers;

/// <summary>Says how strongly stored records speak for one customer, with the frequencies of the store.</summary>
/// <param name="store">The store.</param>
/// <param name="entity">The entity, with a matcher.</param>
internal sealed class PairFinder(MasterStore store, EntityConfiguration entity)
{
    private const int MostMembers = 60;

    private readonly Matcher _matcher = entity.Matcher ?? throw new ArgumentException("the entity is not matched", nameof(entity));

    /// <summary>The strongest pair between two sets of records, and why.</summary>
    public (MemberRow Left, MemberRow Right, PairExplanation Why) Strongest(IReadOnlyList<MemberRow> left, IReadOnlyList<MemberRow> right)
    {
        var lefts = left.Take(MostMembers).Select(Features).ToList();
        var rights = right.Take(MostMembers).Select(Features).ToList();
        var frequencies = Frequencies(lefts.Concat(rights).Select(each => each.Features));
        var best = (from a in lefts
                    from b in rights
                    where a.Row.Id != b.Row.Id
                    let score = _matcher.Score(a.Features, b.Features, frequencies)
                    orderby score.Guard == MatchGuard.None descending, score.Bits descending, a.Row.Id, b.Row.Id
                    select (a, b)).First();
        return (best.a.Row, best.b.Row, _matcher.Explain(best.a.Features, best.b.Features, frequencies));
    }

    private (MemberRow Row, MatchFeatures Features) Features(MemberRow row) => (row, _matcher.Extract(RecordJson.Read(entity.Type, row.Data)));

    private TermFrequencies Frequencies(IEnumerable<MatchFeatures> features)
    {
        var terms = new List<ulong>();
        foreach (var each in features)
            _matcher.Terms(each, terms);
        var salt = ComparableCache.SaltOf(entity);
        var hashes = terms.Distinct().Select(term => unchecked((long)(term ^ salt))).ToArray();
        using var transaction = store.Begin();
        transaction.Batch(hashes);
        var counts = transaction.Query<TermRow>("select t.hash, t.records from batch b join term t on t.hash = b.k").ToDictionary(row => unchecked((ulong)row.Hash) ^ salt, row => row.Records);
        var records = transaction.Scalar<long?>("select records from entity_total where entity = @entity", new { entity = entity.Type.Name }) ?? 0;
        return new TermFrequencies(counts, records);
    }

    private sealed class TermRow
    {
        public long Hash { get; init; }

        public long Records { get; init; }
    }
}
