using System.Globalization;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Service.Health;

/// <summary>Whether the store can be reached and written, and whether its server and this machine agree on the time.</summary>
/// <param name="engine">The store's engine.</param>
/// <param name="live">The configuration.</param>
/// <param name="clock">The time.</param>
internal sealed class StoreHealth(StoreEngine engine, LiveConfiguration live, TimeProvider clock) : IHealthPart, IDisposable
{
    private readonly ServiceStore _store = new(engine, clock);

    /// <inheritdoc/>
    public string Name => "store";

    /// <inheritdoc/>
    public Task<HealthFinding> LookAsync(CancellationToken cancellationToken) => Task.Run(Look, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private HealthFinding Look()
    {
        try
        {
            // Changes no row, and needs the right to change them all the same.
            _store.Write(transaction => transaction.Execute("update sequence set next = next where name = 'health'"));
            var asked = clock.GetUtcNow();
            var there = _store.Read(store => store.ServerTime);
            var answered = clock.GetUtcNow();
            return there is null ? HealthFinding.Ok($"{engine.Name} can be written") : Clocks(there.Value, asked, answered);
        }
        catch (StoreException exception)
        {
            return HealthFinding.Bad(exception.Message, exception.Fix);
        }
    }

    // The answer was given at some time between the two.
    private HealthFinding Clocks(DateTimeOffset there, DateTimeOffset asked, DateTimeOffset answered)
    {
        var skew = there < asked ? asked - there : there > answered ? there - answered : TimeSpan.Zero;
        var most = TimeSpan.FromSeconds(live.Current.Settings.Service.Health.MostClockSkewSeconds);
        return skew <= most
            ? HealthFinding.Ok($"{engine.Name} can be written; its clock agrees with ours")
            : HealthFinding.Bad(
                string.Create(CultureInfo.InvariantCulture, $"the clock of the database server is {skew.TotalSeconds:N0} seconds {(there > answered ? "ahead of" : "behind")} this machine's"),
                "let both follow the same time server: leases between nodes go by the time");
    }
}
