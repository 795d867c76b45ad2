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
    /// <summary>Of larger masters only so many records are looked at.</summary>
    public const int MostMembers = 60;

    private readonly Matcher _matcher = InForce(store, entity);

    /// <summary>The weights it uses: those in force.</summary>
    public MatchModel Model => _matcher.Model;

    /// <summary>The strongest pair between two sets of records, and why.</summary>
    public PairComparison Strongest(IReadOnlyList<MemberRow> left, IReadOnlyList<MemberRow> right)
    {
        var lefts = left.Take(MostMembers).Select(Features).ToList();
        var rights = right.Take(MostMembers).Select(Features).ToList();
        var frequencies = Frequencies(lefts.Concat(rights).Select(each => each.Features));
        var (a, b) = (from one in lefts
                      from other in rights
                      where one.Row.Id != other.Row.Id
                      let score = _matcher.Score(one.Features, other.Features, frequencies)
                      orderby !score.IsHeldBack descending, score.Bits descending, one.Row.Id, other.Row.Id
                      select (one, other)).First();
        var why = _matcher.Explain(a.Features, b.Features, frequencies);
        return new PairComparison(a.Row, b.Row, why, [.. why.Steps.Select(step => TermRemarks.Of(step, a.Features, frequencies))], Keys(a.Features, b.Features));
    }

    /// <summary>How every two records of a master score; of a large one, of the first.</summary>
    public IReadOnlyList<ClusterLink> Links(IReadOnlyList<MemberRow> members)
    {
        var all = members.Take(MostMembers).Select(Features).ToList();
        var frequencies = Frequencies(all.Select(each => each.Features));
        return
        [
            .. from i in Enumerable.Range(0, all.Count)
               from j in Enumerable.Range(i + 1, all.Count - i - 1)
               select new ClusterLink(i, j, _matcher.Score(all[i].Features, all[j].Features, frequencies)),
        ];
    }

    private static Matcher InForce(MasterStore store, EntityConfiguration entity)
    {
        using var transaction = store.Look();
        return MatchModels.InForce(transaction, entity).Matcher ?? throw new ArgumentException("the entity is not matched", nameof(entity));
    }

    private (MemberRow Row, MatchFeatures Features) Features(MemberRow row) => (row, _matcher.Extract(RecordJson.Read(entity.Type, row.Data)));

    private TermFrequencies Frequencies(IEnumerable<MatchFeatures> features)
    {
        var terms = new List<ulong>();
        foreach (var each in features)
            _matcher.Terms(each, terms);
        var salt = ComparableCache.SaltOf(entity);
        var hashes = terms.Distinct().Select(term => unchecked((long)(term ^ salt))).ToArray();
        using var transaction = store.Look();
        transaction.Batch(hashes);
        var counts = transaction.Query<TermRow>("select t.hash, t.records from batch b join term t on t.hash = b.k").ToDictionary(row => unchecked((ulong)row.Hash) ^ salt, row => row.Records);
        var records = transaction.Scalar<long?>("select records from entity_total where entity = @entity", new { entity = entity.Type.Name }) ?? 0;
        return new TermFrequencies(counts, records);
    }

    /// <summary>The keys that both records have, those that few share first.</summary>
    private List<CommonKey> Keys(MatchFeatures left, MatchFeatures right)
    {
        var (mine, theirs) = (new List<MatchKey>(), new List<MatchKey>());
        _matcher.Keys(left, mine);
        _matcher.Keys(right, theirs);
        var salt = ComparableCache.SaltOf(entity);
        var common = mine.Where(key => theirs.Exists(other => other.Hash == key.Hash)).Select(key =>
        {
            var hash = unchecked((long)(key.Hash ^ salt));
            return new CommonKey(
                KeyNames.Of(key.Kind.ToString()),
                store.Scalar<long>("select count(*) from match_key where hash = @hash", new { hash }) + store.Scalar<long>("select count(*) from match_key_recent where hash = @hash", new { hash }),
                store.Scalar<long?>("select max(records) from hot_key where hash = @hash", new { hash }));
        }).ToList();
        return [.. common.OrderBy(key => key.SetAsideAt is not null).ThenBy(key => key.Records).ThenBy(key => key.Kind, StringComparer.Ordinal)];
    }

    private sealed class TermRow
    {
        public long Hash { get; init; }

        public long Records { get; init; }
    }
}

/// <summary>Two records compared.</summary>
/// <param name="Left">One.</param>
/// <param name="Right">The other.</param>
/// <param name="Why">The score, step by step.</param>
/// <param name="Remarks">For each step how common the value is, or null.</param>
/// <param name="Keys">The keys that both have.</param>
internal sealed record PairComparison(MemberRow Left, MemberRow Right, PairExplanation Why, IReadOnlyList<string?> Remarks, IReadOnlyList<CommonKey> Keys)
{
    /// <summary>Whether matching compares the two: they share a key of few records, or two keys.</summary>
    public bool IsCompared => Keys.Count(key => key.SetAsideAt is null) > 1 || Keys.Any(key => key.SetAsideAt is null && key.Records <= KeyPairs.FewRecords);
}

/// <summary>A key that two records have in common.</summary>
/// <param name="Kind">What kind of key.</param>
/// <param name="Records">How many records have it.</param>
/// <param name="SetAsideAt">How many had it when it was set aside as too common; null while it brings records together.</param>
internal sealed record CommonKey(string Kind, long Records, long? SetAsideAt);

/// <summary>How two records of a master score.</summary>
/// <param name="A">The place of one among the members.</param>
/// <param name="B">The place of the other.</param>
/// <param name="Score">The score.</param>
internal sealed record ClusterLink(int A, int B, PairScore Score);
