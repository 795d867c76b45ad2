using System.Globalization;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Files;

/// <summary>What the values of one field look like, value by value.</summary>
internal sealed class FieldProfile
{
    private const int Examples = 5;
    private const int ExampleLength = 80;
    private static readonly string[] s_dates = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyy/M/d", "yyyyMMdd", "dd.MM.yyyy", "d.M.yyyy", "dd/MM/yyyy", "MM/dd/yyyy", "d/M/yyyy", "M/d/yyyy", "yyyy年M月d日"];

    // Hashes, not texts: a sample of long values must stay small.
    private readonly HashSet<ulong> _seen = [];
    private readonly List<string> _examples = [];
    private readonly Dictionary<StreamFieldType, int> _types = [];
    private long _filled;
    private bool _repeated;
    private int _longest;

    public void Add(Value value)
    {
        if (value.IsEmpty)
            return;
        _filled++;
        var type = TypeOf(value);
        _types[type] = _types.GetValueOrDefault(type) + 1;
        var text = value.ToText()!;
        _longest = Math.Max(_longest, text.Length);
        if (!_seen.Add(ContentHash.Of(text)))
            _repeated = true;
        else if (_examples.Count < Examples)
            _examples.Add(text.Length > ExampleLength ? text[..ExampleLength] + "…" : text);
    }

    public StreamField Describe(string name, long rows) => new(name, Type())
    {
        Examples = _examples,
        FillRate = rows == 0 ? null : (double)_filled / rows,
        Unique = rows > 0 && _filled == rows && !_repeated,
        MaxLength = _filled == 0 ? null : _longest,
    };

    // All must agree: one text among numbers makes the field text, for leading zeros and the like must not be lost.
    private StreamFieldType Type() => _types.Count switch
    {
        1 => _types.Keys.First(),
        2 when _types.ContainsKey(StreamFieldType.Date) && _types.ContainsKey(StreamFieldType.Instant) => StreamFieldType.Instant,
        2 when _types.ContainsKey(StreamFieldType.Boolean) && _types.ContainsKey(StreamFieldType.Number) => StreamFieldType.Number,
        2 when _types.ContainsKey(StreamFieldType.Date) && _types.ContainsKey(StreamFieldType.Number) => StreamFieldType.Number,
        _ => StreamFieldType.Text,
    };

    private static StreamFieldType TypeOf(Value value) => value.Kind switch
    {
        ValueKind.Number => StreamFieldType.Number,
        ValueKind.Boolean => StreamFieldType.Boolean,
        ValueKind.List => StreamFieldType.List,
        ValueKind.Object => StreamFieldType.Object,
        _ => TypeOf(value.ToText()!.Trim()),
    };

    private static StreamFieldType TypeOf(string text)
    {
        if (text is "0" or "1" || text.ToLowerInvariant() is "true" or "false" or "yes" or "no" or "y" or "n" or "是" or "否")
            return StreamFieldType.Boolean;
        if (text.Length is >= 8 and <= 11 && DateOnly.TryParseExact(text, s_dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is > 1850 and < 2150)
            return StreamFieldType.Date;
        if (text.Length is >= 12 and <= 40 && char.IsAsciiDigit(text[0]) && text.Contains(':', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _))
            return StreamFieldType.Instant;
        var hasZeros = text.Length > 1 && text[0] == '0' && char.IsAsciiDigit(text[1]);
        return !hasZeros && text[0] != '+' && text.Length <= 28 && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
            ? StreamFieldType.Number
            : StreamFieldType.Text;
    }
}
