using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>What told two members apart; in the order in which ties are broken.</summary>
internal enum Reason
{
    No,
    Longest,
    Recent,
    Priority,
    Frequent,
    Complete,
    RecordNumber,
}

/// <summary>Which members are candidates for a choice.</summary>
/// <param name="Stewards">Corrections by hand are.</param>
/// <param name="Sources">Records of sources are.</param>
/// <param name="InParts">One has given and family name, so that those with only the whole name are not.</param>
internal readonly record struct Candidates(bool Stewards, bool Sources, bool InParts);

/// <summary>One decision of survivorship: a field that stands alone, or the fields of a group, which one member fills together.</summary>
internal sealed class Choice(EntityField[] fields, SurvivorshipRule rule, IReadOnlyList<string> priority, int listOrdinal, NameFields? name)
{
    private static readonly Reason[] s_ties = [Reason.Recent, Reason.Priority, Reason.Frequent, Reason.Complete, Reason.RecordNumber];

    private readonly Reason[] _chain = Chain(rule);
    private readonly Dictionary<string, int> _ranks = Ranks(priority);

    // A source that has the whole name in one field is less exact about it than one that has the parts; only an
    // outspoken trust in that source weighs more.
    private readonly bool _preferParts = name is not null && rule != SurvivorshipRule.Priority;

    public EntityField[] Fields { get; } = fields;

    public int[] Ordinals { get; } = [.. fields.Select(field => field.Ordinal)];

    /// <summary>The parts of a person's name when this is that group; a steward corrects it part by part.</summary>
    public NameFields? Name { get; } = name;

    /// <summary>The value that a record offers: of the main e-mail address also the first of the list, where only that is mapped.</summary>
    public Value ValueOf(EntityRecord record, int ordinal)
    {
        var value = record[ordinal];
        if (!value.IsEmpty)
            return value;
        return listOrdinal < 0 ? Value.Null : ListChoice.First(record[listOrdinal]);
    }

    /// <summary>Whether a record fills any of the fields; one that fills none takes no part.</summary>
    public bool TakesPart(EntityRecord record)
    {
        foreach (var ordinal in Ordinals)
        {
            if (!ValueOf(record, ordinal).IsEmpty)
                return true;
        }

        return false;
    }

    /// <summary>The index of the member that is taken, or -1 when none fills a field.</summary>
    public int Winner(IReadOnlyList<Member> members)
    {
        var candidates = CandidatesOf(members);
        var winner = -1;
        for (var i = 0; i < members.Count; i++)
        {
            if (Runs(candidates, members[i]) && (winner < 0 || Compare(members, candidates, i, winner, out _) > 0))
                winner = i;
        }

        return winner;
    }

    /// <summary>Who runs against whom, before any rule is asked.</summary>
    public Candidates CandidatesOf(IReadOnlyList<Member> members)
    {
        bool steward = false, source = false, parts = false;
        for (var i = 0; i < members.Count; i++)
        {
            var member = members[i];
            if (!TakesPart(member.Record))
                continue;
            steward |= member.IsSteward;
            source |= !member.IsSteward;
            parts |= _preferParts && Name!.InParts(member.Record) && !member.IsSteward;
        }

        // A name is corrected part by part afterwards, so the sources run for it without the steward.
        return new Candidates(Stewards: steward && (Name is null || !source), Sources: source && (Name is not null || !steward), parts);
    }

    /// <summary>Whether a member is a candidate.</summary>
    public bool Runs(Candidates candidates, Member member) =>
        (member.IsSteward ? candidates.Stewards : candidates.Sources) && TakesPart(member.Record) && !(candidates.InParts && Name!.OnlyFull(member.Record));

    /// <summary>Greater than 0 when member <paramref name="a"/> is to be taken rather than <paramref name="b"/>; never 0 for two different members.</summary>
    public int Compare(IReadOnlyList<Member> members, Candidates candidates, int a, int b, out Reason reason)
    {
        foreach (var step in _chain)
        {
            reason = step;
            var order = step switch
            {
                Reason.No => SaysNo(members[a].Record).CompareTo(SaysNo(members[b].Record)),
                Reason.Longest => Length(members[a].Record).CompareTo(Length(members[b].Record)),
                Reason.Recent => Nullable.Compare(members[a].ModifiedAt, members[b].ModifiedAt),
                Reason.Priority => Rank(members[b]).CompareTo(Rank(members[a])),
                Reason.Frequent => Count(members, candidates, a).CompareTo(Count(members, candidates, b)),
                Reason.Complete => Filled(members[a].Record).CompareTo(Filled(members[b].Record)),
                _ => ByNumber(members[b], members[a]),
            };
            if (order != 0)
                return order;
        }

        reason = Reason.RecordNumber;
        return 0;
    }

    /// <summary>Whether two members offer the same.</summary>
    public bool Agree(EntityRecord a, EntityRecord b)
    {
        foreach (var ordinal in Ordinals)
        {
            var (one, other) = (ValueOf(a, ordinal), ValueOf(b, ordinal));
            if (one != other && !(one.IsEmpty && other.IsEmpty))
                return false;
        }

        return true;
    }

    /// <summary>Members by record number; the rest only so that the order is total whatever the caller passes.</summary>
    public static int ByNumber(Member a, Member b)
    {
        var order = a.RecordId.CompareTo(b.RecordId);
        if (order == 0)
            order = string.CompareOrdinal(a.Connection, b.Connection);
        return order == 0 ? string.CompareOrdinal(a.SourceId, b.SourceId) : order;
    }

    private static Reason[] Chain(SurvivorshipRule rule)
    {
        var first = rule switch
        {
            SurvivorshipRule.Priority => Reason.Priority,
            SurvivorshipRule.Frequent => Reason.Frequent,
            SurvivorshipRule.Complete => Reason.Complete,
            SurvivorshipRule.Longest => Reason.Longest,
            SurvivorshipRule.Restrictive => Reason.No,
            _ => Reason.Recent,
        };

        return [first, .. s_ties.Where(step => step != first)];
    }

    private static Dictionary<string, int> Ranks(IReadOnlyList<string> priority)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < priority.Count; i++)
            ranks.TryAdd(priority[i], i);
        return ranks;
    }

    private int Rank(Member member) => _ranks.Count > 0 && _ranks.TryGetValue(member.Connection, out var rank) ? rank : int.MaxValue;

    private bool SaysNo(EntityRecord record) => record[Ordinals[0]].AsBoolean == false;

    private int Length(EntityRecord record)
    {
        var length = 0;
        foreach (var ordinal in Ordinals)
        {
            var value = ValueOf(record, ordinal);
            length += (value.AsText ?? value.ToText())?.Length ?? 0;
        }

        return length;
    }

    private int Count(IReadOnlyList<Member> members, Candidates candidates, int index)
    {
        var count = 0;
        for (var i = 0; i < members.Count; i++)
        {
            if (Runs(candidates, members[i]) && Agree(members[i].Record, members[index].Record))
                count++;
        }

        return count;
    }

    private int Filled(EntityRecord record)
    {
        var count = 0;
        if (Ordinals.Length > 1)
        {
            foreach (var ordinal in Ordinals)
                count += record[ordinal].IsEmpty ? 0 : 1;
            return count;
        }

        foreach (var value in record.Values)
            count += value.IsEmpty ? 0 : 1;
        return count;
    }
}
