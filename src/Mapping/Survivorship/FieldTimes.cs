using System.Text;
using System.Text.Json;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>
/// When the fields of a source record were last changed at the source, as far as the hub has seen it: a record that was
/// only touched must not make its old telephone number the newest. Immutable.
/// </summary>
public sealed class FieldTimes
{
    // Stands for all fields that have not changed since the record was first seen; no path is empty.
    private const string Rest = "";

    // In place of an instant: what the hub itself wrote there and nobody has touched since, and what somebody changed nobody knows when.
    private const long Copied = -1;
    private const long Unknown = 0;

    private readonly SortedDictionary<string, long> _times;

    private FieldTimes(SortedDictionary<string, long> times) => _times = times;

    /// <summary>When a field was last changed, in milliseconds since 1970.</summary>
    /// <param name="path">Its path.</param>
    public long Of(string path) => _times.TryGetValue(path, out var at) ? at : _times[Rest];

    /// <summary>The times of a record that the hub itself made at its source: a copy of what others say.</summary>
    public static FieldTimes OfCopy { get; } = new(new SortedDictionary<string, long>(StringComparer.Ordinal) { [Rest] = Copied });

    /// <summary>When a field was last changed; null when nobody knows, or when it only repeats what the hub wrote.</summary>
    /// <param name="path">Its path.</param>
    public DateTimeOffset? At(string path) => Of(path) is > Unknown and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>Whether a field only repeats what the hub wrote there.</summary>
    /// <param name="path">Its path.</param>
    public bool IsCopy(string path) => Of(path) == Copied;

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON.</param>
    public static FieldTimes Parse(string json) =>
        new(new SortedDictionary<string, long>(JsonSerializer.Deserialize<Dictionary<string, long>>(json)!, StringComparer.Ordinal));

    /// <summary>As kept in the store.</summary>
    public string ToJson() => JsonSerializer.Serialize(_times);

    /// <summary>The times after a change.</summary>
    /// <param name="times">The times before; null when the record had not changed since it was first seen.</param>
    /// <param name="before">The record before, as JSON.</param>
    /// <param name="modifiedBefore">When its source said it was changed.</param>
    /// <param name="after">The record now.</param>
    /// <param name="modifiedAfter">When its source says it was changed.</param>
    /// <returns>Null where the source gives no time.</returns>
    public static FieldTimes? After(FieldTimes? times, ReadOnlySpan<byte> before, long? modifiedBefore, ReadOnlySpan<byte> after, long? modifiedAfter)
    {
        if (modifiedBefore is not { } earlier || modifiedAfter is not { } now)
            return null;

        // The same time: not the source has changed, but its mapping.
        if (earlier == now && times is not null)
            return times;
        var changed = times is null ? new SortedDictionary<string, long>(StringComparer.Ordinal) { [Rest] = earlier } : new(times._times, StringComparer.Ordinal);
        if (earlier == now)
            return new FieldTimes(changed);
        var (old, fresh) = (Fields(before), Fields(after));
        foreach (var path in old.Keys.Union(fresh.Keys))
        {
            if (old.GetValueOrDefault(path) != fresh.GetValueOrDefault(path))
                changed[path] = now;
        }

        return new FieldTimes(changed);
    }

    /// <summary>
    /// The times after a change of a record that the hub writes to, too: what it wrote itself is no news, and what somebody put back is.
    /// </summary>
    /// <param name="times">The times before; null when the record had not changed since it was first seen.</param>
    /// <param name="before">The record before, as JSON.</param>
    /// <param name="modifiedBefore">When its source said it was changed.</param>
    /// <param name="after">The record now.</param>
    /// <param name="at">When the edits were made.</param>
    /// <param name="edited">The fields that somebody edited, whether or not they look different.</param>
    /// <param name="echo">Whether a field that looks different does so because the hub wrote it: it repeats others from here on.</param>
    /// <param name="kept">Whether a field keeps its time though it looks different.</param>
    /// <returns>The times, and the fields that have news.</returns>
    public static (FieldTimes Times, IReadOnlyList<string> News) AfterEdits(
        FieldTimes? times, ReadOnlySpan<byte> before, long? modifiedBefore, ReadOnlySpan<byte> after, long at, IReadOnlySet<string> edited, Func<string, bool> echo, Func<string, string?, bool> kept)
    {
        ArgumentNullException.ThrowIfNull(edited);
        ArgumentNullException.ThrowIfNull(echo);
        ArgumentNullException.ThrowIfNull(kept);
        var changed = times is null ? new SortedDictionary<string, long>(StringComparer.Ordinal) { [Rest] = modifiedBefore ?? Unknown } : new(times._times, StringComparer.Ordinal);
        var (old, fresh) = (Fields(before), Fields(after));
        var news = new List<string>();
        foreach (var path in old.Keys.Union(fresh.Keys).Union(edited, StringComparer.Ordinal))
        {
            var differs = old.GetValueOrDefault(path) != fresh.GetValueOrDefault(path);
            if (differs && echo(path))
            {
                changed[path] = Copied;
            }
            else if ((differs || edited.Contains(path)) && !kept(path, fresh.GetValueOrDefault(path)))
            {
                changed[path] = at;
                news.Add(path);
            }
        }

        return (new FieldTimes(changed), news);
    }

    /// <summary>The fields of a record as JSON, each as it is written there.</summary>
    /// <param name="json">The record.</param>
    public static IReadOnlyDictionary<string, string> Written(ReadOnlySpan<byte> json) => Fields(json);

    private static Dictionary<string, string> Fields(ReadOnlySpan<byte> json)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(json));
        return document.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetRawText(), StringComparer.Ordinal);
    }
}
