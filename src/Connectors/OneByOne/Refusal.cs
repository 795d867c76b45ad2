using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.OneByOne;

/// <summary>Turns what a system said of one record into an outcome.</summary>
internal static class Refusal
{
    private const int LongestMessage = 300;

    // Shorter values (a country code, a flag) stand in ordinary words too, and tell nothing of a person.
    private const int ShortestMasked = 3;

    /// <summary>The outcome of a write that failed for itself alone.</summary>
    public static WriteOutcome Of(Write write, ConnectorException failure, WriteFault fault, string? field = null) =>
        new(write.Id, failure.Kind, $"{WithoutValues(failure.Message, write)} {failure.Fix}") { Fault = fault, Code = failure.Code, Field = field, ExternalId = write.ExternalId };

    /// <summary>The outcome of a write that was refused without asking the system.</summary>
    public static WriteOutcome Of(Write write, WriteFault fault, string message, string? field = null) =>
        new(write.Id, FailureKind.Rejected, message) { Fault = fault, Field = field, ExternalId = write.ExternalId };

    /// <summary>Systems quote the value that they dislike; here it may be anybody's address.</summary>
    public static string WithoutValues(string message, Write write)
    {
        foreach (var text in write.Values.SelectMany(Texts).Where(text => text.Length >= ShortestMasked).OrderByDescending(text => text.Length))
            message = message.Replace(text, "…", StringComparison.OrdinalIgnoreCase);
        return message.Length <= LongestMessage ? message : string.Concat(message.AsSpan(0, LongestMessage), "…");
    }

    private static IEnumerable<string> Texts(Value value) => value.Kind switch
    {
        ValueKind.List => value.AsList.SelectMany(Texts),
        ValueKind.Null or ValueKind.Boolean => [],
        _ => [value.ToText()!.Trim()],
    };
}
