using System.Net;
using Microsoft.AspNetCore.Http;

namespace Crm.Integration.Hub.Telemetry;

/// <summary>Tells callers on this machine from others.</summary>
internal static class LocalCaller
{
    /// <summary>
    /// Whether a request was made on this machine. A proxy here speaks for somebody else: what it hands on is from outside.
    /// </summary>
    public static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
        && !context.Request.Headers.ContainsKey("Forwarded") && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("X-Real-IP") && !context.Request.Headers.ContainsKey("Via");
}
