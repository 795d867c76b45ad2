using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Files;

/// <summary>Describes a file by its rows: all of them where it is small, else the first ten thousand.</summary>
internal static class StreamProfile
{
    private const int SampledRows = 10_000;
    private const long SmallFile = 4L << 20;

    public static StreamDescription Describe(string path, string name, TextFileSettings settings, IFileFormat format, CancellationToken cancellationToken)
    {
        try
        {
            using var file = TextFile.Open(path, name, settings);
            using var rows = FilePull.Start(file, format, new Shape());
            return Describe(file, rows, cancellationToken);
        }
        catch (ConnectorException exception)
        {
            // One broken file must not hide the others.
            return new StreamDescription(name, []) { Problem = $"{exception.Message} {exception.Fix}" };
        }
    }

    private static StreamDescription Describe(TextFile file, IRowReader rows, CancellationToken cancellationToken)
    {
        var fields = new List<FieldProfile>();
        var faults = new Dictionary<string, (int Count, string First)>(StringComparer.Ordinal);
        long count = 0, faulty = 0;
        var complete = false;
        while (count < SampledRows || file.Length <= SmallFile)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (rows.Read() is not { } row)
            {
                complete = true;
                break;
            }

            count++;
            if (row.Fault is { } fault)
            {
                faulty++;
                var before = faults.GetValueOrDefault(fault.Code);
                faults[fault.Code] = (before.Count + 1, before.First ?? fault.Message);
                continue;
            }

            while (fields.Count < rows.Shape.Count)
                fields.Add(new FieldProfile());
            for (var i = 0; i < fields.Count; i++)
                fields[i].Add(row[i]);
        }

        while (fields.Count < rows.Shape.Count)
            fields.Add(new FieldProfile());
        var sound = count - faulty;
        var described = rows.Shape.Names.Select((field, i) => fields[i].Describe(field, sound)).ToList();
        return new StreamDescription(file.Name, described)
        {
            ApproximateCount = complete || file.Done == 0 ? count : count * file.Length / file.Done,
            KeyCandidates = [.. described.Select((field, at) => (field, at)).Where(pair => pair.field.Unique).OrderBy(pair => KeyRank(pair.field)).ThenBy(pair => pair.at).Select(pair => pair.field.Name)],
            Notes = [Format(file, rows), .. rows.Notes, .. faults.Values.Select(fault => fault.Count == 1 ? fault.First : $"{fault.First} {(fault.Count == 2 ? "One more row is" : $"{fault.Count - 1:N0} more rows are")} like that.")],
        };
    }

    private static string Format(TextFile file, IRowReader rows)
    {
        var text = file.Encoding.WebName + (file.MarkLength > 0 ? " with byte order mark" : "") + (file.IsPacked ? ", gzip" : "");
        return rows.Dialect is { } dialect ? $"{text}, {dialect}" : text;
    }

    // A number or code that the system gave is a key; an e-mail address or a phone only happens to be unique.
    private static int KeyRank(StreamField field)
    {
        var name = field.Name.ToLowerInvariant().Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return name switch
        {
            "id" or "key" or "guid" or "uuid" or "编号" => 0,
            _ when name.EndsWith("id", StringComparison.Ordinal) || name.EndsWith("编号", StringComparison.Ordinal) || name.EndsWith("编码", StringComparison.Ordinal) => 1,
            _ when name.EndsWith("no", StringComparison.Ordinal) || name.EndsWith("nr", StringComparison.Ordinal) || name.Contains("number", StringComparison.Ordinal) || name.Contains("code", StringComparison.Ordinal) || name.Contains("key", StringComparison.Ordinal) => name.Contains("phone", StringComparison.Ordinal) ? 5 : 2,
            _ when name.Contains("mail", StringComparison.Ordinal) || name.Contains("phone", StringComparison.Ordinal) || name.Contains("mobile", StringComparison.Ordinal) => 5,
            _ when field.Type is StreamFieldType.Date or StreamFieldType.Instant or StreamFieldType.Boolean => 6,
            _ => field.MaxLength <= 40 ? 3 : 4,
        };
    }
}
