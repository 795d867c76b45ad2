using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>What Salesforce's refusals of records mean, in the words of the contract.</summary>
internal static class WriteFaults
{
    private const int LongestMessage = 300;

    /// <summary>Records that are gone: an id that no longer answers says so in one of these ways.</summary>
    public static bool IsGone(SalesforceError error) =>
        error.Code is "ENTITY_IS_DELETED" or "NOT_FOUND" or "INVALID_CROSS_REFERENCE_KEY" or "MALFORMED_ID" or "INVALID_ID_FIELD" && error.Fields.Count == 0
        && !error.Message.Contains("external ID", StringComparison.OrdinalIgnoreCase);

    /// <summary>The outcome of a refused write.</summary>
    /// <param name="write">The write.</param>
    /// <param name="error">What Salesforce said.</param>
    /// <param name="id">The record's id, where it is known.</param>
    public static WriteOutcome Outcome(Write write, SalesforceError error, string? id)
    {
        var fault = FaultOf(error);
        return new WriteOutcome(write.Id, IsPassing(error.Code) ? FailureKind.Transient : FailureKind.Rejected, Message(write, error))
        {
            Code = error.Code,
            Fault = fault,
            Field = error.Fields.Count > 0 ? error.Fields[0] : null,
            ExternalId = id ?? write.ExternalId,
        };
    }

    /// <summary>Whether the same write may get through later.</summary>
    public static bool IsPassing(string code) => code is "UNABLE_TO_LOCK_ROW" or "UNKNOWN_EXCEPTION" or "SERVER_UNAVAILABLE" or "REQUEST_RUNNING_TOO_LONG" or "REQUEST_LIMIT_EXCEEDED" or "TXN_SECURITY_METERING_ERROR" or "PROCESSING_HALTED" or "ALL_OR_NONE_OPERATION_ROLLED_BACK" or "ENTITY_IS_LOCKED";

    /// <summary>The kind of fault.</summary>
    public static WriteFault FaultOf(SalesforceError error) => error.Code switch
    {
        "DUPLICATE_VALUE" or "DUPLICATES_DETECTED" => WriteFault.Duplicate,
        "DUPLICATE_EXTERNAL_ID" or "MULTIPLE_CHOICES" => WriteFault.Ambiguous,
        "UNABLE_TO_LOCK_ROW" or "ENTITY_IS_LOCKED" => WriteFault.Locked,
        "FIELD_CUSTOM_VALIDATION_EXCEPTION" or "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" or "CANNOT_EXECUTE_FLOW_TRIGGER" or "FIELD_FILTER_VALIDATION_EXCEPTION" or "APEX_ERROR" or "CANNOT_UPDATE_CONVERTED_LEAD" => WriteFault.Validation,
        "REQUIRED_FIELD_MISSING" => WriteFault.RequiredMissing,
        "STRING_TOO_LONG" => WriteFault.TooLong,
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST" or "INVALID_EMAIL_ADDRESS" or "JSON_PARSER_ERROR" or "NUMBER_OUTSIDE_VALID_RANGE" or "INVALID_TYPE_ON_FIELD_IN_RECORD" => WriteFault.BadValue,
        "INVALID_FIELD" when error.Message.Contains("deserialize", StringComparison.OrdinalIgnoreCase) => WriteFault.BadValue,
        "INVALID_FIELD" when error.Message.Contains("Foreign key", StringComparison.OrdinalIgnoreCase) => WriteFault.BadReference,
        "INVALID_FIELD" or "INVALID_FIELD_FOR_INSERT_UPDATE" => WriteFault.BadField,
        "INVALID_CROSS_REFERENCE_KEY" or "MALFORMED_ID" when !IsGone(error) => WriteFault.BadReference,
        "ENTITY_IS_DELETED" or "NOT_FOUND" or "INVALID_CROSS_REFERENCE_KEY" or "MALFORMED_ID" => WriteFault.NotFound,
        "INSUFFICIENT_ACCESS_OR_READONLY" or "INSUFFICIENT_ACCESS" or "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY" or "FORBIDDEN" or "CANNOT_DELETE" or "DELETE_FAILED" => WriteFault.Denied,
        "STORAGE_LIMIT_EXCEEDED" or "LIMIT_EXCEEDED" => WriteFault.LimitReached,
        _ => WriteFault.None,
    };

    // Salesforce repeats the refused value in many messages; the report is read by people who may not see it.
    private static string Message(Write write, SalesforceError error)
    {
        var text = error.Message;
        foreach (var value in write.Values.SelectMany(Leaves).OrderByDescending(value => value.Length))
        {
            if (value.Length > 2)
                text = text.Replace(value, "…", StringComparison.OrdinalIgnoreCase);
        }

        // A name or an address may stand there in another form than we sent it.
        if (error.Code is "STRING_TOO_LONG" && text.IndexOf("data value too large:", StringComparison.Ordinal) is >= 0 and var at && text.LastIndexOf("(max length", StringComparison.Ordinal) is > 0 and var limit && limit > at)
            text = text[..at] + "data value too large " + text[limit..];
        if (error.Matches.Count > 0)
            text += $" It resembles {string.Join(", ", error.Matches.Take(3))}.";
        if (text.Length > LongestMessage)
            text = text[..LongestMessage] + "…";
        return text.Length == 0 ? error.Code : $"{error.Code}: {text}";
    }

    private static IEnumerable<string> Leaves(Value value) =>
        value.Kind == ValueKind.List ? value.AsList.SelectMany(Leaves) : value.ToText() is { } text ? [text] : [];
}
