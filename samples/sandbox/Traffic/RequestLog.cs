using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Traffic;

/// <summary>The last calls, for tests that ask when and how often, and for people who wonder what the hub did.</summary>
internal sealed class RequestLog
{
    private const int Kept = 20_000;
    private const int PathShown = 400;
    private static readonly object s_faultKey = new();

    private readonly Lock _gate = new();
    private readonly Queue<Entry> _entries = new();
    private long _last;

    /// <summary>Says which fault or refusal met the call, for its line in the log.</summary>
    public static void Note(HttpContext context, string fault) => context.Items[s_faultKey] = fault;

    public void Add(HttpContext context, DateTimeOffset at, TimeSpan took, int status)
    {
        var target = context.Request.Path + context.Request.QueryString.ToString();
        var entry = new Entry(at, context.Request.Method, target.Length <= PathShown ? target : target[..PathShown] + "…", status,
            (long)took.TotalMilliseconds, context.Items[s_faultKey] as string);
        lock (_gate)
        {
            entry.Number = ++_last;
            _entries.Enqueue(entry);
            if (_entries.Count > Kept)
                _entries.Dequeue();
        }
    }

    public JsonArray Since(long number)
    {
        Entry[] entries;
        lock (_gate)
            entries = [.. _entries.Where(entry => entry.Number > number)];
        return [.. entries.Select(entry => entry.ToJson())];
    }

    public void Clear()
    {
        lock (_gate)
            _entries.Clear();
    }

    private sealed record Entry(DateTimeOffset At, string Method, string Path, int Status, long Milliseconds, string? Fault)
    {
        public long Number { get; set; }

        public JsonObject ToJson() => new()
        {
            ["n"] = Number,
            ["at"] = At.UtcDateTime,
            ["method"] = Method,
            ["path"] = Path,
            ["status"] = Status,
            ["ms"] = Milliseconds,
            ["fault"] = Fault,
        };
    }
}
