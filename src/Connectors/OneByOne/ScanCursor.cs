using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.OneByOne;

/// <summary>
/// How far a pull has come at a system that gives what changed since an instant, but not in that order. Between two looks the cursor is
/// the instant up to which everything was seen; in the middle of one it also says where to go on.
/// </summary>
internal sealed class ScanCursor
{
    // A time far ahead is a typing error; as a bound it would hide every record until then.
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromDays(1);

    private readonly List<string> _notes = [];
    private DateTimeOffset? _since;
    private DateTimeOffset? _begun;
    private DateTimeOffset? _newest;

    private ScanCursor()
    {
    }

    /// <summary>The oldest change that is asked for; null for every record there is.</summary>
    public DateTimeOffset? From { get; private set; }

    /// <summary>Where an interrupted look goes on; null to begin.</summary>
    public string? At { get; private set; }

    /// <summary>What the user should hear of.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Takes up the saved cursor; one that makes no sense starts over and says so.</summary>
    public static ScanCursor Resume(PullRequest request, DateTimeOffset now)
    {
        var cursor = new ScanCursor();
        if (request.Cursor is null)
            return cursor;
        if (Saved.Read(request.Cursor) is not { } saved)
        {
            cursor._notes.Add($"{request.Stream}: the saved cursor is not one that this connector wrote; the stream is read from its beginning.");
            return cursor;
        }

        if (saved.Since > now + s_clockSkew || saved.Begun > now + s_clockSkew)
        {
            cursor._notes.Add($"{request.Stream}: the saved cursor lies in the future; the stream is read from its beginning.");
            return cursor;
        }

        cursor._since = saved.Since;
        if (saved.At is not null)
        {
            cursor.At = saved.At;
            cursor.From = saved.From;
            cursor._begun = saved.Begun;
            cursor._newest = saved.Newest;
        }
        else if (saved.Since is { } since)
        {
            cursor.From = since - DateTimeOffset.MinValue > request.Lag ? since - request.Lag : DateTimeOffset.MinValue;
        }

        return cursor;
    }

    /// <summary>Begins the look again, from its first record.</summary>
    public void StartOver() => (At, _begun, _newest) = (null, null, null);

    /// <summary>Tells the system's time as the look begins; later calls are ignored.</summary>
    public void Begun(DateTimeOffset systemTime) => _begun ??= systemTime;

    /// <summary>Takes note of a record's time of change.</summary>
    public void Saw(DateTimeOffset? modified)
    {
        if (_newest is null || modified > _newest)
            _newest = modified ?? _newest;
    }

    /// <summary>The cursor in the middle of a look.</summary>
    /// <param name="at">Where to go on.</param>
    public string Midway(string at) => new Saved(_since, From, _begun, _newest, at).Write();

    /// <summary>
    /// The cursor at the end of a look. What changed during the look may have been passed already, so it reaches no further than the
    /// look's beginning; and no further than the newest record, whatever the clocks say. It never goes back.
    /// </summary>
    public string? Done()
    {
        var reached = _newest is { } newest && _begun is { } begun ? (newest < begun ? newest : begun) : _newest ?? _since ?? _begun;
        if (_since is { } since && !(reached > since))
            reached = since;
        return reached is null ? null : new Saved(reached).Write();
    }

    private sealed record Saved(DateTimeOffset? Since, DateTimeOffset? From = null, DateTimeOffset? Begun = null, DateTimeOffset? Newest = null, string? At = null)
    {
        private const int Form = 1;
        private const string InstantForm = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

        private static readonly JsonSerializerOptions s_json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

        public static Saved? Read(string text)
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                var root = json.RootElement;
                if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("scan", out var form) || form.GetInt32() != Form)
                    return null;
                var saved = new Saved(Instant("since"), Instant("from"), Instant("begun"), Instant("newest"), root.TryGetProperty("at", out var at) ? at.GetString() : null);
                return saved.Since is null && saved.At is null ? null : saved;

                DateTimeOffset? Instant(string name) => root.TryGetProperty(name, out var member)
                    ? DateTimeOffset.ParseExact(member.GetString() ?? "", InstantForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                    : null;
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
            {
                // Whatever it is, it is not ours; the caller starts over and says so.
                return null;
            }
        }

        public string Write() => JsonSerializer.Serialize(
            new { scan = Form, since = Text(Since), from = Text(From), begun = Text(Begun), newest = Text(Newest), at = At }, s_json);

        private static string? Text(DateTimeOffset? instant) => instant?.UtcDateTime.ToString(InstantForm, CultureInfo.InvariantCulture);
    }
}
