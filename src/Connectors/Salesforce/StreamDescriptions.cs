using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>An object as <c>hub discover</c> shows it.</summary>
internal static class StreamDescriptions
{
    public static StreamDescription Of(SalesforceObject target, IReadOnlyList<string> hidden)
    {
        var notes = new List<string>();
        if (target.CursorField is null)
            notes.Add("It has no field that tells when it changed: each pull reads all of it.");
        if (!target.Createable || !target.Updateable)
            notes.Add(target.Updateable ? "The user of the connection may change records, but make none." : "The user of the connection may only read it.");
        if (hidden.Count > 0)
            notes.Add($"Hidden from the user by field-level security: {string.Join(", ", hidden.Take(20))}{(hidden.Count > 20 ? $" and {hidden.Count - 20} more" : "")}. A profile or permission set with \"Read Access\" to them shows them.");
        return new(target.Name, [.. target.Fields.Where(field => !field.IsBlob).Select(Of), .. hidden.Select(Hidden)])
        {
            KeyCandidates = ["Id", .. target.Fields.Where(field => field.ExternalId && field.Name != "Id").OrderByDescending(field => field.Unique).Select(field => field.Name)],
            CursorField = target.CursorField?.Name,
            TimeZone = "UTC",
            Label = target.Label,
            Notes = notes,
        };
    }

    public static StreamDescription Broken(string name, ConnectorException problem) => new(name, []) { Problem = $"{problem.Message} {problem.Fix}" };

    private static StreamField Of(SalesforceField field) => new(field.Name, field.Kind)
    {
        Unique = field.Unique || field.Type == "id",
        MaxLength = field.Length > 0 && field.Kind == StreamFieldType.Text ? field.Length : null,
        Required = field.Required,
        Writable = field.Createable || field.Updateable,
        Choices = [.. (field.PicklistValues ?? []).Where(entry => entry.Active).Select(entry => entry.Value)],
        Label = field.Label,
        NativeType = field.Type == "reference" && field.ReferenceTo is { Count: > 0 } targets ? $"reference to {string.Join(", ", targets.Take(3))}{(targets.Count > 3 ? ", …" : "")}" : field.Type,
    };

    private static StreamField Hidden(string name) => new(name, StreamFieldType.Text) { Readable = false, Writable = false };
}
