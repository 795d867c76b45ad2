using System.Net;
using System.Net.Sockets;

namespace Crm.Integration.Hub.Access;

/// <summary>
/// Slows those down who show wrong tokens: after a few, each further one makes their address wait longer. A right token is served all the
/// same, since others may sit behind that address.
/// </summary>
/// <param name="clock">The time.</param>
internal sealed class WrongTokens(TimeProvider clock)
{
    private const int Free = 5;
    private const int MostAddresses = 10_000;
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, (int Count, DateTimeOffset At)> _seen = [];

    /// <summary>Whether an address has to wait.</summary>
    public bool Waits(IPAddress? address)
    {
        lock (_gate)
            return _seen.TryGetValue(KeyOf(address), out var seen) && seen.At + WaitAfter(seen.Count) > clock.GetUtcNow();
    }

    /// <summary>Counts a wrong token.</summary>
    /// <returns>How long the address has to wait; zero while it need not.</returns>
    public TimeSpan Count(IPAddress? address)
    {
        var key = KeyOf(address);
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            var (count, at) = _seen.GetValueOrDefault(key);
            var left = at + WaitAfter(count) - now;

            // What comes while it should wait is refused unseen, and does not lengthen the wait.
            if (count > Free && left > TimeSpan.Zero)
                return left;
            count = now - at > s_longest ? 1 : count + 1;
            if (_seen.Count >= MostAddresses && !_seen.ContainsKey(key))
                MakeRoom(now);
            _seen[key] = (count, now);
            return count > Free ? WaitAfter(count) : TimeSpan.Zero;
        }
    }

    private static TimeSpan WaitAfter(int count) =>
        count <= Free ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(s_longest.TotalSeconds, Math.Pow(2, Math.Min(20, count - Free - 1))));

    // The oldest half: that happens once in thousands of addresses.
    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (address, _) in _seen.OrderBy(each => each.Value.At).Take(MostAddresses / 2).ToList())
            _seen.Remove(address);
        foreach (var (address, _) in _seen.Where(each => now - each.Value.At > s_longest).ToList())
            _seen.Remove(address);
    }

    // Who has one address of the newer kind has a whole network of them.
    private static IPAddress KeyOf(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
