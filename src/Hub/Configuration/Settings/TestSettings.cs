using System.ComponentModel;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Configuration.Settings;

/// <summary><c>tests/NAME.json</c>: mapping tests of one pipeline.</summary>
public sealed record TestSettings
{
    /// <summary>The pipeline.</summary>
    [Description("The inbound pipeline that is tested.")]
    public required string Pipeline { get; init; }

    /// <summary>The day that <c>today</c> means.</summary>
    [Description("The day (yyyy-MM-dd) that `today` means in rules, so that a test says the same next year.")]
    public string? Today { get; init; }

    /// <summary>The cases.</summary>
    [Description("The cases.")]
    public required IReadOnlyList<TestCaseSettings> Cases { get; init; }
}

/// <summary>A record given, and what the mapping should make of it.</summary>
public sealed record TestCaseSettings
{
    /// <summary>Name.</summary>
    [Description("What the case shows, in your words.")]
    public required string Name { get; init; }

    /// <summary>The source record.</summary>
    [Description("The source record: its fields as the source writes them. Fields left out are empty.")]
    public required IReadOnlyDictionary<string, Value> Given { get; init; }

    /// <summary>The entity's fields.</summary>
    [Description("The entity's fields as they should come out; fields that are not named are not compared. null or \"\" for a field that should be empty.")]
    public IReadOnlyDictionary<string, Value>? Expect { get; init; }

    /// <summary>The rule that rejects it.</summary>
    [Description("The rule that should reject the record, such as `required`.")]
    public string? Rejected { get; init; }

    /// <summary>Filtered.</summary>
    [Description("Whether `where` should leave the record out.")]
    public bool Filtered { get; init; }
}
