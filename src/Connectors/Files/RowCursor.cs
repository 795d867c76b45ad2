using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Files;

/// <summary>
/// Which rows of a file are new enough, and how far the pull has come. Inclusive: rows of the same age as the mark are
/// given again, which costs nothing, while leaving them out loses what was committed within the same second.
/// A row whose cursor cannot be read is always given. The file need not be sorted, so only its end gives a new mark.
/// </summary>
internal sealed class RowCursor
{
    // A date far ahead is a typing error; as a mark it would hide every row until then.
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromDays(1);

    private readonly PullRequest _request;
    private readonly DateTimeOffset _latest;
    private readonly List<string> _notes = [];
    private readonly int _field;
    private readonly int _keyField;
    private readonly CursorValue? _from;
    private readonly Shape _shape;
    private CursorValue? _mark;
    private string? _markKey;
    private CursorKind? _kind;
    private bool _toldUnreadable;

    public RowCursor(PullRequest request, Shape shape, TimeProvider clock)
    {
        _request = request;
        _shape = shape;
        _latest = clock.GetUtcNow() + s_clockSkew;
        _field = shape.Find(request.CursorField!);
        _keyField = request.KeyField is null ? -1 : shape.Find(request.KeyField);
        if (_field < 0 && shape.Count > 0)
            throw new ConnectorException(FailureKind.Configuration, $"{request.Stream} has no field '{request.CursorField}' for the cursor.", $"Correct `cursor` in the pipeline, or take it out. The fields are: {string.Join(", ", shape.Names.Take(20))}.");
        if (request.Cursor is null)
            return;
        if (Saved.Read(request.Cursor) is not { } saved)
        {
            _notes.Add($"{request.Stream}: the saved cursor is not one that this connector wrote; the file is read from its beginning.");
            return;
        }

        if (saved.Value is { Kind: CursorKind.Instant } instant && instant.Instant > _latest)
        {
            _notes.Add($"{request.Stream}: the saved cursor lies in the future; the file is read from its beginning.");
            return;
        }

        _mark = saved.Value;
        _markKey = saved.Key;
        _from = saved.Value.Before(request.Lag);
    }

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The new mark as text, or null when no row gave one.</summary>
    public string? Text => _mark is { } mark ? Saved.Write(mark, _markKey) : null;

    /// <summary>Whether a row is to be given; moves the mark.</summary>
    public bool Takes(SourceRow row)
    {
        // JSON Lines learn their names while reading.
        var field = _field >= 0 ? _field : _shape.Find(_request.CursorField!);
        if (row.Fault is not null || CursorValue.Of(row[field], _kind ?? _mark?.Kind) is not { } value)
        {
            if (row.Fault is null && !_toldUnreadable)
            {
                _toldUnreadable = true;
                _notes.Add($"{row.Position}: `{_request.CursorField}` is empty or not like the others; such rows are read each time.");
            }

            return true;
        }

        if (value.Kind == CursorKind.Ambiguous)
            throw new ConnectorException(FailureKind.Configuration, $"{row.Position}: `{_request.CursorField}` holds dates with slashes, which may be day first or month first.", "Export them as yyyy-MM-dd, or take `cursor` out of the pipeline: then the whole file is read each time.");
        if (_kind is null)
        {
            _kind = value.Kind;
            if (_from is { } saved && saved.Kind != value.Kind)
            {
                _notes.Add($"{_request.Stream}: `{_request.CursorField}` looks different from before; the file is read from its beginning.");
                _mark = null;
            }
        }

        if (value.Kind == CursorKind.Instant && value.Instant > _latest)
            return true;
        if (_mark is not { } mark || value.CompareTo(mark) is var order && (order > 0 || (order == 0 && string.CompareOrdinal(Key(row), _markKey) > 0)))
        {
            _mark = value;
            _markKey = Key(row);
        }

        return _from is not { } from || from.Kind != value.Kind || value.CompareTo(from) >= 0;
    }

    private string? Key(SourceRow row) => row[_keyField >= 0 || _request.KeyField is null ? _keyField : _shape.Find(_request.KeyField)].ToText();

    private sealed record Saved(CursorValue Value, string? Key)
    {
        public static Saved? Read(string text)
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                if (json.RootElement.ValueKind != JsonValueKind.Object
                    || !json.RootElement.TryGetProperty("after", out var after) || after.ValueKind != JsonValueKind.String
                    || !json.RootElement.TryGetProperty("kind", out var kindText) || !Enum.TryParse<CursorKind>(kindText.GetString(), ignoreCase: true, out var kind)
                    || CursorValue.Of(after.GetString(), kind) is not { } value)
                    return null;
                return new(value, json.RootElement.TryGetProperty("key", out var key) ? key.GetString() : null);
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // Whatever it is, it is not ours; the caller starts over and says so.
                return null;
            }
        }

        public static string Write(CursorValue mark, string? key) =>
            JsonSerializer.Serialize(new { kind = mark.Kind.ToString().ToLowerInvariant(), after = mark.ToString(), key });
    }
}
