using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps;

/// <summary>What expressions may refer to besides the fields of the row: look-up tables and the defaults of the hub.</summary>
public sealed record MapEnvironment
{
    /// <summary>Nothing configured.</summary>
    public static MapEnvironment Empty { get; } = new();

    /// <summary>Look-up tables by name, as <c>lookup('name')</c> uses them.</summary>
    public IReadOnlyDictionary<string, LookupTable> Lookups { get; init; } = new Dictionary<string, LookupTable>();

    /// <summary>The country (ISO 3166-1 alpha-2) assumed for phones and postal codes where nothing better is known, or null.</summary>
    public string? Country { get; init; }

    /// <summary>The time zone of date-times without an offset; UTC by default.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;
}

/// <summary>A table from text to value; keys are compared after trimming, in full-width-folded lower case.</summary>
/// <param name="Entries">The entries, by key.</param>
public sealed record LookupTable(IReadOnlyDictionary<string, Value> Entries);
