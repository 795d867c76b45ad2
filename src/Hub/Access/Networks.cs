using System.Net;

namespace Crm.Integration.Hub.Access;

/// <summary>Networks and single addresses.</summary>
/// <param name="networks">The networks.</param>
internal sealed class Networks(IReadOnlyList<IPNetwork> networks)
{
    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => networks.Count == 0;

    /// <summary>Reads them as they stand in hub.json.</summary>
    /// <param name="texts">Networks and addresses.</param>
    /// <param name="setting">Where they stand, for messages.</param>
    /// <exception cref="RefusedException">One is none.</exception>
    public static Networks Parse(IReadOnlyList<string> texts, string setting) => new([.. texts.Select(text =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw RefusedException.Invalid(setting, $"{setting} in hub.json: '{text}' is no address and no network", "write 10.0.0.0/8, 192.0.2.17 or 2001:db8::/32; the bits behind the network's length are zero"))]);

    /// <summary>Whether an address is one of them.</summary>
    public bool Contains(IPAddress? address)
    {
        if (address is null)
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        foreach (var network in networks)
        {
            if (network.Contains(address))
                return true;
        }

        return false;
    }
}
