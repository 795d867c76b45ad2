using System.Text;

namespace Crm.Integration.Sandbox.Records;

/// <summary>Reads a whole CSV text; the delimiter is the sign among , ; : | that the header has most of.</summary>
internal static class Csv
{
    public static List<string[]> Read(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var header = end < 0 ? text : text[..end];
        var delimiter = ",;|:".MaxBy(sign => header.Count(other => other == sign));
        var lines = new List<string[]>();
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var at = text.StartsWith('\uFEFF') ? 1 : 0; at <= text.Length; at++)
        {
            var sign = at < text.Length ? text[at] : '\n';
            if (quoted && at < text.Length)
            {
                if (sign != '"')
                    cell.Append(sign);
                else if (at + 1 < text.Length && text[at + 1] == '"')
                    cell.Append(text[at++]);
                else
                    quoted = false;
            }
            else if (sign == '"')
                quoted = true;
            else if (sign == delimiter || sign == '\n')
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (sign == delimiter)
                    continue;
                // An empty line is no record.
                if (cells is not [""])
                    lines.Add([.. cells]);
                cells.Clear();
            }
            else if (sign != '\r')
                cell.Append(sign);
        }

        return lines;
    }
}
