using Crm.Integration.Hub.Configuration.Binding;
using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Hub.Configuration.Settings;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>Reads <c>pipelines/*.json</c>, as far as one can without knowing anything else.</summary>
internal sealed class PipelineReader(SettingsBinder binder, ConfigProblems problems)
{
    public IReadOnlyList<PipelineDraft> Load(FolderReader files)
    {
        List<PipelineDraft> drafts = [];
        foreach (var file in files.ReadAll("pipelines"))
        {
            if (file.Root is not { } root)
                continue;
            var settings = binder.Bind<PipelineSettings>(root);
            if (root.Kind != ConfigKind.Object)
                continue;
            CheckDirection(root);
            drafts.Add(new(file.Name, settings, root));
        }

        return drafts;
    }

    private void CheckDirection(ConfigNode root)
    {
        var (from, to) = (Present(root["from"]), Present(root["to"]));
        if (from is not null && to is not null)
            problems.Add(to, "a pipeline has either 'from' or 'to', not both", "make two pipelines: one that pulls and one that pushes");
        else if (from is null && to is null)
            problems.Add(root, "a pipeline needs 'from' (inbound) or 'to' (outbound)", "add \"from\": { \"connection\": …, \"stream\": …, \"key\": … }");

        // A setting without effect is a misunderstanding: better said than ignored.
        foreach (var key in from is not null ? (string[])["conflict", "deletes"] : ["validate"])
        {
            if (from is null != to is null && root[key] is { } node)
                problems.Add(node, $"'{key}' has no meaning in an {(from is null ? "outbound" : "inbound")} pipeline", "remove it");
        }

        if (root["map"] is { Kind: ConfigKind.Object, Members.Count: 0 } map)
            problems.Add(map, "the map is empty", "add at least one field");
    }

    private static ConfigNode? Present(ConfigNode? node) => node is { Kind: ConfigKind.Null } ? null : node;
}

/// <summary>A pipeline as read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Settings">Its settings; placeholders stand where something was wrong.</param>
/// <param name="Root">Where things stand.</param>
internal sealed record PipelineDraft(string Name, PipelineSettings Settings, ConfigNode Root)
{
    /// <summary>Whether it pulls.</summary>
    public bool Inbound => Settings.From is not null;
}
