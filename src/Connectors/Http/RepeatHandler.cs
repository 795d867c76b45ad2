using System.Net;
using Crm.Integration.Connectors.Contract;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Crm.Integration.Connectors.Http;

/// <summary>Sends a request again where that helps and does no harm, within its time, and asks nothing of a system that is down.</summary>
internal sealed class RepeatHandler(ApiProfile profile, ConnectionContext context, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly ResiliencePropertyKey<Sending> s_sending = new("sending");

    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline = Build(profile, context.Clock);

    /// <summary>One request with all its attempts.</summary>
    private sealed class Sending(HttpRequestMessage request, DateTimeOffset deadline)
    {
        public HttpRequestMessage Request { get; } = request;

        public bool Repeatable { get; } = Attempt.IsRepeatable(request);

        public DateTimeOffset Deadline { get; } = deadline;

        public int Attempts { get; set; }

        /// <summary>Attempts that failed; those that were told to wait are not among them.</summary>
        public int Failures { get; set; }

        /// <summary>What came of the last attempt, for when the next one is not even made.</summary>
        public Outcome<HttpResponseMessage>? Last { get; set; }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content && !(request.Options.TryGetValue(ApiClient.Replayable, out var replayable) && replayable))
            await content.LoadIntoBufferAsync(cancellationToken);
        var sending = new Sending(request, context.Clock.GetUtcNow() + profile.TotalTimeout);
        var resilience = ResilienceContextPool.Shared.Get(cancellationToken);
        resilience.Properties.Set(s_sending, sending);
        try
        {
            var response = await _pipeline.ExecuteAsync(SendOnceAsync, resilience, (Handler: this, Sending: sending));
            var verdict = response.Verdict();
            if (verdict.Kind == VerdictKind.Fine)
                return response;
            response.Dispose();
            throw Failure(sending, verdict, response.StatusCode);
        }
        catch (AttemptException exception)
        {
            throw Failure(sending, exception);
        }
        catch (BrokenCircuitException exception) when (sending.Last is null)
        {
            throw new ConnectorException(
                FailureKind.Transient,
                $"{context.Name}: {Host(request)} failed nearly all requests of the last half minute, at least {profile.BreakAfter}; nothing is asked of it for {profile.BreakFor.TotalSeconds:N0} seconds.",
                "See whether the system is up, and run again; what was done is kept.",
                exception) { RetryAfter = profile.BreakFor };
        }
        catch (BrokenCircuitException) when (sending.Last is { } last)
        {
            // The request's own failures were among those that led to this: they tell more.
            throw last.Exception is AttemptException attempt ? Failure(sending, attempt) : Failure(sending, last.Result!.Verdict(), last.Result!.StatusCode);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new ConnectorException(
                FailureKind.Transient,
                $"{context.Name}: {Attempt.Describe(request)} did not succeed within {profile.TotalTimeout.TotalSeconds:N0} seconds, in {sending.Attempts} {(sending.Attempts == 1 ? "attempt" : "attempts")}.",
                "See whether the system is up or slow, and run again; what was done is kept.",
                exception) { MayHaveActed = !sending.Repeatable && sending.Attempts > 0 };
        }
        finally
        {
            ResilienceContextPool.Shared.Return(resilience);
        }
    }

    private static async ValueTask<HttpResponseMessage> SendOnceAsync(ResilienceContext resilience, (RepeatHandler Handler, Sending Sending) state)
    {
        Attempt.SetNumber(state.Sending.Request, ++state.Sending.Attempts);
        return await state.Handler.SendInnerAsync(state.Sending.Request, resilience.CancellationToken);
    }

    private Task<HttpResponseMessage> SendInnerAsync(HttpRequestMessage request, CancellationToken cancellationToken) => base.SendAsync(request, cancellationToken);

    private static ResiliencePipeline<HttpResponseMessage> Build(ApiProfile profile, TimeProvider clock)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock };
        return builder
            .AddTimeout(profile.TotalTimeout)
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = profile.Backoff,
                MaxDelay = profile.MaxBackoff,
                ShouldHandle = args => ValueTask.FromResult(IsWorthAnother(profile, clock, args)),
                DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result?.Verdict() switch
                {
                    // The account's budget makes everybody wait, this request among them.
                    { Kind: VerdictKind.Throttled } => TimeSpan.Zero,
                    { Wait: { } wait } => wait,
                    _ => (TimeSpan?)null,
                }),
                OnRetry = args =>
                {
                    args.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.8,
                // Requests that were under way together fail together: that is one failure of the system, not eight.
                MinimumThroughput = Math.Max(profile.BreakAfter, 3 * (profile.Limits.Concurrency ?? 1)),
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = profile.BreakFor,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is AttemptException
                    || (args.Outcome.Result is { } response && response.Verdict().Kind == VerdictKind.Retry && response.StatusCode >= HttpStatusCode.InternalServerError)),
            })
            .Build();
    }

    private static bool IsWorthAnother(ApiProfile profile, TimeProvider clock, RetryPredicateArguments<HttpResponseMessage> args)
    {
        var sending = args.Context.Properties.GetValue(s_sending, null!);
        if (args.Outcome.Exception is BrokenCircuitException)
            return false;
        sending.Last = args.Outcome;
        if (args.Outcome.Exception is { } exception)
            return exception is AttemptException attempt && (sending.Repeatable || !attempt.MayHaveActed) && ++sending.Failures < profile.Attempts;
        var verdict = args.Outcome.Result!.Verdict();
        if (verdict.Wait is { } wait && clock.GetUtcNow() + wait >= sending.Deadline)
            return false;
        return verdict.Kind switch
        {
            VerdictKind.Throttled => true,
            VerdictKind.Retry => (sending.Repeatable || verdict.NothingDone) && ++sending.Failures < profile.Attempts,
            _ => false,
        };
    }

    private ConnectorException Failure(Sending sending, Verdict verdict, HttpStatusCode status)
    {
        var mayHaveActed = verdict.Kind == VerdictKind.Retry && !verdict.NothingDone && !sending.Repeatable;
        var transient = verdict.Kind is VerdictKind.Retry or VerdictKind.Throttled;
        var failure = verdict.Failure;
        // A wait that is longer than the request's whole time is no failure but a pause.
        var pausedUntil = failure?.PausedUntil ?? (transient && verdict.Wait is { } wait && context.Clock.GetUtcNow() + wait >= sending.Deadline ? context.Clock.GetUtcNow() + wait : null);
        return new ConnectorException(
            failure?.Kind ?? (transient ? FailureKind.Transient : FailureKind.Configuration),
            failure?.Message ?? $"{context.Name}: {Host(sending.Request)} answered {Attempt.Describe(sending.Request)} with status {(int)status}{Times(sending)}.",
            failure?.Fix ?? (transient ? "Run again later; what was done is kept." : "Check the address and the rights of the connection's user."),
            failure?.InnerException) { RetryAfter = failure?.RetryAfter ?? verdict.Wait, PausedUntil = pausedUntil, Code = failure?.Code, MayHaveActed = mayHaveActed };
    }

    private ConnectorException Failure(Sending sending, AttemptException exception)
    {
        var lost = exception.MayHaveActed && !sending.Repeatable;
        return new ConnectorException(
            FailureKind.Transient,
            $"{context.Name}: {Host(sending.Request)} {exception.Message}{Times(sending)} ({Attempt.Describe(sending.Request)}).",
            lost ? "Whether the system has taken the write is not known; the next run finds out before it sends it again." : "See whether the system is up and can be reached from this machine, and run again; what was done is kept.",
            exception) { MayHaveActed = lost };
    }

    private static string Host(HttpRequestMessage request) => ApiClient.LacksBase(request.RequestUri!) ? "the system" : request.RequestUri!.Authority;

    private static string Times(Sending sending) => sending.Attempts == 1 ? "" : $", tried {sending.Attempts} times";
}
