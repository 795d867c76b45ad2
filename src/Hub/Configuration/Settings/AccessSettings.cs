using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Hub.Configuration.Settings;

/// <summary>Who may reach the service, and how often.</summary>
public sealed record AccessSettings
{
    /// <summary>Addresses that may use the API.</summary>
    [Description("Addresses and networks that may use the API and all else but webhooks and health: `10.0.0.0/8`, `192.0.2.17`. Empty for any.")]
    public IReadOnlyList<string> Api { get; init; } = [];

    /// <summary>Addresses that may send webhooks.</summary>
    [Description("Addresses and networks that may send webhooks. Empty for any: each is verified anyway.")]
    public IReadOnlyList<string> Hooks { get; init; } = [];

    /// <summary>Proxies in front.</summary>
    [Description("Addresses and networks of reverse proxies in front of the service. Only what they say in `X-Forwarded-For` and `X-Forwarded-Proto` is believed.")]
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>Names of the service.</summary>
    [Description("Names by which the service is called besides addresses, `localhost`, the machine's name and those in `listen` and `publicAddress`. Requests to any other name are refused.")]
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Requests of a token.</summary>
    [Description("How many requests a token may make a minute; up to as many at once as in ten seconds."), Range(1, 1000000)]
    public int RequestsPerMinute { get; init; } = 1200;
}

/// <summary>The certificate of the service.</summary>
public sealed record TlsSettings
{
    /// <summary>The certificate.</summary>
    [Description("The certificate's file, relative to the hub folder: PEM with the chain (`.pem`, `.crt`) or PFX (`.pfx`, `.p12`). Read again when it has changed.")]
    public required string Certificate { get; init; }

    /// <summary>Its key.</summary>
    [Description("The file of its private key, where that is not in the same file. PEM only.")]
    public string? Key { get; init; }

    /// <summary>The password.</summary>
    [Description("The password of the key or of the PFX file."), Secret]
    public string? Password { get; init; }
}
