namespace Crm.Integration.Mapping.Matching;

/// <summary>The score of a pair.</summary>
/// <param name="Bits">log2 of the odds, prior included.</param>
/// <param name="Guard">The guard that forbids the link whatever the bits say, or <see cref="MatchGuard.None"/>.</param>
public readonly record struct PairScore(double Bits, MatchGuard Guard)
{
    /// <summary>Whether a guard forbids the link.</summary>
    public bool IsHeldBack => Guard is not (MatchGuard.None or MatchGuard.NameOnly);
}

/// <summary>What forbids a link.</summary>
public enum MatchGuard : byte
{
    /// <summary>Nothing does.</summary>
    None,

    /// <summary>Two different ids that the state gives to one person or company.</summary>
    DifferentId,

    /// <summary>The agreement lies only in what a household or a firm shares.</summary>
    SharedOnly,

    /// <summary>Given names that cannot be one person's, and nothing that belongs to one person alone.</summary>
    DifferentName,

    /// <summary>Senior and junior, or birth dates a generation apart.</summary>
    Generation,

    /// <summary>Same birth date, family and home, but different given names.</summary>
    Twins,

    /// <summary>A person and an organisation.</summary>
    PersonAndCompany,

    /// <summary>One name and one home, but two mobiles, or neither mailbox nor phone in common: father and son.</summary>
    Namesakes,

    /// <summary>Two houses of one group: a branch, a holding, a numbered subsidiary.</summary>
    Branches,

    /// <summary>Something that would forbid the link elsewhere, but often happens to one customer's records in this data: more must speak for the pair.</summary>
    Doubtful,

    /// <summary>Nothing but the names agrees, perhaps a city besides, and that is not enough: no person could say more than the hub can. Holds back no link.</summary>
    NameOnly,
}

/// <summary>Why a pair scores as it does.</summary>
/// <param name="Score">The score.</param>
/// <param name="Steps">The waterfall: the prior first, then a step a comparison that said anything.</param>
/// <param name="Summary">One line in words: "+7.1 same mobile; +6.4 family name Featherstone (rare); −5.2 given name Anna / Karl".</param>
public sealed record PairExplanation(PairScore Score, IReadOnlyList<PairStep> Steps, string Summary);

/// <summary>One step of the waterfall.</summary>
/// <param name="Comparison">What was compared: "family name".</param>
/// <param name="Level">How far it agrees: "same", "one letter off", "different".</param>
/// <param name="Left">The value on one side, or null.</param>
/// <param name="Right">The value on the other side, or null.</param>
/// <param name="Bits">What it adds or takes.</param>
public sealed record PairStep(string Comparison, string Level, string? Left, string? Right, double Bits);
