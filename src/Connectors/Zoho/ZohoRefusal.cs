using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>What Zoho said of one record of a write: the same form whatever the status of the answer as a whole.</summary>
/// <param name="Code">Zoho's code; SUCCESS when all is well.</param>
/// <param name="Succeeded">Whether it was written.</param>
internal sealed record ZohoRefusal(string Code, bool Succeeded)
{
    public string? Id { get; init; }

    public string? Version { get; init; }

    public string? Field { get; init; }

    public bool? Inserted { get; init; }

    /// <summary>For a duplicate: the id of the record that has the value already.</summary>
    public string? DuplicateOf { get; init; }

    public int? MaximumLength { get; init; }

    public string? Expected { get; init; }

    /// <summary>Reads an element of <c>data</c>.</summary>
    public static ZohoRefusal Of(JsonElement record)
    {
        var details = record.TryGetProperty("details", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        return new(record.TextOf("code") ?? "", record.TextOf("status") == "success")
        {
            Id = details.TextOf("id"),
            Version = ZohoTime.Version(details.TextOf("Modified_Time")),
            Field = details.TextOf("api_name"),
            Inserted = record.TextOf("action") switch
            {
                "insert" => true,
                "update" => false,
                _ => null,
            },
            DuplicateOf = details.ValueKind == JsonValueKind.Object && details.TryGetProperty("duplicate_record", out var other) ? other.TextOf("id") : details.TextOf("id"),
            MaximumLength = details.ValueKind == JsonValueKind.Object && details.TryGetProperty("maximum_length", out var length) && length.TryGetInt32(out var characters) ? characters : null,
            Expected = details.TextOf("expected_data_type"),
            // Its code is not documented; the phrase is.
            IsChangedMeanwhile = record.TextOf("message")?.Contains("modified after", StringComparison.OrdinalIgnoreCase) == true,
        };
    }

    /// <summary>Whether the record that was to be changed is not there.</summary>
    public bool IsGone => Code is "RECORD_NOT_FOUND" or "RESOURCE_NOT_FOUND" || (Code is "INVALID_DATA" && (Field == "id" || (Field is null && Id is not null)));

    /// <summary>Whether somebody changed the record after the time that the request named.</summary>
    public bool IsChangedMeanwhile { get; init; }

    /// <summary>The outcome of a write.</summary>
    /// <param name="write">The write's number.</param>
    /// <param name="to">The module.</param>
    public WriteOutcome Outcome(long write, ZohoModule to)
    {
        var module = to.Name;
        if (Succeeded)
            return new(write) { ExternalId = Id, Version = Version, Created = Inserted };
        if (IsChangedMeanwhile)
            return Changed(write);
        var field = Field is null ? "a value" : $"'{Field}'";
        var (fault, message) = Code switch
        {
            "MANDATORY_NOT_FOUND" => (WriteFault.RequiredMissing, $"{module} demands {field}; map it"),
            "DUPLICATE_DATA" => (WriteFault.Duplicate, $"another record of {module}{(DuplicateOf is null ? "" : $" ({DuplicateOf})")} has the same {field}"),
            "INVALID_DATA" when MaximumLength is { } most => (WriteFault.TooLong, $"{field} takes at most {most} characters"),
            "INVALID_DATA" when IsGone => (WriteFault.NotFound, "the record is gone"),
            "INVALID_DATA" when Expected == "lookup" || (Field is not null && to.Find(Field) is { IsReference: true }) => (WriteFault.BadReference, $"{field} refers to a record that is not there"),
            "INVALID_DATA" when Expected is not null => (WriteFault.BadValue, $"{field} is not {(Expected == "picklist" ? "one of the list's values" : $"a {Expected}")}"),
            "INVALID_DATA" => (WriteFault.Validation, $"{field} breaks a rule of the organisation or has the wrong form"),
            "RECORD_NOT_FOUND" or "RESOURCE_NOT_FOUND" => (WriteFault.NotFound, "the record is gone"),
            "PATTERN_NOT_MATCHED" => (WriteFault.BadValue, $"{field} does not have the form that Zoho asks for"),
            "DEPENDENT_FIELD_MISSING" or "EXPECTED_FIELD_MISSING" => (WriteFault.RequiredMissing, $"{field} needs another field with it"),
            "MAPPING_MISMATCH" => (WriteFault.BadValue, $"{field} does not fit the field that it depends on"),
            "AMBIGUITY_DURING_PROCESSING" => (WriteFault.Ambiguous, "more than one record fits"),
            "RECORD_LOCKED" or "NOT_APPROVED" => (WriteFault.Locked, Code == "RECORD_LOCKED" ? "the record is locked" : "the record waits for an approval"),
            "RECORD_IN_BLUEPRINT" => (WriteFault.Validation, "the record is in a blueprint, which alone may change it"),
            "CONVERTED_RECORD" or "ID_ALREADY_CONVERTED" => (WriteFault.NotFound, "the lead was converted"),
            "NO_PERMISSION" => (WriteFault.Denied, $"the user of the connection may not write {field}"),
            "LIMIT_EXCEEDED" or "LIMIT_REACHED" => (WriteFault.LimitReached, "a limit of the organisation is reached"),
            "BLOCKED_RECORD" => (WriteFault.Denied, "the record is blocked, for privacy"),
            "NOT_ALLOWED" or "CANNOT_UPDATE" or "VALIDATION_ERROR" or "VALIDATION_RULE_FAILED" => (WriteFault.Validation, $"a rule of the organisation does not let {field} through"),
            _ => (WriteFault.None, $"Zoho refuses {field}"),
        };
        return new(write, fault == WriteFault.Locked ? FailureKind.Transient : FailureKind.Rejected, $"{message} ({Code}).")
        {
            Field = Field,
            Fault = fault,
            Code = Code,
        };
    }

    /// <summary>The outcome of a write to a record that somebody changed meanwhile.</summary>
    public static WriteOutcome Changed(long write) => new(write, FailureKind.Rejected, "somebody changed the record since the hub last saw it; nothing was written.")
    {
        Fault = WriteFault.ChangedMeanwhile,
        Code = "RECORD_MODIFIED",
    };
}
