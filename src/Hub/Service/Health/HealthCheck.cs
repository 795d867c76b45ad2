using System.Globalization;

namespace Crm.Integration.Hub.Service.Health;

/// <summary>
/// Looks at all parts, once a second at most, however often it is asked. A part that does not answer is not waited for, and not asked again before it
/// has answered: a store that hangs must not make the check hang, or pile up questions.
/// </summary>
/// <param name="parts">The parts.</param>
/// <param name="clock">The time.</param>
internal sealed class HealthCheck(IEnumerable<IHealthPart> parts, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, (Task<HealthFinding> Look, long Since)> _looks = new(StringComparer.Ordinal);
    private (IReadOnlyList<(string Part, HealthFinding Finding)> Findings, long At)? _last;

    /// <summary>How all parts are.</summary>
    public async Task<IReadOnlyList<(string Part, HealthFinding Finding)>> LookAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && clock.GetElapsedTime(last.At) < s_fresh)
                return last.Findings;
            var findings = await Task.WhenAll(parts.Select(part => LookAtAsync(part, cancellationToken)));
            _last = (findings, clock.GetTimestamp());
            return findings;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<(string, HealthFinding)> LookAtAsync(IHealthPart part, CancellationToken cancellationToken)
    {
        (Task<HealthFinding> Look, long Since) look;
        lock (_looks)
        {
            if (!_looks.TryGetValue(part.Name, out look) || look.Look.IsCompleted)
                _looks[part.Name] = look = (LookOnceAsync(part), clock.GetTimestamp());
        }

        try
        {
            return (part.Name, await look.Look.WaitAsync(s_patience, clock, cancellationToken));
        }
        catch (TimeoutException)
        {
            var since = clock.GetElapsedTime(look.Since).TotalSeconds.ToString("N0", CultureInfo.InvariantCulture);
            return (part.Name, HealthFinding.Bad($"has not answered for {since} seconds", "see whether the disk or the database server hangs"));
        }
    }

    private static async Task<HealthFinding> LookOnceAsync(IHealthPart part)
    {
        try
        {
            return await part.LookAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            // A check that fails is an answer; what a library says of it may hold anything, and stays here.
            return HealthFinding.Bad($"cannot be looked at: {exception.GetType().Name}", "the log says more, or `hub doctor`");
        }
    }
}
