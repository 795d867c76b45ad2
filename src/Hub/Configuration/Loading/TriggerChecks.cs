using Crm.Integration.Hub.Configuration.Binding;
using Crm.Integration.Hub.Configuration.Json;
using Quartz;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>Checks triggers: each by itself, and against calendars and other pipelines.</summary>
/// <param name="problems">What is wrong is added here.</param>
internal sealed class TriggerChecks(ConfigProblems problems)
{
    private static readonly string[] s_kinds = ["cron", "every", "after", "onChange"];

    /// <summary>The triggers of all pipelines.</summary>
    /// <param name="drafts">The pipelines.</param>
    /// <param name="calendars">The names of the calendars in hub.json.</param>
    public void Check(IReadOnlyList<PipelineDraft> drafts, IReadOnlyCollection<string> calendars)
    {
        foreach (var draft in drafts)
        {
            foreach (var trigger in Triggers(draft))
            {
                CheckKind(trigger);
                CheckTimes(trigger);
                if (draft.Inbound && Present(trigger["onChange"]) is { } change)
                    problems.Add(change, "'onChange' has no meaning in an inbound pipeline: what it brings is the change", "use 'every' or 'cron'");
                foreach (var name in Names(trigger["blackout"]).Where(name => !calendars.Contains(name.Text)))
                    problems.Add(name, $"unknown calendar '{name.Shown}'", SettingsBinder.Nearest(name.Text, calendars) ?? $"add it to hub.json: \"service\": {{ \"calendars\": {{ \"{name.Shown}\": {{ \"days\": [\"12-25\"] }} }} }}");
            }
        }

        CheckAfter(drafts);
    }

    /// <summary>The calendars of hub.json.</summary>
    public void CheckCalendars(ConfigNode hub)
    {
        foreach (var calendar in (hub["service"]?["calendars"]?.Members ?? []).Select(member => member.Value))
        {
            if (calendar["timeZone"] is { Kind: ConfigKind.Text } zone)
                DefaultChecks.CheckTimeZone(zone, problems);
            foreach (var day in calendar["days"]?.Items.Where(day => day.Kind == ConfigKind.Text) ?? [])
                CheckDay(day);
            foreach (var range in calendar["ranges"]?.Items.Where(range => range.Kind == ConfigKind.Object) ?? [])
            {
                if (range["from"] is not { Kind: ConfigKind.Text } from || range["to"] is not { Kind: ConfigKind.Text } to || !(CheckDay(from) & CheckDay(to)))
                    continue;
                var (first, last) = (CalendarDay.Parse(from.Text)!, CalendarDay.Parse(to.Text)!);
                if (first.Yearly != last.Yearly)
                    problems.Add(to, "a range is either of one year or of every year", "write both days with the year, or both without");
                else if (!first.Yearly && last.First < first.First)
                    problems.Add(to, "the range ends before it begins", "exchange 'from' and 'to'");
            }
        }
    }

    private bool CheckDay(ConfigNode day)
    {
        if (CalendarDay.Parse(day.Text) is not null)
            return true;
        problems.Add(day, $"'{day.Shown}' is not a day", "write 2027-01-29, or 12-25 for that day of every year");
        return false;
    }

    private void CheckKind(ConfigNode trigger)
    {
        var kinds = s_kinds.Where(kind => Present(trigger[kind]) is not null).ToList();
        if (kinds.Count == 0)
            problems.Add(trigger, "the trigger does not say when", $"give it one of {string.Join(", ", s_kinds)}: {{ \"cron\": \"0 0 2 * * ?\" }}");
        else if (kinds.Count > 1)
            problems.Add(trigger[kinds[1]]!, $"a trigger has one of {string.Join(", ", s_kinds)}, but this one has {string.Join(" and ", kinds)}", "make a list of triggers: [{ … }, { … }]");
        var moot = kinds is ["cron"] ? [] : kinds is ["every"] ? ["timeZone"] : (string[])["timeZone", "misfire", "jitter"];
        foreach (var key in kinds.Count == 1 ? moot : [])
        {
            if (Present(trigger[key]) is { } node)
                problems.Add(node, $"'{key}' has no meaning beside '{kinds[0]}'", "remove it");
        }
    }

