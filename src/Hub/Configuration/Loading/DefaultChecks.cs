using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>Checks what more than one file may say: countries and time zones.</summary>
internal static class DefaultChecks
{
    /// <summary>The defaults of hub.json.</summary>
    public static void Check(ConfigNode root, DefaultSettings defaults, ConfigProblems problems)
    {
        var node = root["defaults"];
        if (node?["country"] is { Kind: ConfigKind.Text } country && !IsCountry(defaults.Country ?? ""))
            problems.Add(country, $"'{country.Shown}' is not a country code of ISO 3166-1", "write two capital letters, such as DE, US or CN");
        if (node?["timeZone"] is { Kind: ConfigKind.Text } zone)
            CheckTimeZone(zone, problems);
    }

    /// <summary>A time zone by its IANA name.</summary>
    public static void CheckTimeZone(ConfigNode node, ConfigProblems problems)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(node.Text, out _))
            return;
        var names = TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id);
        problems.Add(node, $"'{node.Shown}' is not a time zone that this machine knows", Binding.SettingsBinder.Nearest(node.Text, names) ?? "write an IANA name such as Europe/Berlin or Asia/Shanghai");
    }

    private static bool IsCountry(string code) => code.Length == 2 && Countries.Codes.Contains(code);
}
