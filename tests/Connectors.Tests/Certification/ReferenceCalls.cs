using Crm.Integration.Connectors.Certification;

namespace Crm.Integration.Connectors.Tests.Certification;

/// <summary>How a call to the reference system fares: limits, faults, the log.</summary>
internal sealed partial class ReferenceSystem
{
    private async Task<T> CallAsync<T>(string token, bool write, Func<T> answer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Task.Yield();
        if (Peek("slow") is { } slow)
            await Task.Delay(TimeSpan.FromMilliseconds((int)slow.Arguments["ms"]), TimeProvider.System, cancellationToken);
        lock (_gate)
        {
            Settle();
            _counters = _counters with { Calls = _counters.Calls + 1, WriteCalls = _counters.WriteCalls + (write ? 1 : 0) };
            CountViolations();
            try
            {
                var result = Answer(token, write, answer);
                _calls.Add(new(_calls.Count + 1, Clock.GetUtcNow(), 200, null));
                return result;
            }
            catch (ReferenceRefusal refusal)
            {
                _calls.Add(new(_calls.Count + 1, Clock.GetUtcNow(), refusal.Status, refusal.Code));
                throw;
            }
        }
    }

    private T Answer<T>(string token, bool write, Func<T> answer)
    {
        foreach (var (kind, status, code) in new[] { ("reset", 0, "reset"), ("html", 200, "html"), ("truncate", 200, "truncated"), ("bad-gzip", 200, "bad-gzip") })
        {
            if (Take(kind) is not null)
                throw new ReferenceRefusal(status, code);
        }

        Take("slow");
        Take("drip");
        if (Take("status") is { } fault)
            throw new ReferenceRefusal((int)fault.Arguments["status"], "status");
        if (Take("limit") is { } limit)
        {
            var wait = TimeSpan.FromSeconds((int)limit.Arguments["seconds"]);
            _quietUntil = Clock.GetUtcNow() + wait;
            throw new ReferenceRefusal(429, "limit", wait);
        }

        if (Take("daily-limit") is not null)
            throw new ReferenceRefusal(429, "daily-limit");
        if (Take("expire-token") is not null)
            _token = "";
        if (token != _token || token.Length == 0)
            throw new ReferenceRefusal(401, "token-expired");
        if (Standing("missing-scope") is not null)
            throw new ReferenceRefusal(403, "missing-scope");
        var result = answer();
        if (write && Take("lose-answer") is not null)
            throw new ReferenceRefusal(0, "reset");
        return result;
    }

    private void CountViolations()
    {
        var now = Clock.GetUtcNow();
        while (_window.Count > 0 && _window.Peek() <= now - Window)
            _window.Dequeue();
        _window.Enqueue(now);
        if (_window.Count > WindowCalls || now < _quietUntil)
            _counters = _counters with { Violations = _counters.Violations + 1 };
    }

    private void Settle()
    {
        foreach (var (due, commit) in _late.Where(each => each.Due <= Clock.GetUtcNow()).ToList())
        {
            _late.Remove((due, commit));
            commit();
        }
    }

    private RehearsedFault? Standing(string kind) => _faults.FirstOrDefault(each => each.Fault.Kind == kind && each.Left != 0).Fault;

    private RehearsedFault? Peek(string kind)
    {
        lock (_gate)
            return _faults.FirstOrDefault(each => each.Fault.Kind == kind && each is { Left: not 0, Skip: 0 }).Fault;
    }

    private RehearsedFault? Take(string kind)
    {
        var at = _faults.FindIndex(each => each.Fault.Kind == kind && each.Left != 0);
        if (at < 0)
            return null;
        var (fault, skip, left) = _faults[at];
        if (skip > 0)
        {
            _faults[at] = (fault, skip - 1, left);
            return null;
        }

        _faults[at] = (fault, 0, left - 1);
        return fault;
    }
}
