using System.Runtime.InteropServices;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>Which members are candidates for a choice.</summary>
/// <param name="Stewards">Corrections by hand are.</param>
/// <param name="Sources">Records of sources are.</param>
/// <param name="InParts">One has given and family name, so that those with only the whole name are not.</param>
/// <param name="Vouched">A steward has said of a value that it is right.</param>
/// <param name="Originals">One has a value of its own, so that those who only repeat what the hub wrote are not.</param>
/// <param name="Decided">The one for whom a conflict was decided; then there is no other.</param>
/// <param name="Counts">How many candidates offer the same, once it was asked for; null where they are few enough to be looked at each time.</param>
internal readonly record struct Candidates(bool Stewards, bool Sources, bool InParts, bool Vouched, bool Originals, Member? Decided, Dictionary<EntityRecord, int>? Counts);

/// <summary>One decision of survivorship: a field that stands alone, or the fields of a group, which one member fills together.</summary>
/// <param name="fields">The fields.</param>
/// <param name="rules">The rules.</param>
/// <param name="list">The list whose first element the field is, or null.</param>
/// <param name="name">The parts of a name when this is that group, or null.</param>
internal sealed class Choice(EntityField[] fields, ChoiceRules rules, EntityField? list, NameFields? name) : IEqualityComparer<EntityRecord>
{
    // A customer of thousands of records: looked at each time, they would be looked at millions of times.
    private const int ManyMembers = 16;

    // A source that has the whole name in one field is less exact about it than one that has the parts; only an
    // outspoken trust in that source weighs more.
    private readonly bool _preferParts = name is not null && rules.First != SurvivorshipRule.Priority;

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
        return list is null ? Value.Null : ListChoice.First(record[list.Ordinal]);
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
        bool steward = false, source = false, parts = false, vouched = false, original = false;
        Member? decided = null;
        for (var i = 0; i < members.Count; i++)
        {
            var member = members[i];

            // Who emptied a field on purpose is believed as well.
            if (member.Decided is not null && DecidedAt(member) is { } at && (decided is null || at > DecidedAt(decided)))
                decided = member;

            // One that has emptied what was its own says something, too: copies of it elsewhere do not bring it back.
            original |= !member.IsSteward && !IsCopy(member);
            if (!TakesPart(member.Record))
                continue;
            if (member.Vouches)
            {
                vouched = true;
                continue;
            }

            steward |= member.IsSteward;
            source |= !member.IsSteward;
            parts |= _preferParts && Name!.InParts(member.Record) && !member.IsSteward;
        }

