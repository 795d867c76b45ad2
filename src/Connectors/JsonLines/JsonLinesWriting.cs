using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Files;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.JsonLines;

/// <summary>
/// A JSON Lines file that is brought up to date. Lines that nothing changes keep their very characters; in a line that
/// changes, members that are not ours do. A field without a value is written as null.
/// </summary>
internal sealed class JsonLinesWriting : ITarget
{
    private readonly TextFile? _file;
    private readonly LineReader? _lines;
    private readonly PushRequest _request;
    private readonly string[] _names;
    private readonly Dictionary<string, int> _ordinals;
    private readonly int _maxLineKilobytes;
    private readonly List<(string Name, string Raw)> _members = [];

    public JsonLinesWriting(TextFile? existing, int maxLineKilobytes, PushRequest request)
    {
        _file = existing;
        _request = request;
        _maxLineKilobytes = maxLineKilobytes;
        _lines = existing is null ? null : new LineReader(existing.Reader, maxLineKilobytes * 1024);
        _names = [.. request.Fields.Select(name => RecordJson.ToJson(Value.Text(name)))];
        _ordinals = request.Fields.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
        Encoding = existing is null ? new UTF8Encoding(false) : TextFile.ForWriting(existing);
    }

    public Encoding Encoding { get; }

    public string? Key { get; private set; }

    public long Line => _lines!.Number;

    public bool Read()
    {
        while (_lines is not null && _lines.Read())
        {
            if (_lines.IsTooLong)
                throw Unwritable($"the line is longer than {_maxLineKilobytes:N0} KB");
            if (_file!.HasBadBytes && _lines.Current.Span.Contains(BadByteFallback.Mark))
                throw Unwritable($"there are bytes that are not {_file.Encoding.WebName}");
            if (_lines.Current.Span.IsWhiteSpace())
                continue;
            Parse();
            return true;
        }

        return false;
    }

    public bool Differs(SpooledWrite write)
    {
        var met = 0;
        foreach (var (name, raw) in _members)
        {
            if (!_ordinals.TryGetValue(name, out var field))
                continue;
            met++;
            if (write.Changed[field] && Canonical(raw) != write.Cells[field])
                return true;
        }

        if (met == _ordinals.Count)
            return false;
        return _request.Fields.Where((name, i) => write.Changed[i] && write.Cells[i] != "null").Any(name => !_members.Exists(member => member.Name == name));
    }

    public void WriteHead(TextWriter output)
    {
    }

    public void WriteAsIs(TextWriter output)
    {
        output.Write(_lines!.Current.Span);
        End(output);
    }

    public void WriteChanged(TextWriter output, SpooledWrite write)
    {
        var first = true;
        var written = new bool[_names.Length];
        foreach (var (name, raw) in _members)
        {
            if (_ordinals.TryGetValue(name, out var field))
            {
                written[field] = true;
                Member(output, _names[field], write.Changed[field] && Canonical(raw) != write.Cells[field] ? write.Cells[field] : raw, ref first);
            }
            else
            {
                Member(output, RecordJson.ToJson(Value.Text(name)), raw, ref first);
            }
        }

        for (var i = 0; i < _names.Length; i++)
        {
            if (!written[i] && write.Changed[i])
                Member(output, _names[i], write.Cells[i], ref first);
        }

        output.Write('}');
        End(output);
    }

    public void WriteNew(TextWriter output, SpooledWrite write)
    {
        var first = true;
        for (var i = 0; i < _names.Length; i++)
            Member(output, _names[i], write.Cells[i], ref first);
        output.Write('}');
        End(output);
    }

    public void Dispose() => _lines?.Dispose();

    private static void Member(TextWriter output, string name, string json, ref bool first)
    {
        output.Write(first ? '{' : ',');
        output.Write(name);
        output.Write(':');
        output.Write(json);
        first = false;
    }

    private void End(TextWriter output) => output.Write(_lines is { HasReturns: true } ? "\r\n" : "\n");

    private void Parse()
    {
        _members.Clear();
        Key = null;
        try
        {
            using var json = JsonDocument.Parse(_lines!.Current);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return;
            foreach (var member in json.RootElement.EnumerateObject())
            {
                _members.Add((member.Name, member.Value.GetRawText()));
                if (member.Name == _request.KeyField)
                    Key = Parsed(member.Value.GetRawText()).ToText();
            }
        }
        catch (JsonException)
        {
            // A line that is not JSON is not ours: without a key it stays as it is.
            _members.Clear();
        }
    }

    private static string Canonical(string raw) => RecordJson.ToJson(Parsed(raw));

    private static Value Parsed(string raw)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(raw));
        reader.Read();
        return RecordJson.ReadValue(ref reader);
    }

    private ConnectorException Unwritable(string why) => new(
        FailureKind.Configuration,
        $"{_request.Stream} line {_lines!.Number}: {why}; the file was left as it is, since writing it anew could damage that line.",
        "Correct the line, or move the file away: the hub then makes a new one.");
}
