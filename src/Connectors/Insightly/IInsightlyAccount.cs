using System.Text.Json;
using RestEase;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>What an account says of itself and of what its users made.</summary>
internal interface IInsightlyAccount
{
    [Get("Instance")]
    Task<JsonElement> AboutAsync(CancellationToken cancellationToken);

    [Get("CustomObjects")]
    Task<IReadOnlyList<InsightlyCustomObject?>> ObjectsAsync(CancellationToken cancellationToken);

    [Get("CustomFields/{name}")]
    Task<IReadOnlyList<InsightlyCustomField?>> FieldsAsync([Path] string name, CancellationToken cancellationToken);
}

/// <summary>An object that the account's users made.</summary>
internal sealed record InsightlyCustomObject(string? ObjectName, string? SingularLabel, string? PluralLabel);

/// <summary>A field that the account's users made.</summary>
internal sealed record InsightlyCustomField
{
    public required string FieldName { get; init; }

    public string? FieldLabel { get; init; }

    public string? FieldType { get; init; }

    public bool? Visible { get; init; }

    public bool? Editable { get; init; }

    public IReadOnlyList<Option?>? CustomFieldOptions { get; init; }

    internal sealed record Option(string? OptionValue);
}
