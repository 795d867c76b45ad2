using System.Buffers;
using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Files;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.JsonLines;

/// <summary>Reads a JSON object a line. A line that is broken comes with its fault, and the lines after it are read.</summary>
internal sealed class JsonLinesReading : IRowReader
{
    private readonly TextFile _file;
    private readonly LineReader _lines;
    private readonly List<string> _notes = [];
    private readonly int _maxLineKilobytes;

    public JsonLinesReading(TextFile file, int maxLineKilobytes, Shape shape)
    {
        _file = file;
        _maxLineKilobytes = maxLineKilobytes;
        _lines = new LineReader(file.Reader, maxLineKilobytes * 1024);
        Shape = shape;
        if (file.EncodingNote is { } note)
            _notes.Add(note);
    }

    public Shape Shape { get; }

    public IReadOnlyList<string> Notes => _notes;

    public SourceRow? Read()
    {
        while (_lines.Read())
        {
            if (_lines.IsTooLong)
                return Faulty("field-too-large", $"the line is longer than {_maxLineKilobytes:N0} KB", "Raise `maxLineKilobytes` in the connection if lines are meant to be that long.");
            var line = _lines.Current.Span;
            if (line.IsWhiteSpace())
                continue;
            if (_file.HasBadBytes && line.Contains(BadByteFallback.Mark))
                return Faulty("bad-bytes", $"the line holds bytes that are not {_file.Encoding.WebName}", "Write the file as UTF-8.");
            return Parse(line);
        }

        return null;
    }

    public void Dispose() => _lines.Dispose();

    private SourceRow Parse(ReadOnlySpan<char> line)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(line.Length));
        try
        {
            var length = Encoding.UTF8.GetBytes(line, utf8);
            var reader = new Utf8JsonReader(utf8.AsSpan(0, length));
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return Faulty("bad-json", $"the line is not a JSON object but begins with {Begins(reader.TokenType)}", "Write one object a line. A file that is one JSON array is not JSON Lines: `jq -c '.[]'` turns it into such.");
            var values = new Value[Math.Max(4, Shape.Count)];
            var used = 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var ordinal = Shape.Add(reader.GetString()!);
                if (ordinal >= values.Length)
                    Array.Resize(ref values, Math.Max(ordinal + 1, values.Length * 2));
                reader.Read();
                values[ordinal] = RecordJson.ReadValue(ref reader);
                used = Math.Max(used, ordinal + 1);
            }

            // Whatever follows the object on the same line makes the reader throw.
            reader.Read();
            return new SourceRow(Shape, values.Length == used ? values : values[..used]) { Position = new(_file.Name, _lines.Number) };
        }
        catch (JsonException exception)
        {
            return Faulty("bad-json", $"the line is not valid JSON at character {exception.BytePositionInLine + 1}", "Correct the line at the source; the other lines were taken.");
        }
        finally
        {
            // The line may hold personal data, and the array goes back to a pool that everybody shares.
            ArrayPool<byte>.Shared.Return(utf8, clearArray: true);
        }
    }

    private SourceRow Faulty(string code, string what, string fix) => new(Shape, [])
    {
        Position = new(_file.Name, _lines.Number),
        Fault = new(code, $"{_file.Name} line {_lines.Number}: {what}.", _lines.Beginning(64 * 1024).Replace(BadByteFallback.Mark, '\uFFFD'), fix),
    };

    private static string Begins(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        _ => "something else",
    };
}
