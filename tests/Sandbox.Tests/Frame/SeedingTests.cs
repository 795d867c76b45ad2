using System.Text;
using Crm.Integration.Sandbox.Seeding;

namespace Crm.Integration.Sandbox.Tests.Frame;

public sealed class SeedingTests
{
    private static readonly SeedPlan s_plan = new(5000, 1, 0, new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));

    private static IEnumerable<Person> People => Enumerable.Range(0, 5000).Select(s_plan.Person);

    [Fact]
    public void People_of_another_seed_are_others()
    {
        Assert.Equal(s_plan.Person(7).FullName, new Person(1, 7).FullName);
        Assert.NotEqual(People.Select(person => person.FullName), Enumerable.Range(0, 5000).Select(i => new Person(2, i).FullName));
    }

    [Fact]
    public void Emails_are_unique_ascii_and_sometimes_missing()
    {
        var emails = People.Select(person => person.Email).OfType<string>().ToList();

        Assert.Equal(4900, emails.Count);
        Assert.Equal(emails.Count, emails.Distinct().Count());
        Assert.All(emails, email => Assert.True(Ascii.IsValid(email), email));
    }

    [Fact]
    public void There_are_values_that_break_careless_readers()
    {
        Assert.Contains(People, person => person.Notes?.Contains("📧", StringComparison.Ordinal) == true);
        Assert.Contains(People, person => person.Notes?.Contains('\n', StringComparison.Ordinal) == true);
        Assert.Contains(People, person => person.Notes?.Length == 2000);
        Assert.Contains(People, person => person.Given.Length == Person.LongestGiven);
        Assert.Contains(People, person => person.Family.Length == Person.LongestFamily);
        Assert.Contains(People, person => person.Family == "𠮷野");
        Assert.All(People, person => Assert.True(person.Given.Length <= Person.LongestGiven && person.Family.Length <= Person.LongestFamily));
    }

    [Fact]
    public void Companies_have_names_of_their_own()
    {
        var names = Enumerable.Range(0, 20_000).Select(i => s_plan.Company(i).Name).ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public void Many_records_share_one_time_of_change_and_the_rest_are_in_order()
    {
        var times = Enumerable.Range(0, 3000).Select(i => s_plan.Changed(i, 3000)).ToList();

        Assert.Equal(1000, times.Count(time => time == times[0]));
        Assert.Equal(times.Order(), times);
        Assert.True(times[^1] < s_plan.Now);
    }
}
