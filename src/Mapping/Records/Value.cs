using System.Globalization;

namespace Crm.Integration.Mapping.Records;

/// <summary>
/// One value on its way from a source field to a golden record. One machine word: text, the common case, is
/// carried without boxing or copying.
/// </summary>
public readonly struct Value : IEquatable<Value>
{
    private static readonly object s_true = true;
    private static readonly object s_false = false;

    private readonly object? _raw;

    private Value(object? raw) => _raw = raw;

    /// <summary>Nothing there.</summary>
    public static Value Null => default;

    /// <summary>What this value holds.</summary>
    public ValueKind Kind => _raw switch
    {
        null => ValueKind.Null,
        string => ValueKind.Text,
        decimal => ValueKind.Number,
        bool => ValueKind.Boolean,
        DateOnly => ValueKind.Date,
        DateTimeOffset => ValueKind.Instant,
        Value[] => ValueKind.List,
        _ => ValueKind.Object,
    };

    /// <summary>True for null, for text of nothing but white space, and for a list without a non-empty element.</summary>
    public bool IsEmpty => _raw switch
    {
        null => true,
        string text => text.AsSpan().IsWhiteSpace(),
        Value[] list => Array.TrueForAll(list, item => item.IsEmpty),
        _ => false,
    };

    /// <summary>True when nothing is there at all; empty text is something.</summary>
    public bool IsNull => _raw is null;

    /// <summary>Text; null gives <see cref="Null"/>.</summary>
    public static Value Text(string? text) => new(text);

    /// <summary>A number.</summary>
    public static Value Number(decimal number) => new(number);

    /// <summary>True or false.</summary>
    public static Value Boolean(bool value) => new(value ? s_true : s_false);

    /// <summary>A calendar date.</summary>
    public static Value Date(DateOnly date) => new(date);

    /// <summary>An instant; converted to UTC, so that equal instants are equal values.</summary>
    public static Value Instant(DateTimeOffset instant) => new(instant.ToUniversalTime());

    /// <summary>A list; the array is not copied and must not be changed afterwards.</summary>
    public static Value List(params Value[] items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new(items);
    }

    /// <summary>A nested object; the dictionary is not copied and must not be changed afterwards.</summary>
    public static Value Object(IReadOnlyDictionary<string, Value> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        return new(members);
    }

    /// <summary>The text when <see cref="Kind"/> is <see cref="ValueKind.Text"/>, else null. Nothing is converted.</summary>
    public string? AsText => _raw as string;

    /// <summary>The number when this is one, else null.</summary>
    public decimal? AsNumber => _raw is decimal number ? number : null;

    /// <summary>The truth value when this is one, else null.</summary>
    public bool? AsBoolean => _raw is bool value ? value : null;

    /// <summary>The date when this is one, else null.</summary>
    public DateOnly? AsDate => _raw is DateOnly date ? date : null;

    /// <summary>The instant when this is one, else null.</summary>
    public DateTimeOffset? AsInstant => _raw is DateTimeOffset instant ? instant : null;

    /// <summary>The elements when this is a list; a single value is a list of one; null and empty text are no elements.</summary>
    public IReadOnlyList<Value> AsList => _raw switch
    {
        Value[] list => list,
        null => [],
        string text when text.AsSpan().IsWhiteSpace() => [],
        _ => [this],
    };

    /// <summary>The members when this is a nested object, else null.</summary>
    public IReadOnlyDictionary<string, Value>? AsObject => _raw as IReadOnlyDictionary<string, Value>;

    /// <summary>
    /// The value as text in the hub's canonical form: numbers with a dot and without trailing zeros, dates as
    /// yyyy-MM-dd, instants as ISO 8601 in UTC, booleans as true and false, lists joined by "; ". Null gives null.
    /// </summary>
    public string? ToText() => _raw switch
    {
        null => null,
        string text => text,
        decimal number => number.ToString("0.############################", CultureInfo.InvariantCulture),
        bool value => value ? "true" : "false",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        Value[] list => string.Join("; ", list.Select(item => item.ToText())),
        _ => RecordJson.ToJson(this),
    };

    /// <inheritdoc/>
    public bool Equals(Value other) => (_raw, other._raw) switch
    {
        (null, null) => true,
        (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
        (Value[] a, Value[] b) => a.AsSpan().SequenceEqual(b),
        (IReadOnlyDictionary<string, Value> a, IReadOnlyDictionary<string, Value> b) => Same(a, b),
        (null, _) or (_, null) => false,
        var (a, b) => a.Equals(b),
    };

    // On its own: a lambda inside the switch would cost every comparison of two texts an allocation.
    private static bool Same(IReadOnlyDictionary<string, Value> a, IReadOnlyDictionary<string, Value> b) =>
        a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var value) && value.Equals(pair.Value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _raw switch
    {
        null => 0,
        Value[] list => list.Length == 0 ? 1 : HashCode.Combine(list.Length, list[0]),
        IReadOnlyDictionary<string, Value> members => members.Count,
        _ => _raw.GetHashCode(),
    };

    /// <summary>For debugging and messages: <see cref="ToText"/>, or empty text.</summary>
    public override string ToString() => ToText() ?? "";

    /// <summary>Equal kind and content.</summary>
    public static bool operator ==(Value left, Value right) => left.Equals(right);

    /// <summary>Different kind or content.</summary>
    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    /// <summary>Text becomes a text value.</summary>
    public static implicit operator Value(string? text) => Text(text);
}
