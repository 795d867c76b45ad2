using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Crm.Integration.Mapping.Matching;

/// <summary>
/// What a store's own data adds to the shipped weights. Immutable; the same records give the same model, byte for byte,
/// whatever the order in which they came.
/// </summary>
public sealed class MatchModel
{
    /// <summary>Corrects nothing.</summary>
    public static MatchModel Shipped { get; } = new(0, 0, null, null);

    internal MatchModel(int version, long records, LevelCorrections? people, LevelCorrections? firms)
    {
        Version = version;
        Records = records;
        People = people is { IsEmpty: false } ? people : null;
        Firms = firms is { IsEmpty: false } ? firms : null;
    }

    /// <summary>0 for the shipped weights, then counted up with each estimate that came into force.</summary>
    public int Version { get; }

    /// <summary>How many records the store had when it was estimated.</summary>
    public long Records { get; }

    /// <summary>Whether it changes any weight.</summary>
    public bool Corrects => People is not null || Firms is not null;

    internal LevelCorrections? People { get; }

    internal LevelCorrections? Firms { get; }

    /// <summary>The same corrections under another number.</summary>
    /// <param name="version">The number.</param>
    public MatchModel WithVersion(int version) => new(version, Records, People, Firms);

    /// <summary>Whether another model weighs pairs as this one does, from however many records it was learned.</summary>
    /// <param name="other">The other.</param>
    public bool SaysTheSame(MatchModel other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new MatchModel(0, 0, People, Firms).ToJson() == new MatchModel(0, 0, other.People, other.Firms).ToJson();
    }

    /// <summary>The parameters as JSON; the same model gives the same text.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("records", Records);
            Write(writer, "people", People);
            Write(writer, "organisations", Firms);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="version">The model's number.</param>
    /// <param name="json">The parameters.</param>
    public static MatchModel FromJson(int version, string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new MatchModel(version, root.GetProperty("records").GetInt64(), Read(root, "people"), Read(root, "organisations"));
    }

    private static void Write(Utf8JsonWriter writer, string name, LevelCorrections? part)
    {
        if (part is null)
            return;
        writer.WriteStartObject(name);
        writer.WriteStartObject("bits");
        foreach (var (comparison, level, bits) in part.All())
            writer.WriteNumber($"{comparison}.{level}", decimal.Round((decimal)bits, 2));
        writer.WriteEndObject();
        writer.WriteStartObject("guardsLiftedFrom");
        foreach (var (guard, from) in part.Lifted)
            writer.WriteNumber(guard.ToString(), from);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static LevelCorrections? Read(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var element))
            return null;
        var part = new LevelCorrections();
        foreach (var bits in element.GetProperty("bits").EnumerateObject())
        {
            // A level that this program no longer knows is none that it could meet.
            if (bits.Name.Split('.') is [var first, var second] && Enum.TryParse<Comparison>(first, out var comparison) && Enum.TryParse<Level>(second, out var level))
                part[comparison, level] = (float)bits.Value.GetDouble();
        }

        foreach (var guard in element.GetProperty("guardsLiftedFrom").EnumerateObject())
        {
            if (Enum.TryParse<MatchGuard>(guard.Name, out var lifted))
                part.Lift(lifted, guard.Value.GetDouble());
        }

        return part;
    }

    /// <summary>"shipped weights", or "weights learned from 12,000 records (version 3)".</summary>
    public override string ToString() => Version == 0 ? "shipped weights" : string.Create(CultureInfo.InvariantCulture, $"weights version {Version}, learned from {Records:N0} records");
}
