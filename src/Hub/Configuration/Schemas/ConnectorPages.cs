using System.Globalization;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Binding;

namespace Crm.Integration.Hub.Configuration.Schemas;

/// <summary>The page of each connector, made of its declaration.</summary>
internal static class ConnectorPages
{
    private static readonly (ConnectorCapabilities Flag, string Word)[] s_words =
    [
        (ConnectorCapabilities.Discover, "discover"),
        (ConnectorCapabilities.Pull, "pull"),
        (ConnectorCapabilities.IncrementalPull, "pull changes only"),
        (ConnectorCapabilities.Push, "push"),
        (ConnectorCapabilities.Webhook, "take webhooks"),
        (ConnectorCapabilities.OptimisticConcurrency, "notice what somebody changed meanwhile"),
    ];

    /// <summary>What a connector can do, in words.</summary>
    public static IReadOnlyList<string> Words(ConnectorCapabilities capabilities) =>
        [.. s_words.Where(each => capabilities.HasFlag(each.Flag)).Select(each => each.Word)];

    /// <summary>The list of all connectors.</summary>
    public static string Index(IReadOnlyList<IConnector> connectors)
    {
        var page = ReferencePages.Begin("Connectors", "The kinds of system that the hub speaks to; each has its page. How to add one of your own: [add a connector](../add-a-connector.md).");
        page.Append("| connector | can | what |\n|---|---|---|\n");
        foreach (var declaration in connectors.Select(connector => connector.Declaration))
            page.Append(CultureInfo.InvariantCulture, $"| [{declaration.Name}](connectors/{declaration.Name}.md) | {string.Join(", ", Words(declaration.Capabilities))} | {ReferencePages.Cell(declaration.Summary)} |\n");
        return ReferencePages.End(page);
    }

    /// <summary>The page of one connector.</summary>
    public static string Page(ConnectorDeclaration declaration)
    {
        var page = ReferencePages.Begin(declaration.Name, declaration.Summary);
        page.Append(CultureInfo.InvariantCulture, $"Version {declaration.Version}. Can: {string.Join(", ", Words(declaration.Capabilities))}. {Gone(declaration.Deletes)}");
        if (declaration.Capabilities.HasFlag(ConnectorCapabilities.Push))
            page.Append(declaration.IdempotentCreate ? " A create whose answer was lost is sent again without making a second record." : " A create whose answer was lost is looked for before it is sent again.");
        page.Append("\n\n");

        List(page, "Setting up", declaration.Guide.Setup, numbered: true);
        List(page, "Rights", declaration.Guide.Rights, numbered: false);
        page.Append("## Settings\n\n");
        if (declaration.Guide.Example is { } example)
            page.Append(CultureInfo.InvariantCulture, $"```json\n{example.Trim()}\n```\n\n");
        Settings(page, SettingType.Of(declaration.SettingsType));
        Streams(page, declaration);
        Limits(page, declaration.Limits);
        if (declaration.Hosts.Count > 0)
            page.Append(CultureInfo.InvariantCulture, $"## Hosts\n\nContacts {string.Join(", ", declaration.Hosts.Select(host => $"`{host}`"))}, and a host that the settings name; no other.\n\n");
        List(page, "Supported", declaration.Guide.Supported, numbered: false);
        List(page, "Not supported", declaration.Guide.NotSupported, numbered: false);
        return ReferencePages.End(page);
    }

    private static void Settings(StringBuilder page, SettingType type)
    {
        ReferencePages.Table(page, type, "");
        foreach (var choice in type.Properties.Select(property => property.Type).Where(property => property.Kind == SettingKind.Choice))
            ReferencePages.Choices(page, choice, type.Properties.First(property => property.Type == choice).Name);
    }

    private static void Streams(StringBuilder page, ConnectorDeclaration declaration)
    {
        if (declaration.Streams.Count == 0)
            return;
        page.Append("## Streams\n\n`hub discover CONNECTION` shows all that the account has, with their fields.\n\n| stream | key | pulled by | zone of times | what is gone | written | |\n|---|---|---|---|---|---|---|\n");
        foreach (var stream in declaration.Streams)
            page.Append(CultureInfo.InvariantCulture, $"| {(stream.Name == "*" ? "all others" : $"`{stream.Name}`")} | {Field(stream.KeyField)} | {Field(stream.CursorField)} | {stream.TimeZone} | {GoneBriefly(stream.Deletes ?? declaration.Deletes)} | {(stream.Writable ? "yes" : "no")} | {ReferencePages.Cell(stream.Summary ?? "")} |\n");
        page.Append('\n');
    }

    private static void Limits(StringBuilder page, AccountLimits limits)
    {
        List<string> lines = [];
        if (limits.RequestsPerWindow is { } requests)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{requests:N0} requests in {limits.Window.TotalSeconds:0.##} s"));
        if (limits.Concurrency is { } concurrency)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{concurrency} requests at the same time"));
        if (limits.PerDay is { } perDay)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{perDay:N0} {limits.Unit} in 24 hours"));
        if (limits.WriteBatch > 1)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{limits.WriteBatch:N0} records in a write"));
        if (limits.ReadPage > 1)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{limits.ReadPage:N0} records in a page"));
        List(page, "Limits", lines, numbered: false);
    }

    private static void List(StringBuilder page, string heading, IReadOnlyList<string> items, bool numbered)
    {
        if (items.Count == 0)
            return;
        page.Append(CultureInfo.InvariantCulture, $"## {heading}\n\n");
        for (var i = 0; i < items.Count; i++)
            page.Append(CultureInfo.InvariantCulture, $"{(numbered ? $"{i + 1}." : "-")} {items[i]}\n");
        page.Append('\n');
    }

    private static string Field(string? name) => name is null ? "" : $"`{name}`";

    private static string Gone(DeleteStrategy deletes) => deletes switch
    {
        DeleteStrategy.AbsentFromSnapshot => "A record that is no longer in a complete pull counts as gone.",
        DeleteStrategy.Reported => "The system reports which records are gone.",
        DeleteStrategy.Swept => "What is gone is found by a look over all ids, from time to time.",
        _ => "Records are never seen to be gone.",
    };

    private static string GoneBriefly(DeleteStrategy deletes) => deletes switch
    {
        DeleteStrategy.AbsentFromSnapshot => "absent from a pull",
        DeleteStrategy.Reported => "reported",
        DeleteStrategy.Swept => "found by a sweep",
        _ => "not seen",
    };
}
