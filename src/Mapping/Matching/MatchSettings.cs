using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Crm.Integration.Mapping.Matching;

/// <summary>How records of an entity are matched.</summary>
public sealed record MatchSettings
{
    /// <summary>Probability from which two records are linked.</summary>
    [Description("Probability from which two records are linked without a person."), Range(0.5, 1.0)]
    public double Link { get; init; } = 0.999;

    /// <summary>Probability from which a pair waits for a person.</summary>
    [Description("Probability from which a pair waits in the review queue."), Range(0.1, 1.0)]
    public double Review { get; init; } = 0.97;

    /// <summary>Connections without duplicates of their own.</summary>
    [Description("Connections that hold no customer twice: at most one of their records joins a master.")]
    public IReadOnlyList<string> DuplicateFree { get; init; } = [];

    /// <summary>How many records may share a key.</summary>
    [Description("How many records may share a key before it no longer brings candidates together (and is reported by `hub doctor`)."), Range(2, 10000)]
    public int KeyLimit { get; init; } = 50;

    /// <summary>Whether the weights follow the store's own data.</summary>
    [Description("Whether the weights follow the store's own data, or stay as shipped.")]
    public MatchWeights Weights { get; init; } = MatchWeights.Learned;

    /// <summary>The link threshold in bits: log2 of the odds.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double LinkBits => Math.Log2(Link / (1 - Math.Min(Link, 0.9999999)));

    /// <summary>
    /// Whether a pair that was not linked is worth a person's time: in doubt, or held back by a guard from what would clearly be a link.
    /// </summary>
    /// <param name="score">The pair's score.</param>
    public bool IsQuestion(PairScore score) => score.Bits >= (score.Guard == MatchGuard.None ? ReviewBits : LinkBits);

    /// <summary>The review threshold in bits.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double ReviewBits => Math.Log2(Review / (1 - Math.Min(Review, 0.9999999)));
}

/// <summary>Where the weights come from.</summary>
public enum MatchWeights
{
    /// <summary>The shipped weights, corrected by what the store's own data teaches once there is enough of it.</summary>
    [Description("The shipped weights, corrected by what the store's own data teaches once there is enough of it.")]
    Learned,

    /// <summary>The shipped weights only.</summary>
    [Description("The shipped weights only.")]
    Shipped,
}
