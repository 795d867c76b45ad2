using System.Net;
using Crm.Integration.Hub.Configuration.Settings;
using Microsoft.AspNetCore.Http;

namespace Crm.Integration.Hub.Access;

/// <summary>Which addresses may come in, under which names the service is called, and who a caller is behind its proxies.</summary>
internal sealed class Doors
{
    private readonly Networks _api;
    private readonly Networks _hooks;
    private readonly Networks _proxies;
    private readonly HashSet<string> _names;

    /// <summary>The doors of the settings.</summary>
    /// <exception cref="RefusedException">An address in them is none.</exception>
    public Doors(ServiceSettings settings)
    {
        var access = settings.Access;
        _api = Networks.Parse(access.Api, "service.access.api");
        _hooks = Networks.Parse(access.Hooks, "service.access.hooks");
        _proxies = Networks.Parse(access.Proxies, "service.access.proxies");
        _names = new HashSet<string>([.. access.Hosts, "localhost", Environment.MachineName], StringComparer.OrdinalIgnoreCase);
        foreach (var address in settings.Listen.Split(';').Append(settings.PublicAddress))
        {
            if (Uri.TryCreate(address, UriKind.Absolute, out var uri))
                _names.Add(uri.Host);
        }
    }

    /// <summary>
    /// Whether the service is called by this name. A page of a stranger can make a browser here call a name of the stranger's that leads to
    /// this machine; it cannot make it call an address.
    /// </summary>
    public bool Answers(HostString host) => IPAddress.TryParse(host.Host.Trim('[', ']'), out _) || _names.Contains(host.Host);

    /// <summary>Whether a path is there for callers without a token.</summary>
    public static bool IsForAnybody(PathString path) =>
        path.StartsWithSegments("/hooks", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an address may come to a path.</summary>
    public bool Admits(IPAddress? address, PathString path)
    {
        if (path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase))
            return true;
        var networks = path.StartsWithSegments("/hooks", StringComparison.OrdinalIgnoreCase) ? _hooks : _api;
        return networks.IsEmpty || networks.Contains(address);
    }

    /// <summary>The address of a caller: what proxies of ours say, and nobody else.</summary>
    public IPAddress? AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        if (_proxies.IsEmpty || !_proxies.Contains(address))
            return address;

        // Each proxy adds who spoke to it at the end; what stands before the first stranger may be made up.
        var said = context.Request.Headers["X-Forwarded-For"].SelectMany(line => line!.Split(',')).Select(text => text.Trim()).ToList();
        for (var i = said.Count - 1; i >= 0; i--)
        {
            if (!IPAddress.TryParse(said[i], out var next))
                return address;
            address = next;
            if (!_proxies.Contains(next))
                return address;
        }

        return address;
    }

    /// <summary>Whether the caller came by TLS, to us or to a proxy of ours.</summary>
    public bool IsSecure(HttpContext context) => context.Request.IsHttps
        || (_proxies.Contains(context.Connection.RemoteIpAddress) && string.Equals(context.Request.Headers["X-Forwarded-Proto"], "https", StringComparison.OrdinalIgnoreCase));
}
