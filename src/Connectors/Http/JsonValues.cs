using System.Globalization;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Http;

/// <summary>Makes rows of the JSON objects of an API, without reflection. One for a pull: its shape grows with the fields that come.</summary>
/// <param name="shape">Where the names go.</param>
/// <param name="types">What discovery said of the fields; those that it does not name stay what JSON says they are. A text of a typed field that is no such value stays text.</param>
public sealed class JsonValues(Shape shape, IReadOnlyDictionary<string, StreamFieldType>? types = null)
{
    // Names come in the same order again and again: each is looked for behind the last one first, so that no string is made of it.
    private readonly List<(byte[] Name, int Ordinal, StreamFieldType? Type)> _order = [];

    /// <summary>Fields that are left out: the system's own decoration, such as <c>attributes</c>.</summary>
    public IReadOnlySet<string> Without { get; init; } = new HashSet<string>();

    /// <summary>The field that is the row's <see cref="SourceRow.Version"/>: an instant as ISO 8601 in UTC to the millisecond, anything else as text; null for none.</summary>
    public string? VersionField { get; init; }

    /// <summary>The names of the values.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>Makes a row of an object.</summary>
    /// <param name="reader">Stands on the object's first token; stands on its last one afterwards.</param>
    public SourceRow ReadRow(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new ConnectorException(FailureKind.Transient, "The answer has something else where a record belongs.", "Run again; if it stays, the system's interface has changed.");
        var values = new Value[Math.Max(4, Shape.Count)];
        for (var at = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; at++)
        {
            var (ordinal, type) = Field(ref reader, at);
            reader.Read();
            if (ordinal < 0)
            {
                reader.Skip();
                continue;
            }

            if (ordinal >= values.Length)
                Array.Resize(ref values, Math.Max(ordinal + 1, Math.Max(Shape.Count, values.Length * 2)));
            values[ordinal] = Typed(RecordJson.ReadValue(ref reader), type);
        }

        return Row(values);
    }

    private SourceRow Row(Value[] values) => new(Shape, values)
    {
        Version = VersionField is not null && Shape.Find(VersionField) is >= 0 and var at && at < values.Length ? VersionOf(values[at]) : null,
    };

    // Where a field's value goes, -1 for nowhere, and its type.
    private (int Ordinal, StreamFieldType? Type) Field(string name) =>
        (Without.Contains(name) ? -1 : Shape.Add(name), types is not null && types.TryGetValue(name, out var known) ? known : null);

    // A value as discovery says it is; a value that is not so stays as it came.
    private static Value Typed(Value value, StreamFieldType? type) => (type, value.Kind) switch
    {
        (null, _) or (_, ValueKind.Null) => value,
        (StreamFieldType.Instant, ValueKind.Text) => ApiValues.Instant(value.AsText!, TimeZoneInfo.Utc) is { } instant ? Value.Instant(instant) : value,
        (StreamFieldType.Date, ValueKind.Text) => ApiValues.Date(value.AsText!) is { } date ? Value.Date(date) : value,
        (StreamFieldType.Number, ValueKind.Text) => ApiValues.Number(value.AsText!) is { } number ? Value.Number(number) : value,
        (StreamFieldType.Boolean, ValueKind.Text) => value.AsText switch
        {
            "true" => Value.Boolean(true),
            "false" => Value.Boolean(false),
            _ => value,
        },
        // A number where text belongs, an id most often: as text it can neither lose digits nor gain a dot.
        (StreamFieldType.Text, ValueKind.Number) => Value.Text(value.ToText()),
        _ => value,
    };

    private static string? VersionOf(Value value) => value.AsInstant is { } instant ? ApiValues.Iso(instant) : value.ToText();

    private (int Ordinal, StreamFieldType? Type) Field(ref Utf8JsonReader reader, int at)
    {
        if (at < _order.Count && reader.ValueTextEquals(_order[at].Name))
            return (_order[at].Ordinal, _order[at].Type);
        var name = reader.GetString()!;
        var (ordinal, type) = Field(name);
        var entry = (System.Text.Encoding.UTF8.GetBytes(name), ordinal, type);
        if (at < _order.Count)
            _order[at] = entry;
        else if (at == _order.Count)
            _order.Add(entry);
        return (ordinal, type);
    }
}

/// <summary>Reads and writes the values of APIs, which are written the same everywhere.</summary>
public static class ApiValues
{
    private static readonly string[] s_local = ["yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF"];
    private static readonly string[] s_zoned = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:sszzz"];

    /// <summary>An instant: ISO 8601 with an offset, also without its colon; without one in the zone given.</summary>
    /// <param name="text">The text.</param>
    /// <param name="zone">The zone of a text without an offset; null to refuse it.</param>
    /// <returns>Null when it is none.</returns>
    public static DateTimeOffset? Instant(string text, TimeZoneInfo? zone)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (DateTime.TryParseExact(text, s_local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return zone is null ? null : new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        return DateTimeOffset.TryParseExact(text, s_zoned, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant.ToUniversalTime() : null;
    }

    /// <summary>A date, yyyy-MM-dd, also one with a midnight behind it.</summary>
    /// <param name="text">The text.</param>
    public static DateOnly? Date(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var day = text.Length > 10 && text.AsSpan(10).TrimStart("T ").StartsWith("00:00:00") ? text.AsSpan(0, 10) : text;
        return DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
    }

    /// <summary>A number as APIs write it.</summary>
    /// <param name="text">The text.</param>
    public static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>An instant as APIs and versions are written: ISO 8601, UTC, to the millisecond.</summary>
    /// <param name="instant">The instant.</param>
    public static string Iso(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
