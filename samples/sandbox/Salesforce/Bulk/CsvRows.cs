using System.Text;

namespace Crm.Integration.Sandbox.Salesforce.Bulk;

/// <summary>The rows of an uploaded CSV: where each lies, and what it holds.</summary>
internal static class CsvRows
{
    /// <summary>The places of all rows, the head included, line ends left out.</summary>
    public static List<(int Start, int Length)> Find(ReadOnlySpan<byte> csv)
    {
        var rows = new List<(int, int)>();
        // A byte order mark is not part of the first name.
        var start = csv.StartsWith("\uFEFF"u8) ? 3 : 0;
        var quoted = false;
        for (var i = start; i <= csv.Length; i++)
        {
            if (i < csv.Length && csv[i] == '"')
                quoted = !quoted;
            if (i < csv.Length && (quoted || csv[i] != '\n'))
                continue;

            var end = i > start && csv[i - 1] == '\r' ? i - 1 : i;
            if (end > start)
                rows.Add((start, end - start));
            start = i + 1;
        }

        return rows;
    }

    public static List<string> Fields(ReadOnlySpan<byte> row, char delimiter)
    {
        var text = Encoding.UTF8.GetString(row);
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && quoted && i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[++i]);
            else if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == delimiter && !quoted)
                Next();
            else
                field.Append(text[i]);
        }

        Next();
        return fields;

        void Next()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }
}
