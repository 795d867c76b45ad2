using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>What may tell two members apart.</summary>
internal enum Reason
{
    No,
    Real,
    Verified,
    Longest,
    Lowest,
    Highest,
    Recent,
    Priority,
    Frequent,
    Complete,
    RecordNumber,
}

/// <summary>The rules of one choice.</summary>
internal sealed class ChoiceRules
{
    private static readonly Reason[] s_ties = [Reason.Recent, Reason.Priority, Reason.Frequent, Reason.Complete, Reason.RecordNumber];

    private readonly Dictionary<string, int> _ranks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _verifiedBy;
    private readonly int _verifiedWhen;

    /// <summary>The rules of a choice.</summary>
    /// <param name="rule">The first rule.</param>
    /// <param name="then">Those that are asked after it.</param>
    /// <param name="priority">Connections, most trusted first.</param>
    /// <param name="verifiedBy">Connections whose values are verified.</param>
    /// <param name="verifiedWhen">The ordinal of the field that says so, or -1.</param>
    public ChoiceRules(SurvivorshipRule rule, IReadOnlyList<SurvivorshipRule> then, IReadOnlyList<string> priority, HashSet<string> verifiedBy, int verifiedWhen)
    {
        First = rule;
        _verifiedBy = verifiedBy;
        _verifiedWhen = verifiedWhen;
        foreach (var connection in priority)
            _ranks.TryAdd(connection, _ranks.Count);

        // A no is a no even when a yes was verified; and what is no value at all is not made one by any other rule.
        SurvivorshipRule[] rules = [rule, .. then];
        IEnumerable<Reason> chain = rules.Contains(SurvivorshipRule.Restrictive) ? [Reason.No, Reason.Real] : [Reason.Real];
        if (!rules.Contains(SurvivorshipRule.Verified))
            chain = chain.Append(Reason.Verified);
        Chain = [.. chain.Concat(rules.Select(ReasonOf)).Concat(s_ties).Distinct()];
    }

    /// <summary>The first rule that the user chose.</summary>
    public SurvivorshipRule First { get; }

    /// <summary>What is asked, in order, until something tells two members apart.</summary>
    public Reason[] Chain { get; }

    /// <summary>How trusted a connection is; lower is more.</summary>
    public int Rank(string connection) => _ranks.Count > 0 && _ranks.TryGetValue(connection, out var rank) ? rank : int.MaxValue;

    /// <summary>Whether the source, or a field of the record, says that the value is verified.</summary>
    public bool IsVerified(Member member)
    {
        if (_verifiedBy.Count > 0 && _verifiedBy.Contains(member.Connection))
            return true;
        if (_verifiedWhen < 0)
            return false;
        var says = member.Record[_verifiedWhen];
        return says.Kind switch
        {
            ValueKind.Boolean => says.AsBoolean!.Value,
            ValueKind.Date or ValueKind.Instant => true,
            ValueKind.Number => says.AsNumber != 0,
            ValueKind.Text => BooleanText.Parse(says.AsText) ?? (says.AsText!.Trim().Equals("verified", StringComparison.OrdinalIgnoreCase) || DateText.Parse(says.AsText) is not null),
            _ => false,
        };
    }

    private static Reason ReasonOf(SurvivorshipRule rule) => rule switch
    {
        SurvivorshipRule.Priority => Reason.Priority,
        SurvivorshipRule.Frequent => Reason.Frequent,
        SurvivorshipRule.Complete => Reason.Complete,
        SurvivorshipRule.Longest => Reason.Longest,
        SurvivorshipRule.Min => Reason.Lowest,
        SurvivorshipRule.Max => Reason.Highest,
        SurvivorshipRule.Verified => Reason.Verified,
        SurvivorshipRule.Restrictive => Reason.No,
        _ => Reason.Recent,
    };
}
