using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>Checks what more than one file may say: countries, time zones and schedules.</summary>
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

    /// <summary>The shape of a Quartz cron expression; what its fields mean is Quartz's to judge.</summary>
    public static void CheckCron(ConfigNode node, ConfigProblems problems)
    {
        var fields = node.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length is not (6 or 7))
        {
            var fix = fields.Length == 5
                ? $"this looks like cron without seconds: write \"0 {QuartzDays(fields)}\""
                : "seconds, minutes, hours, day of month, month, day of week: \"0 0 2 * * ?\" is every night at two";
            problems.Add(node, $"a schedule has 6 fields (or 7 with the year), but this one has {fields.Length}", fix);
            return;
        }

        foreach (var field in fields)
        {
            if (!field.All(character => char.IsAsciiLetterOrDigit(character) || "*?,-/#".Contains(character)))
            {
                problems.Add(node.Document, node.OffsetOf(node.Text.IndexOf(field, StringComparison.Ordinal)), $"'{field}' is not a field of a schedule", "use digits, names of months and days, and * ? , - / # L W");
                return;
            }
        }

        if ((fields[3] == "?") == (fields[5] == "?"))
            problems.Add(node, "exactly one of day of month and day of week must be '?'", "write ? in the one that does not matter: \"0 0 2 * * ?\"");
    }

    // Unix cron allows a star in both day fields; Quartz wants a question mark in one.
    private static string QuartzDays(string[] fields) =>
        string.Join(' ', fields[4] == "*" ? [.. fields[..4], "?"] : [.. fields[..2], "?", fields[3], fields[4]]);

    private static bool IsCountry(string code) => code.Length == 2 && Countries.Codes.Contains(code);
}
