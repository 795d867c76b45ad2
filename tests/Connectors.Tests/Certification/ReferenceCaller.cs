using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Tests.Certification;

/// <summary>Calls the reference system: within its limits, with a token, again where that makes sense.</summary>
internal sealed class ReferenceCaller(ReferenceSettings settings, ConnectionContext context, ReferenceSystem system, Defect defect)
{
    private const int Attempts = 6;

    private static readonly ConditionalWeakTable<ReferenceSystem, Budget> s_budgets = [];

    // One account, one budget, however many connections.
    private readonly Budget _budget = s_budgets.GetOrCreateValue(system);
    private string? _token;

    public async Task<T> CallAsync<T>(Func<string, Task<T>> call, CancellationToken cancellationToken)
    {
        if (defect == Defect.CallsElsewhere)
            await ElsewhereAsync(cancellationToken);
        if (settings.Address != "reference")
            throw new ConnectorException(FailureKind.Configuration, $"Nobody answers at '{settings.Address}'.", "Correct `address` of the connection.");
        for (var attempt = 1; ; attempt++)
        {
            if (defect != Defect.NoBudget)
                await _budget.WaitAsync(context.Clock, cancellationToken);
            _token ??= await TokenAsync(null, cancellationToken);
            if (defect == Defect.TracesToken)
                context.Trace($"GET people with {_token}");
            else
                context.Trace("GET people");
            try
            {
                return await call(_token);
            }
            catch (ReferenceRefusal refusal) when (refusal.Code == "token-expired" && attempt < Attempts && defect != Defect.NeverRenews)
            {
                _token = await TokenAsync(_token, cancellationToken);
            }
            catch (ReferenceRefusal refusal) when (refusal.Status is not (400 or 422))
            {
                await AgainAsync(refusal, attempt, cancellationToken);
            }
        }
    }

    private async Task AgainAsync(ReferenceRefusal refusal, int attempt, CancellationToken cancellationToken)
    {
        if (refusal.Code == "daily-limit")
        {
            throw new ConnectorException(FailureKind.Transient, "The calls of the day are used up.", "The run goes on by itself tomorrow.")
            {
                PausedUntil = defect == Defect.NeverPauses ? null : context.Clock.GetUtcNow().Date.AddDays(1),
            };
        }

        if (refusal.Status is 401 or 403)
            throw new ConnectorException(FailureKind.Configuration, $"The system refuses the connection: {refusal.Code}.", "Renew the secret of the connection, or give its user the rights.") { Code = refusal.Code };
        var tries = defect switch { Defect.NeverTriesAgain => 1, Defect.TriesForEver => 200, _ => Attempts };
        if (attempt >= tries)
            throw new ConnectorException(FailureKind.Transient, $"The system does not answer properly: {refusal.Code}.", "Try again later; if it stays so, look at the system's own status page.") { Code = refusal.Code };
        if (defect == Defect.CallsAgainAtOnce)
            return;
        var wait = refusal.RetryAfter ?? TimeSpan.FromMilliseconds(100 << Math.Min(attempt, 6));
        if (refusal.Status == 429)
            _budget.QuietUntil(context.Clock.GetUtcNow() + wait);
        else
            await Task.Delay(wait, context.Clock, cancellationToken);
    }

    private async Task<string> TokenAsync(string? refused, CancellationToken cancellationToken)
    {
        var lease = defect == Defect.RenewsAlone ? null : await context.Memory.LeaseAsync("token", TimeSpan.FromMinutes(1), cancellationToken);
        await using (lease)
        {
            if (defect != Defect.RenewsAlone && await context.Memory.ReadAsync("access", cancellationToken) is { } known && known != refused)
                return known;
            var refresh = await context.Memory.ReadAsync("refresh", cancellationToken) ?? settings.RefreshToken;
            if (defect == Defect.RenewsAlone)
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
            try
            {
                var token = system.Token(settings.Secret, refresh);
                context.Conceal(token);
                context.Conceal(ReferenceSystem.RefreshOf(token));
                var saving = SaveAsync(token, cancellationToken);
                if (defect == Defect.UsesUnsavedToken)
                    await system.TimeAsync(token, cancellationToken);
                await saving;
                return token;
            }
            catch (ReferenceRefusal refusal)
            {
                throw new ConnectorException(FailureKind.Configuration, $"The system gives no token: {refusal.Code}.", "Renew the secret and the refresh token of the connection.") { Code = refusal.Code };
            }
        }
    }

    private async Task SaveAsync(string token, CancellationToken cancellationToken)
    {
        await context.Memory.WriteAsync("refresh", ReferenceSystem.RefreshOf(token), secret: true, cancellationToken);
        await context.Memory.WriteAsync("access", token, secret: defect != Defect.RemembersTokenOpenly, cancellationToken);
    }

    private static async Task ElsewhereAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromMilliseconds(50) });
        try
        {
            await client.GetAsync(new Uri("http://127.0.0.2:9/telemetry"), cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // Nobody listens there; that it was tried is the mistake.
        }
    }

    private sealed class Budget
    {
        private readonly Queue<DateTimeOffset> _made = new();
        private readonly Lock _gate = new();
        private DateTimeOffset _quiet;

        public void QuietUntil(DateTimeOffset until)
        {
            lock (_gate)
                _quiet = until > _quiet ? until : _quiet;
        }

        public async Task WaitAsync(TimeProvider clock, CancellationToken cancellationToken)
        {
            while (true)
            {
                TimeSpan wait;
                lock (_gate)
                {
                    var now = clock.GetUtcNow();
                    while (_made.Count > 0 && _made.Peek() <= now - ReferenceSystem.Window * 1.5)
                        _made.Dequeue();
                    wait = _quiet > now ? _quiet - now : _made.Count < ReferenceSystem.WindowCalls - 5 ? TimeSpan.Zero : ReferenceSystem.Window;
                    if (wait == TimeSpan.Zero)
                        _made.Enqueue(now);
                }

                if (wait == TimeSpan.Zero)
                    return;
                await Task.Delay(wait + TimeSpan.FromMilliseconds(1), clock, cancellationToken);
            }
        }
    }
}
