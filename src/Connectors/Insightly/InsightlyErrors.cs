using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>What Insightly's refusal of a record means. It has a status and words, no codes.</summary>
internal static class InsightlyErrors
{
    private static readonly (string Words, WriteFault Fault)[] s_words =
    [
        ("required", WriteFault.RequiredMissing),
        ("cannot be empty", WriteFault.RequiredMissing),
        ("cannot be null", WriteFault.RequiredMissing),
        ("must not be null", WriteFault.RequiredMissing),
        ("too long", WriteFault.TooLong),
        ("characters or fewer", WriteFault.TooLong),
        ("maximum length", WriteFault.TooLong),
        ("exceeds", WriteFault.TooLong),
        ("locked", WriteFault.Locked),
        ("duplicate", WriteFault.Duplicate),
        ("already exists", WriteFault.Duplicate),
        ("does not exist", WriteFault.BadReference),
        ("not found", WriteFault.BadReference),
        ("validation", WriteFault.Validation),
        ("not a valid option", WriteFault.BadValue),
        ("read-only", WriteFault.BadField),
        ("unknown field", WriteFault.BadField),
        ("invalid", WriteFault.BadValue),
    ];

    public static WriteFault Fault(ConnectorException failure) => failure.Code switch
    {
        "402" => WriteFault.LimitReached,
        "403" => WriteFault.Denied,
        "404" => WriteFault.NotFound,
        "409" => WriteFault.Duplicate,
        "417" when ByWords(failure) == WriteFault.None => WriteFault.Validation,
        "400" or "417" or "422" => ByWords(failure),
        _ => WriteFault.None,
    };

    /// <summary>The field that the refusal names, the longest where one name holds another.</summary>
    public static string? Field(ConnectorException failure, IEnumerable<string> fields) =>
        fields.Where(field => failure.Message.Contains(field, StringComparison.OrdinalIgnoreCase)).MaxBy(field => field.Length);

    private static WriteFault ByWords(ConnectorException failure) =>
        s_words.FirstOrDefault(each => failure.Message.Contains(each.Words, StringComparison.OrdinalIgnoreCase)).Fault;
}
