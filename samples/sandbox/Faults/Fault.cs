using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crm.Integration.Sandbox.Faults;

/// <summary>Something that goes wrong, as the control API takes and gives it.</summary>
internal sealed record Fault
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public required string Kind { get; init; }

    /// <summary>How often it strikes; null until the faults are replaced.</summary>
    public int? Count { get; init; }

    /// <summary>How likely it strikes a call that it matches; null always.</summary>
    public double? Probability { get; init; }

    /// <summary>Strikes only calls whose path holds this text.</summary>
    public string? Path { get; init; }

    /// <summary>Lets the first so many calls that it matches go by.</summary>
    public int? After { get; init; }

    public int? Status { get; init; }

    public int? RetryAfter { get; init; }

    public string? Body { get; init; }

    public int? Seconds { get; init; }

    public int? Ms { get; init; }

    /// <summary>The size of the pieces of <c>drip</c>.</summary>
    public int? Bytes { get; init; }

    /// <summary>For <c>truncate</c>: the connection is aborted too, so that the cut can be seen by the transport.</summary>
    public bool? Abort { get; init; }

    /// <summary>For <c>partial</c> and <c>lock</c>: every so many records of a batch; null all of them.</summary>
    public int? Every { get; init; }

    /// <summary>For <c>duplicate-rule</c>: whether the rule lets a caller insist (an alert) or not (a block).</summary>
    public bool? Allow { get; init; }

    public string? Stream { get; init; }

    public string? Field { get; init; }
}
