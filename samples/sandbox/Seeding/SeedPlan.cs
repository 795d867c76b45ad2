namespace Crm.Integration.Sandbox.Seeding;

/// <summary>What to fill an account with. The same plan gives the same people everywhere: two vendors with one seed know the same people.</summary>
/// <param name="People">How many people.</param>
/// <param name="Seed">Which people.</param>
/// <param name="First">From which of them on: two vendors whose ranges overlap share the people in between.</param>
/// <param name="Now">The vendor's time; all was made before it.</param>
internal sealed record SeedPlan(int People, int Seed, int First, DateTimeOffset Now)
{
    /// <summary>One company for ten people.</summary>
    public int Companies => People / 10;

    public Person Person(int position) => new(Seed, First + position);

    public Company Company(int position) => new(Seed, (First / 10) + position);

    /// <summary>The position of the company a person works for; null for those who work for none.</summary>
    public int? CompanyOf(int position)
    {
        var company = ((First + position) / 10) - (First / 10);
        return company < Companies && position % 7 != 6 ? company : null;
    }

    /// <summary>
    /// When a record was last changed, whole milliseconds: the first third all at one instant, as after an import, which is what breaks a
    /// reader that pages by time alone; the others in order over the last four hundred days, two at a time sharing an instant.
    /// </summary>
    public DateTimeOffset Changed(int position, int count)
    {
        var import = new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-400);
        var together = count / 3;
        if (position < together)
            return import;

        var span = (long)(Now.AddHours(-1) - import).TotalMilliseconds;
        return import.AddMilliseconds(span * (((position - together) / 2) + 1) / Math.Max(1, (count - together + 1) / 2));
    }
}
