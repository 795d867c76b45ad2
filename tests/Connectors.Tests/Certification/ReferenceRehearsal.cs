using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Certification;

/// <summary>What users of the reference system do, and how it is broken.</summary>
internal sealed partial class ReferenceSystem : IRehearsal
{
    public RehearsedStream Stream => ReferenceFixture.Stream;

    TimeProvider IRehearsal.Clock => Clock;

    public IReadOnlyList<string> Hosts => [];

    public Task SeedAsync(int records, CancellationToken cancellationToken) => Do(() =>
    {
        _records.Clear();
        _calls.Clear();
        _faults = [];
        _late.Clear();
        _hooks.Clear();
        _counters = new();
        _quietUntil = default;
        // Half a day ago, many at the same time.
        for (var n = 1; n <= records; n++)
            _records.Add($"S{n:D7}", new($"S{n:D7}", Stream.Fields.ToDictionary(field => field.Name, field => field.Sample(n), StringComparer.Ordinal), Clock.GetUtcNow().AddHours(-12).AddSeconds(n / 40)));
    });

    public Task<object> SettingsAsync(SettingsVariant variant, CancellationToken cancellationToken) => Task.FromResult<object>(new ReferenceSettings
    {
        Address = variant == SettingsVariant.WrongHost ? "nobody" : "reference",
        Secret = variant == SettingsVariant.WrongSecret ? "a-wrong-secret" : "reference-secret",
        RefreshToken = "reference-refresh-token-0",
        WebhookSecret = variant switch
        {
            SettingsVariant.WrongWebhookSecret => "another-hook-secret",
            SettingsVariant.BadTls => throw new NotShownException("the reference system has no network"),
            _ => HookSecret,
        },
    });

    public Task<IReadOnlyList<RehearsedRecord>> RecordsAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Settle();
            return Task.FromResult<IReadOnlyList<RehearsedRecord>>([.. _records.Values.Where(record => !record.Gone).OrderBy(record => record.Id, StringComparer.Ordinal).Select(record => new RehearsedRecord(record.Id, record.Values))]);
        }
    }

    public Task<string> CreateAsync(IReadOnlyDictionary<string, Value> values, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var id = NewId();
            Save(new(id, values, Now));
            return Task.FromResult(id);
        }
    }

    public Task EditAsync(string id, IReadOnlyDictionary<string, Value> values, CancellationToken cancellationToken) => Do(() =>
    {
        var made = Clock.GetUtcNow();
        void Edit() => Save(_records[id] with { Values = With(_records[id].Values, values), Modified = Later(_records[id]) });
        if (Standing("late-commit") is not { } late)
        {
            Edit();
            return;
        }

        _late.Add((made.AddSeconds((int)late.Arguments["seconds"]), () =>
        {
            _pretended = made;
            Edit();
            _pretended = null;
        }));
    });

    public Task DeleteAsync(string id, CancellationToken cancellationToken) => Do(() => Save(_records[id] with { Gone = true, Modified = Later(_records[id]) }));

    public Task MergeAsync(string id, string loser, CancellationToken cancellationToken) => Do(() => Save(_records[loser] with { Gone = true, AliasOf = id, Modified = Later(_records[loser]) }));

    public Task BreakAsync(IReadOnlyList<RehearsedFault> faults, CancellationToken cancellationToken) => Do(() =>
    {
        if (faults.Any(fault => fault.Kind == "mutate-while-paging"))
            throw new NotShownException("the check's own changes are enough");
        var rotating = Standing("rotate-refresh") is not null;
        _faults = [.. faults.Select(fault => (fault, fault.After, fault.Count ?? (fault.Kind == "expire-token" ? 1 : int.MaxValue)))];
        if (!rotating && Standing("rotate-refresh") is not null)
            (_refresh, _token) = ("reference-refresh-token-0", "");
    });

    public Task<RehearsalCounters> CountersAsync(CancellationToken cancellationToken) => Task.FromResult(Counters);

    public Task<IReadOnlyList<RehearsedCall>> CallsAsync(long since, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<RehearsedCall>>([.. _calls.Where(call => call.N > since)]);
    }

    public Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken) => Do(() => Clock.Advance(by));

    public Task<Uri> CatchWebhooksAsync(Func<WebhookRequest, WebhookVerdict> verify, CancellationToken cancellationToken)
    {
        _hooked = true;
        return Task.FromResult(new Uri("http://127.0.0.1/hooks/rehearsal"));
    }

    public Task<IReadOnlyList<WebhookRequest>> WebhooksAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            List<WebhookRequest> sent = [.. _hooks.Select(body => new WebhookRequest(Stream.Name, "POST", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-Signature"] = Sign(body) }, new Dictionary<string, string>(), body, Clock.GetUtcNow()))];
            _hooks.Clear();
            return Task.FromResult<IReadOnlyList<WebhookRequest>>(sent);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task Do(Action act)
    {
        lock (_gate)
        {
            Settle();
            act();
        }

        return Task.CompletedTask;
    }
}

/// <summary>A clock on which a wait is over as soon as it begins, and the time is then later.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private long _ahead;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
            Advance(dueTime);
        return System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, Timeout.InfiniteTimeSpan);
    }
}
