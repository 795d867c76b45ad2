using System.Net;
using Microsoft.AspNetCore.Http;

namespace Crm.Integration.Hub.Telemetry;

/// <summary>Tells callers on this machine from others.</summary>
internal static class LocalCaller
{
    /// <summary>
    /// Whether a request was made on this machine. A proxy here speaks for somebody else: what it hands on is from outside. So is what a page in a
    /// browser here asks for under a name that leads back to this machine.
    /// </summary>
    public static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IsLoopback(address)
        && (context.Request.Host.Host is "localhost" || (IPAddress.TryParse(context.Request.Host.Host.Trim('[', ']'), out var host) && IsLoopback(host)))
        && !context.Request.Headers.ContainsKey("Forwarded") && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("X-Real-IP") && !context.Request.Headers.ContainsKey("Via");

    private static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
