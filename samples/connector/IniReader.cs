using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Acme.Ini;

/// <summary>A section of an INI file.</summary>
internal sealed record IniSection(string Id, long Line, List<KeyValuePair<string, string>> Values)
{
    public SourceRow ToRow(Shape shape, string file)
    {
        var ordinals = Values.Select(value => shape.Add(value.Key)).Prepend(shape.Add("id")).ToList();
        var values = new Value[shape.Count];
        values[ordinals[0]] = Id;
        for (var i = 0; i < Values.Count; i++)
            values[ordinals[i + 1]] = Values[i].Value;
        return new(shape, values) { Position = new(file, Line) };
    }
}

/// <summary>Reads sections one by one: memory does not grow with the file.</summary>
internal static class IniReader
{
    public static async IAsyncEnumerable<IniSection> SectionsAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(path);
        IniSection? section = null;
        for (var number = 1L; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith(';'))
                continue;
            if (line.StartsWith('[') && line.EndsWith(']'))
            {
                if (section is not null)
                    yield return section;
                section = new(line[1..^1], number, []);
            }
            else if (section is not null && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                section.Values.Add(new(line[..at].Trim(), line[(at + 1)..].Trim()));
            }
            else
            {
                // The line itself may be personal data, and has no place in a message.
                throw new ConnectorException(FailureKind.Rejected, $"{Path.GetFileName(path)} line {number} is neither a [section] nor a name = value.", "Correct the line.");
            }
        }

        if (section is not null)
            yield return section;
    }
}
