using Crm.Integration.Hub.Tests.Configuration;

namespace Crm.Integration.Hub.Tests.Triggers;

public sealed class TriggerConfigurationTests
{
    [Theory]
    [InlineData("""{ }""", "the trigger does not say when; give it one of cron, every, after, onChange")]
    [InlineData("""{ "cron": "0 0 2 * * ?", "every": "1h" }""", "a trigger has one of cron, every, after, onChange, but this one has cron and every; make a list of triggers")]
    [InlineData("""{ "cron": "0 2 * * *" }""", "a schedule has 6 fields (or 7 with the year), but this one has 5; this looks like cron without seconds: write \"0 0 2 * * ?\"")]
    [InlineData("""{ "cron": "0 0 25 * * ?" }""", "'0 0 25 * * ?' is not a schedule:")]
    [InlineData("""{ "cron": "0 0 2 * * MOONDAY" }""", "exactly one of day of month and day of week must be '?'")]
    [InlineData("""{ "cron": "0 0 2 ? * MOONDAY" }""", "'0 0 2 ? * MOONDAY' is not a schedule:")]
    [InlineData("""{ "cron": "0 0 2 31 2 ?" }""", "'0 0 2 31 2 ?' never comes; there is no such day")]
    [InlineData("""{ "cron": "0 0 2 * * ?", "timeZone": "Europe/Berln" }""", "'Europe/Berln' is not a time zone that this machine knows; did you mean 'Europe/Berlin'?")]
    [InlineData("""{ "every": "fortnight" }""", "'fortnight' is not a length of time; write a number and a unit: 30s, 15m, 6h or 1d")]
    [InlineData("""{ "every": "100ms" }""", "an interval is a second at least, but this is 100ms")]
    [InlineData("""{ "every": "15m", "timeZone": "UTC" }""", "'timeZone' has no meaning beside 'every'; remove it")]
    [InlineData("""{ "after": "p" }""", "pipelines run after each other in a circle: p after p; take one of them out")]
    [InlineData("""{ "after": ["shopp"] }""", "unknown pipeline 'shopp'; did you mean 'shop'?")]
    [InlineData("""{ "onChange": "30s" }""", "'onChange' has no meaning in an inbound pipeline")]
    [InlineData("""{ "every": "1h", "blackout": "fest" }""", "unknown calendar 'fest'; did you mean 'feast'?")]
    [InlineData("""{ "every": "1h", "misfire": "never" }""", "'misfire' must be one of once, skip, but is 'never'")]
    [InlineData("""[{ "every": "1h" }, 5]""", "'trigger' must be an object")]
    public void A_mistake_is_named_with_its_place_and_remedy(string trigger, string problem)
    {
        using var hub = new TemporaryHub();
        hub.Write("hub.json", """{ "service": { "calendars": { "feast": { "days": ["12-25"] } } } }""");
        hub.Write("pipelines/shop.json", TemporaryHub.Inbound());
        hub.Write("pipelines/p.json", TemporaryHub.Inbound($",\n\"trigger\": {trigger}"));

        var found = Assert.Single(hub.Problems());
        Assert.StartsWith("pipelines/p.json:2:", found, StringComparison.Ordinal);
        Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_of_pipelines_is_named_once()
    {
        using var hub = new TemporaryHub();
        foreach (var (name, after) in ((string, string)[])[("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")])
            hub.Write($"pipelines/{name}.json", TemporaryHub.Inbound($$""", "trigger": { "after": "{{after}}" }"""));

        Assert.Contains("in a circle: a after b after c after a", Assert.Single(hub.Problems()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "days": ["13-45"] }""", "'13-45' is not a day; write 2027-01-29, or 12-25")]
    [InlineData("""{ "ranges": [ { "from": "2026-12-24", "to": "12-31" } ] }""", "a range is either of one year or of every year")]
    [InlineData("""{ "ranges": [ { "from": "2026-12-24", "to": "2026-12-01" } ] }""", "the range ends before it begins")]
    [InlineData("""{ "weekdays": ["caturday"] }""", "did you mean 'saturday'?")]
    public void A_mistake_in_a_calendar_is_named(string calendar, string problem)
    {
        using var hub = new TemporaryHub();
        hub.Write("hub.json", $$"""{ "service": { "calendars": { "feast": {{calendar}} } } }""");

        Assert.Contains(problem, Assert.Single(hub.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void One_trigger_or_a_list_of_them_may_be_written()
    {
        using var hub = new TemporaryHub();
        hub.Write("pipelines/one.json", TemporaryHub.Inbound(""", "trigger": { "cron": "0 0 2 * * ?" }"""));
        hub.Write("pipelines/two.json", TemporaryHub.Inbound(""", "trigger": [{ "every": "1h", "jitter": 30 }, { "after": ["one"] }]"""));

        Assert.Equal([1, 2], hub.Load().OrThrow().Pipelines.Select(pipeline => pipeline.Settings.Trigger.Count));
    }
}
