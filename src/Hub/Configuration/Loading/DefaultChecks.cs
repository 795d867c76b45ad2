using System.Globalization;
using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>Checks what more than one file may say: countries, time zones, times of day.</summary>
internal static class DefaultChecks
{
    /// <summary>The defaults of hub.json, and times of day.</summary>
    public static void Check(ConfigNode root, DefaultSettings defaults, ConfigProblems problems)
    {
        if (root["service"]?["retention"]?["at"] is { Kind: ConfigKind.Text } at)
            CheckTime(at, problems);
        if (root["service"]?["alerts"] is { Kind: ConfigKind.Object } alerts)
            CheckAlerts(alerts, problems);
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

    /// <summary>A time of day.</summary>
    public static void CheckTime(ConfigNode node, ConfigProblems problems)
    {
        if (!IsTime(node.Text))
            problems.Add(node, $"'{node.Shown}' is not a time of day", "write hours and minutes in four digits: 04:10");
    }

    private static void CheckAlerts(ConfigNode alerts, ConfigProblems problems)
    {
        if (alerts["digest"] is { Kind: ConfigKind.Text } digest)
            CheckTime(digest, problems);
        foreach (var (name, _, channel) in alerts["channels"]?.Members ?? [])
        {
            var kind = channel["kind"]?.Text;
            foreach (var needed in kind == "email" ? (string[])["host", "from", "to"] : kind is null ? ["kind"] : ["url"])
            {
                if (channel[needed] is null)
                    problems.Add(channel, $"the channel '{name}' has no {needed}", $"add \"{needed}\"");
            }

            if (channel["quiet"] is { Kind: ConfigKind.Text } quiet
                && !(quiet.Text.Split('-') is [var from, var to] && IsTime(from) && IsTime(to)))
                problems.Add(quiet, $"'{quiet.Shown}' is not a window of time", "write two times of day: 22:00-06:00");
        }
    }

    private static bool IsTime(string text) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsCountry(string code) => code.Length == 2 && Countries.Codes.Contains(code);
}
