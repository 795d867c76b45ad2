using System.Net;
using Crm.Integration.Hub.Configuration.Settings;
using Microsoft.AspNetCore.Http;

namespace Crm.Integration.Hub.Access;

/// <summary>Where the service may listen: on this machine as it likes; where others reach it only with TLS, and with somebody to answer to.</summary>
internal static class ListenRules
{
    /// <summary>Refuses what is not safe.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="hasAdmin">Asks whether there is a token that may everything.</param>
    /// <exception cref="RefusedException">It is not; the message says what to do.</exception>
    public static void Check(ServiceSettings settings, Func<bool> hasAdmin)
    {
        var addresses = settings.Listen.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (addresses.Length == 0)
            throw RefusedException.Invalid("service.listen", "service.listen in hub.json names no address", "write http://127.0.0.1:8090");
        var open = false;
        foreach (var text in addresses)
        {
            var address = Parse(text);
            var secure = string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);
            if (secure && settings.Tls is null)
                throw RefusedException.Invalid("service.tls", $"{text} needs a certificate", "name one in service.tls in hub.json: { \"certificate\": \"hub.pem\" }");
            if (IsLocal(address))
                continue;
            open = true;
            if (!secure && !settings.AllowPlainHttp)
            {
                throw RefusedException.Invalid(
                    "service.listen",
                    $"{text} can be reached from other machines, and tokens and customer data would travel readably",
                    "listen on https:// with service.tls in hub.json; or on 127.0.0.1; or, behind a proxy that speaks TLS, set service.allowPlainHttp to true");
            }
        }

        if (open && !hasAdmin())
            throw RefusedException.Clash($"{settings.Listen} can be reached from other machines, and there is no admin token yet: nobody could use or stop it", "make one with `hub token create NAME --role admin`, and start again");
    }

    private static BindingAddress Parse(string text)
    {
        try
        {
            return BindingAddress.Parse(text);
        }
        catch (FormatException)
        {
            throw RefusedException.Invalid("service.listen", $"'{text}' is no address to listen on", "write http://127.0.0.1:8090 or https://0.0.0.0:8443");
        }
    }

    private static bool IsLocal(BindingAddress address) =>
        address.IsUnixPipe || string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
