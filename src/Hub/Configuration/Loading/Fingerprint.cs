using System.Reflection;
using System.Text;
using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>
/// The hash of everything that decides what a pipeline makes of a record: key, modified, where, map, rules, the contents of the
/// look-up tables, the entity's fields, the default country and zone, and the version of the mapping code. White space, comments,
/// the order of keys, triggers, limits and descriptions do not count.
/// </summary>
internal static class Fingerprint
{
    // Stands between the parts, so that "ab" + "c" is not "a" + "bc".
    private const char Separator = '\u001F';

    private static readonly string s_version = typeof(Expression).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public static ulong Of(PipelineDraft draft, EntityType type, MapEnvironment environment)
    {
        var text = new StringBuilder();
        Append(text, s_version);
        Append(text, draft.Inbound ? "in" : "out");
        foreach (var key in (string[])["from", "to"])
        {
            if (draft.Root[key] is not { } end)
                continue;
            foreach (var part in (string[])["connection", "stream", "key", "modified"])
                Append(text, end[part]?.Text ?? "");
        }

        // Only where they are said: a store of an earlier version of the hub is not looked over for a setting it did not have.
        foreach (var part in (string[])["blank", "recreate"])
        {
            if (draft.Root["to"]?[part] is { } setting)
                Append(text, $"{part}={setting.Kind}{setting.Text}");
        }

        Append(text, draft.Root["where"]?.Text ?? "");
        AppendNode(text, draft.Root["map"]);
        AppendNode(text, draft.Root["validate"]);
        Append(text, type.Name);
        foreach (var field in type.Fields)
            Append(text, $"{field.Path}:{field.Type}:{field.Primary}");
        foreach (var (name, table) in environment.Lookups.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Append(text, name);
            foreach (var (key, value) in table.Entries.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                Append(text, key);
                Append(text, value.ToText() ?? "");
            }
        }

        Append(text, environment.Country ?? "");
        Append(text, environment.TimeZone.Id);
        return ContentHash.Of(text.ToString());
    }

    private static void Append(StringBuilder text, string part) => text.Append(part).Append(Separator);

    private static void AppendNode(StringBuilder text, ConfigNode? node)
    {
        if (node is null)
            return;
        Append(text, $"{node.Kind}{node.Members.Count}{node.Items.Count}");
        Append(text, node.Text);
        foreach (var item in node.Items)
            AppendNode(text, item);
        foreach (var member in node.Members.OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            Append(text, member.Name);
            AppendNode(text, member.Value);
        }
    }
}
