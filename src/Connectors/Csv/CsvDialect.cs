using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Csv;

/// <summary>How a file separates and quotes its values.</summary>
internal sealed record CsvDialect(char Delimiter, char Quote, char Escape)
{
    private static readonly char[] s_candidates = [',', ';', '\t', '|'];

    public string DelimiterName => Delimiter == '\t' ? "tab" : Delimiter.ToString();

    /// <summary>What the settings say, and where they say `auto`, what the beginning of a file shows.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="head">The beginning, from the header on.</param>
    /// <param name="isAll">Whether that is the whole file.</param>
    public static CsvDialect Detect(DelimitedFileSettings settings, ReadOnlySpan<char> head, bool isAll)
    {
        var quote = settings.Quote.Equals("auto", StringComparison.OrdinalIgnoreCase) ? '\0' : One(settings.Quote, "quote");
        var assumed = quote == '\0' ? '"' : quote;
        var delimiter = settings.Delimiter.Equals("auto", StringComparison.OrdinalIgnoreCase)
            ? FindDelimiter(head, assumed, isAll)
            : One(settings.Delimiter, "delimiter");
        if (quote == '\0')
            quote = UsesApostrophes(head, delimiter) ? '\'' : '"';
        return new(delimiter, quote, settings.Escape.Length == 0 ? quote : One(settings.Escape, "escape"));
    }

    /// <summary>The one character that a setting means.</summary>
    public static char One(string text, string setting) => text switch
    {
        [var one] when one is not ('\r' or '\n') => one,
        "\\t" => '\t',
        _ when text.Equals("tab", StringComparison.OrdinalIgnoreCase) => '\t',
        _ => throw new ConnectorException(FailureKind.Configuration, $"`{setting}` is '{text}', which is not one character.", "Write `auto`, `tab` or the character itself, such as `;`."),
    };

    // The best candidate splits most lines into the same number of cells, more than one; a header of distinct words decides
    // between a delimiter and a decimal comma, which is regular too.
    private static char FindDelimiter(ReadOnlySpan<char> head, char quote, bool isAll)
    {
        var best = ',';
        var bestScore = 0.0;
        foreach (var candidate in s_candidates)
        {
            var (counts, header) = Split(head, candidate, quote, isAll);
            if (counts.Count == 0)
                continue;
            var mode = counts.GroupBy(count => count).OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key).First();
            if (mode.Key < 2)
                continue;
            var score = (double)mode.Count() / counts.Count;
            if (counts[0] == mode.Key)
                score += 0.5;
            if (header.Distinct().Count() == header.Count && header.TrueForAll(cell => cell.Length > 0 && !char.IsAsciiDigit(cell[0])))
                score += 0.3;
            score += Math.Min(mode.Key, 20) * 0.001;
            if (score > bestScore)
                (best, bestScore) = (candidate, score);
        }

        return best;
    }

    private static (List<int> Counts, List<string> Header) Split(ReadOnlySpan<char> head, char delimiter, char quote, bool isAll)
    {
        var counts = new List<int>();
        var header = new List<string>();
        int cells = 1, start = 0;
        var quoted = false;
        for (var i = 0; i < head.Length && counts.Count < 100; i++)
        {
            var c = head[i];
            if (c == quote && (quoted || i == start))
            {
                quoted = !quoted;
            }
            else if (c == quote && i > 0 && head[i - 1] == quote)
            {
                quoted = true;
            }
            else if (!quoted && (c == delimiter || c is '\r' or '\n'))
            {
                if (counts.Count == 0)
                    header.Add(head[start..i].Trim().Trim(quote).ToString());
                start = i + 1;
                if (c == delimiter)
                {
                    cells++;
                }
                else
                {
                    if (cells > 1 || i > 0 && head[i - 1] is not ('\r' or '\n'))
                        counts.Add(cells);
                    else if (counts.Count == 0)
                        header.Clear();
                    cells = 1;
                }
            }
        }

        if (isAll && counts.Count < 100 && start < head.Length)
        {
            if (counts.Count == 0)
                header.Add(head[start..].Trim().ToString());
            counts.Add(cells);
        }

        return (counts, header);
    }

    // Only where no double quote is anywhere, and cells that begin with an apostrophe end with one too.
    private static bool UsesApostrophes(ReadOnlySpan<char> head, char delimiter)
    {
        if (head.Contains('"'))
            return false;
        int enclosed = 0, begun = 0;
        foreach (var lineRange in head.SplitAny('\r', '\n'))
        {
            var line = head[lineRange];
            foreach (var cellRange in line.Split(delimiter))
            {
                var cell = line[cellRange];
                if (cell is ['\'', ..])
                    begun++;
                if (cell is ['\'', .., '\''])
                    enclosed++;
            }
        }

        return enclosed >= 3 && enclosed * 10 >= begun * 8;
    }
}