    private void CheckTimes(ConfigNode trigger)
    {
        if (trigger["timeZone"] is { Kind: ConfigKind.Text } zone)
            DefaultChecks.CheckTimeZone(zone, problems);
        if (trigger["cron"] is { Kind: ConfigKind.Text } cron)
            CheckCron(cron);
        CheckDuration(trigger["every"], TimeSpan.FromSeconds(1), "an interval is a second at least");
        CheckDuration(trigger["onChange"], TimeSpan.Zero, "");
        CheckDuration(trigger["jitter"], TimeSpan.Zero, "");
    }

    private void CheckDuration(ConfigNode? node, TimeSpan least, string tooShort)
    {
        if (node is not { Kind: ConfigKind.Text or ConfigKind.Number })
            return;
        if (Durations.Parse(node.Text) is not { } duration)
            problems.Add(node, $"'{node.Shown}' is not a length of time", Durations.Example);
        else if (duration < least)
            problems.Add(node, $"{tooShort}, but this is {node.Shown}", Durations.Example);
        else if (duration > TimeSpan.FromDays(366))
            problems.Add(node, $"'{node.Shown}' is longer than a year", "use a cron expression");
    }

    private void CheckCron(ConfigNode node)
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

        if ((fields[3] == "?") == (fields[5] == "?"))
        {
            problems.Add(node, "exactly one of day of month and day of week must be '?'", "write ? in the one that does not matter: \"0 0 2 * * ?\"");
            return;
        }

        CronExpression expression;
        try
        {
            expression = CronExpression.Parse(node.Text);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            problems.Add(node, $"'{node.Shown}' is not a schedule: {exception.Message.TrimEnd('.')}", "seconds, minutes, hours, day of month, month, day of week: \"0 0 2 * * ?\" is every night at two");
            return;
        }

        // From the beginning of time, so that what is valid today is valid tomorrow, also where a year is named.
        if (expression.GetNextValidTimeAfter(DateTimeOffset.UnixEpoch) is null)
            problems.Add(node, $"'{node.Shown}' never comes", "there is no such day: look at day of month and month");
    }

    private void CheckAfter(IReadOnlyList<PipelineDraft> drafts)
    {
        var names = drafts.Select(draft => draft.Name).ToList();
        Dictionary<string, List<ConfigNode>> after = new(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            List<ConfigNode> known = [];
            foreach (var name in Triggers(draft).SelectMany(trigger => Names(trigger["after"])))
            {
                if (names.Contains(name.Text))
                    known.Add(name);
                else
                    problems.Add(name, $"unknown pipeline '{name.Shown}'", SettingsBinder.Nearest(name.Text, names) ?? $"there are {string.Join(", ", names)}");
            }

            after[draft.Name] = known;
        }

        HashSet<string> told = new(StringComparer.Ordinal);
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            if (Circle(name, after) is { } circle && circle.All(told.Add))
                problems.Add(after[name].First(node => node.Text == circle[0]), $"pipelines run after each other in a circle: {string.Join(" after ", circle.Prepend(name))}", "take one of them out: a circle would never end");
        }
    }

    /// <summary>The way from a pipeline over those after which it runs back to itself; null when there is none.</summary>
    private static List<string>? Circle(string name, Dictionary<string, List<ConfigNode>> after)
    {
        // Back to front: who runs after the pipeline, and after those.
        Dictionary<string, string> reached = new(StringComparer.Ordinal);
        Queue<string> open = new([name]);
        while (open.TryDequeue(out var current))
        {
            foreach (var (other, _) in after.Where(pair => pair.Value.Exists(node => node.Text == current)))
            {
                if (other == name)
                {
                    List<string> way = [];
                    for (var step = current; step != name; step = reached[step])
                        way.Add(step);
                    return [.. way, name];
                }

                if (reached.TryAdd(other, current))
                    open.Enqueue(other);
            }
        }

        return null;
    }

    // Unix cron allows a star in both day fields; Quartz wants a question mark in one.
    private static string QuartzDays(string[] fields) =>
        string.Join(' ', fields[4] == "*" ? [.. fields[..4], "?"] : [.. fields[..2], "?", fields[3], fields[4]]);

    private static IEnumerable<ConfigNode> Triggers(PipelineDraft draft) => Many(draft.Root["trigger"]).Where(node => node.Kind == ConfigKind.Object);

    private static IEnumerable<ConfigNode> Names(ConfigNode? node) => Many(node).Where(name => name.Kind == ConfigKind.Text);

    private static IEnumerable<ConfigNode> Many(ConfigNode? node) => node is null ? [] : node.Kind == ConfigKind.List ? node.Items : [node];

    private static ConfigNode? Present(ConfigNode? node) => node is { Kind: ConfigKind.Null } ? null : node;
}