        // A name is corrected part by part afterwards, so the sources run for it without the steward.
        return new Candidates(
            Stewards: steward && (Name is null || !source), Sources: source && (Name is not null || !steward), parts, vouched, original, steward && Name is null ? null : decided, members.Count < ManyMembers ? null : new(this));
    }

    /// <summary>Whether a member is a candidate.</summary>
    public bool Runs(Candidates candidates, Member member) => candidates.Decided is { } decided ? ReferenceEquals(member, decided) :
        !member.Vouches && (!candidates.Originals || member.IsSteward || !IsCopy(member)) && (member.IsSteward ? candidates.Stewards : candidates.Sources) && TakesPart(member.Record) && !(candidates.InParts && Name!.OnlyFull(member.Record));

    /// <summary>Greater than 0 when member <paramref name="a"/> is to be taken rather than <paramref name="b"/>; never 0 for two different members.</summary>
    public int Compare(IReadOnlyList<Member> members, Candidates candidates, int a, int b, out Reason reason)
    {
        foreach (var step in rules.Chain)
        {
            reason = step;
            var order = step switch
            {
                Reason.No => SaysNo(members[a].Record).CompareTo(SaysNo(members[b].Record)),
                Reason.Real => IsReal(members[a].Record).CompareTo(IsReal(members[b].Record)),
                Reason.Verified => IsVerified(members, candidates, a).CompareTo(IsVerified(members, candidates, b)),
                Reason.Lowest => Order(members[a].Record, members[b].Record, lowest: true),
                Reason.Highest => Order(members[a].Record, members[b].Record, lowest: false),
                Reason.Longest => Length(members[a].Record).CompareTo(Length(members[b].Record)),
                Reason.Recent => Nullable.Compare(ChangedAt(members[a]), ChangedAt(members[b])),
                Reason.Priority => rules.Rank(members[b].Connection).CompareTo(rules.Rank(members[a].Connection)),
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

    /// <summary>When a member's source last changed what it offers: the latest of the fields.</summary>
    public DateTimeOffset? ChangedAt(Member member)
    {
        if (member.Times is null)
            return member.ModifiedAt;
        DateTimeOffset? latest = null;
        foreach (var field in Fields)
        {
            var path = list is not null && member.Record[field.Ordinal].IsEmpty ? list.Path : field.Path;
            if (member.ChangedAt(path) is { } at && (latest is null || at > latest))
                latest = at;
        }

        return latest;
    }

    /// <summary>Whether what a member says only repeats what the hub wrote there: an original says it better.</summary>
    public bool IsCopy(Member member)
    {
        if (member.Times is null)
            return false;
        foreach (var field in Fields)
        {
            if (!member.Times.IsCopy(field.Path))
                return false;
        }

        return true;
    }

    private DateTimeOffset? DecidedAt(Member member)
    {
        DateTimeOffset? latest = null;
        foreach (var field in Fields)
        {
            if (member.Decided!.TryGetValue(field.Path, out var at) && (latest is null || at > latest))
                latest = at;
        }

        return latest;
    }

    // One placeholder in an address makes the whole of it doubtful.
    private bool IsReal(EntityRecord record)
    {
        foreach (var field in Fields)
        {
            if (Placeholders.IsPlaceholder(field.Role, ValueOf(record, field.Ordinal)))
                return false;
        }

        return true;
    }

    private bool IsVerified(IReadOnlyList<Member> members, Candidates candidates, int index)
    {
        if (rules.IsVerified(members[index]))
            return true;
        if (!candidates.Vouched)
            return false;
        for (var i = 0; i < members.Count; i++)
        {
            if (members[i].Vouches && TakesPart(members[i].Record) && Vouches(members[i].Record, members[index].Record))
                return true;
        }

        return false;
    }

    // What was vouched for must be there; what came to it since does no harm.
    private bool Vouches(EntityRecord word, EntityRecord record)
    {
        foreach (var ordinal in Ordinals)
        {
            if (!word[ordinal].IsEmpty && word[ordinal] != ValueOf(record, ordinal))
                return false;
        }

        return true;
    }

    private int Order(EntityRecord a, EntityRecord b, bool lowest)
    {
        var (one, other) = (Sortable(ValueOf(a, Ordinals[0])), Sortable(ValueOf(b, Ordinals[0])));

        // What could not be read as a number or a day is neither the first nor the last of them.
        if (one is null || other is null)
            return (one is not null).CompareTo(other is not null);
        return lowest ? other.Value.CompareTo(one.Value) : one.Value.CompareTo(other.Value);
    }

    private static decimal? Sortable(Value value) => value.AsNumber ?? value.AsDate?.DayNumber ?? value.AsInstant?.UtcTicks;

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

    /// <inheritdoc/>
    bool IEqualityComparer<EntityRecord>.Equals(EntityRecord? one, EntityRecord? other) => ReferenceEquals(one, other) || (one is not null && other is not null && Agree(one, other));

    /// <inheritdoc/>
    int IEqualityComparer<EntityRecord>.GetHashCode(EntityRecord record)
    {
        var hash = default(HashCode);
        foreach (var ordinal in Ordinals)
            hash.Add(ValueOf(record, ordinal) is { IsEmpty: false } value ? value.GetHashCode() : 0);
        return hash.ToHashCode();
    }

    private int Count(IReadOnlyList<Member> members, Candidates candidates, int index)
    {
        if (candidates.Counts is { } counts)
        {
            if (counts.Count == 0)
                CountAll(members, candidates, counts);
            return counts.GetValueOrDefault(members[index].Record);
        }

        var count = 0;
        for (var i = 0; i < members.Count; i++)
        {
            if (Runs(candidates, members[i]) && Agree(members[i].Record, members[index].Record))
                count++;
        }

        return count;
    }

    private void CountAll(IReadOnlyList<Member> members, Candidates candidates, Dictionary<EntityRecord, int> counts)
    {
        for (var i = 0; i < members.Count; i++)
        {
            if (Runs(candidates, members[i]))
                CollectionsMarshal.GetValueRefOrAddDefault(counts, members[i].Record, out _)++;
        }
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
