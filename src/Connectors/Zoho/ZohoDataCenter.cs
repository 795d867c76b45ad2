using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>Where an organisation lives. Clients, tokens and data of one data centre are unknown in every other.</summary>
/// <param name="Name">As the setting writes it: the ending of the addresses that its users see.</param>
/// <param name="Accounts">The host that gives tokens.</param>
/// <param name="Api">The host of the API, as the token answer usually names it.</param>
/// <param name="Upload">The host that takes files for bulk writes.</param>
internal sealed record ZohoDataCenter(string Name, string Accounts, string Api, string Upload)
{
    public static IReadOnlyList<ZohoDataCenter> All { get; } =
    [
        Of("com"), Of("eu"), Of("in"), Of("com.au"), Of("jp"), Of("uk"), Of("com.cn"),
        new("ca", "accounts.zohocloud.ca", "www.zohoapis.ca", "upload.zohocloud.ca"),
        new("sa", "accounts.zoho.sa", "www.zohoapis.sa", "files.zoho.sa"),
    ];

    /// <summary>Every host of every data centre: an organisation's sandboxes and developer editions included.</summary>
    public static IReadOnlyList<string> Hosts { get; } =
        [.. All.SelectMany(center => new[] { center.Accounts, center.Api, center.Api.Replace("www.", "sandbox.", StringComparison.Ordinal), center.Api.Replace("www.", "developer.", StringComparison.Ordinal), center.Upload })];

    /// <summary>The data centre of a setting.</summary>
    /// <exception cref="ConnectorException">There is none of this name.</exception>
    public static ZohoDataCenter Named(string name) =>
        All.FirstOrDefault(center => string.Equals(center.Name, name.Trim().TrimStart('.'), StringComparison.OrdinalIgnoreCase))
        ?? throw new ConnectorException(
            FailureKind.Configuration,
            $"`dataCenter` is '{name}'; Zoho has no such data centre.",
            $"Use the ending of the address in your browser when you are in Zoho CRM (crm.zoho.eu: `eu`): one of {string.Join(", ", All.Select(center => center.Name))}.");

    /// <summary>The data centre that an address of the API belongs to, or null.</summary>
    public static ZohoDataCenter? OfApi(string host)
    {
        var ending = host[(host.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return All.FirstOrDefault(center => center.Api.EndsWith($".{ending}", StringComparison.OrdinalIgnoreCase));
    }

    private static ZohoDataCenter Of(string name) => new(name, $"accounts.zoho.{name}", $"www.zohoapis.{name}", $"content.zohoapis.{name}");
}
