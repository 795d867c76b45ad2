using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Configuration.Init;

/// <summary>Writes a proposal as a person would: one line a thought, comments where something is to be decided.</summary>
internal static class PipelineText
{
    private const int Width = 130;

    /// <summary>The pipeline as commented JSON.</summary>
    public static string Write(
        StreamDescription stream, string connection, string entity, string key, string? modified,
        IReadOnlyList<(string Path, string Expression)> map, IReadOnlyList<RuleDefinition> rules, IReadOnlyList<string> left, IReadOnlyList<string> remarks)
    {
        var text = new StringBuilder();
        Comment(text, "", $"Proposed by `hub init` from the columns of {stream.Name}. Read it, correct it, then try: hub validate, hub test, hub plan.");
        foreach (var remark in remarks.Where(remark => !remark.StartsWith("Not mapped:", StringComparison.Ordinal)))
            Comment(text, "", remark);
        var newness = modified is null ? "" : ", \"modified\": " + Quote(modified);
        text.Append("{\n  \"from\": { \"connection\": ").Append(Quote(connection)).Append(", \"stream\": ").Append(Quote(stream.Name))
            .Append(", \"key\": ").Append(Quote(key)).Append(", \"cursor\": null").Append(newness).Append(" },\n");
        text.Append("  \"entity\": ").Append(Quote(entity)).Append(",\n  \"map\": {");
        text.Append(map.Count == 0 ? "" : "\n").AppendJoin(",\n", map.Select(entry => $"    {Quote(entry.Path)}: {Quote(entry.Expression)}")).Append(map.Count == 0 ? "},\n" : "\n  },\n");
        if (left.Count > 0)
            Comment(text, "  ", $"Not mapped: {string.Join(", ", left)}. To keep one, map it to a field of your own: {Quote($"custom.{CustomName(left)}")}: {Quote(Columns.IsNameable(left[0]) ? Columns.Quote(left[0]) : "…")}");
        text.Append("  \"validate\": [").Append(rules.Count == 0 ? "" : "\n").AppendJoin(",\n", rules.Select(rule => "    " + Rule(rule))).Append(rules.Count == 0 ? "]\n}\n" : "\n  ]\n}\n");
        return text.ToString();
    }

    /// <summary>A JSON string that stays readable in any script.</summary>
    public static string Quote(string value) => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Rule(RuleDefinition rule)
    {
        var members = new List<string>();
        if (rule.Field is not null)
            members.Add($"\"field\": {Quote(rule.Field)}");
        if (rule.Any is not null)
            members.Add($"\"any\": [{string.Join(", ", rule.Any.Select(Quote))}]");
        members.Add($"\"rule\": {Quote(JsonNamingPolicy.CamelCase.ConvertName(rule.Rule.ToString()))}");
        if (rule.Min is not null)
            members.Add($"\"min\": {Quote(rule.Min)}");
        if (rule.Max is not null)
            members.Add($"\"max\": {Quote(rule.Max)}");
        members.Add($"\"otherwise\": {Quote(JsonNamingPolicy.CamelCase.ConvertName(rule.Otherwise.ToString()))}");
        return $"{{ {string.Join(", ", members)} }}";
    }

    private static void Comment(StringBuilder text, string indent, string words)
    {
        var line = $"{indent}//";
        foreach (var word in OneLine(words).Split(' '))
        {
            if (line.Length + word.Length >= Width)
            {
                text.Append(line).Append('\n');
                line = $"{indent}//";
            }

            line += " " + word;
        }

        text.Append(line).Append('\n');
    }

    private static string CustomName(IReadOnlyList<string> left)
    {
        var words = HeaderVocabulary.Split(left[0]);
        return words.Count == 0 ? "name" : words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    // A header with a line break must not end the comment that names it.
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
}
