using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Traffic;

/// <summary>What came in and what it did, since the last reset.</summary>
internal sealed class Counters
{
    private long _reads;
    private long _writes;
    private long _written;
    private long _created;
    private long _updated;
    private long _deleted;
    private long _violations;
    private long _tokens;
    private long _refreshes;
    private long _sent;
    private long _dropped;
    private long _workflows;

    public long Violations => Interlocked.Read(ref _violations);

    /// <summary>The API made a record.</summary>
    public void Created() => Wrote(ref _created);

    /// <summary>The API changed a record, or was asked to and found it as it should be.</summary>
    public void Updated() => Wrote(ref _updated);

    /// <summary>The API deleted a record.</summary>
    public void Deleted() => Wrote(ref _deleted);

    /// <summary>An access token was given out.</summary>
    /// <param name="byRefresh">It was asked for with a refresh token.</param>
    public void Token(bool byRefresh)
    {
        Interlocked.Increment(ref _tokens);
        if (byRefresh)
            Interlocked.Increment(ref _refreshes);
    }

    public void Called(CallKind kind)
    {
        if (kind == CallKind.Read)
            Interlocked.Increment(ref _reads);
        else if (kind == CallKind.Write)
            Interlocked.Increment(ref _writes);
    }

    public void Violated(int rules) => Interlocked.Add(ref _violations, rules);

    /// <summary>The vendor's own automation would run for so many records, because the caller did not switch it off.</summary>
    public void WorkflowsRan(int records) => Interlocked.Add(ref _workflows, records);

    public void WebhookSent() => Interlocked.Increment(ref _sent);

    public void WebhookDropped() => Interlocked.Increment(ref _dropped);

    public void Reset()
    {
        Interlocked.Exchange(ref _reads, 0);
        Interlocked.Exchange(ref _writes, 0);
        Interlocked.Exchange(ref _written, 0);
        Interlocked.Exchange(ref _created, 0);
        Interlocked.Exchange(ref _updated, 0);
        Interlocked.Exchange(ref _deleted, 0);
        Interlocked.Exchange(ref _violations, 0);
        Interlocked.Exchange(ref _tokens, 0);
        Interlocked.Exchange(ref _refreshes, 0);
        Interlocked.Exchange(ref _sent, 0);
        Interlocked.Exchange(ref _dropped, 0);
        Interlocked.Exchange(ref _workflows, 0);
    }

    public JsonObject ToJson() => new()
    {
        ["calls"] = _reads + _writes,
        ["readCalls"] = _reads,
        ["writeCalls"] = _writes,
        ["recordsWritten"] = _written,
        ["created"] = _created,
        ["updated"] = _updated,
        ["deleted"] = _deleted,
        ["violations"] = _violations,
        ["tokens"] = _tokens,
        ["refreshes"] = _refreshes,
        ["webhooksSent"] = _sent,
        ["webhooksDropped"] = _dropped,
        ["workflowsRun"] = _workflows,
    };

    private void Wrote(ref long counter)
    {
        Interlocked.Increment(ref counter);
        Interlocked.Increment(ref _written);
    }
}
