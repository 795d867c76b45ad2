using System.Globalization;
using Crm.Integration.Sandbox.Records;
using Crm.Integration.Sandbox.Seeding;

namespace Crm.Integration.Sandbox.Insightly;

/// <summary>What the instance holds at the start.</summary>
internal static class InsightlySeed
{
    private const int Organisations = 140_000_000, Contacts = 300_000_000, Leads = 200_000_000, Opportunities = 250_000_000, Memberships = 260_000_000;
    private static readonly string[] s_states = ["OPEN", "WON", "LOST"];
    private static readonly string[] s_levels = ["Silver", "Gold", "Platinum"];

    public static void Fill(InsightlyInstance instance, SeedPlan plan)
    {
        Fill(instance, plan, "Organisations", plan.Companies, Organisations, (n, field) => Organisation(plan.Company(n), field));
        Fill(instance, plan, "Contacts", plan.People, Contacts, (n, field) => Contact(plan, n, field));
        Fill(instance, plan, "Leads", plan.People / 10, Leads, (n, field) => Lead(plan.Person(plan.People + n), plan.Company(plan.Companies + n), field));
        Fill(instance, plan, "Opportunities", plan.Companies / 2, Opportunities, (n, field) => Opportunity(plan.Company(n), n, field));
        Fill(instance, plan, "Membership__c", plan.Companies / 2, Memberships, (n, field) => Membership(n, field));
        instance.IdsFrom(390_000_000);
    }

    private static void Fill(InsightlyInstance instance, SeedPlan plan, string name, int count, int firstId, Func<int, string, object?> value)
    {
        var table = instance.Objects.First(kind => kind.Name == name).Table;
        table.Clear();
        table.Seeded = (n, field) => field == "OWNER_USER_ID" ? (decimal)InsightlyInstance.Owner : value(n, field);
        for (var n = 0; n < count; n++)
            table.Add(new Row(Id(firstId, n), InsightlyInstance.Seconds(plan.Changed(0, count)), "") { Seed = n, Modified = InsightlyInstance.Seconds(plan.Changed(n, count)) });
    }

    private static object? Contact(SeedPlan plan, int n, string field)
    {
        var person = plan.Person(n);
        return field switch
        {
            "SALUTATION" => person.Salutation,
            "FIRST_NAME" => person.Given,
            "LAST_NAME" => person.Family,
            "TITLE" => person.JobTitle,
            "EMAIL_ADDRESS" => person.Email,
            "PHONE" => person.Phone,
            "PHONE_MOBILE" => person.Mobile,
            "ORGANISATION_ID" => plan.CompanyOf(n) is { } company ? Id(Organisations, company) : null,
            "BACKGROUND" => person.Notes,
            "DATE_OF_BIRTH" => person.Born,
            "ADDRESS_MAIL_STREET" => person.Street,
            "ADDRESS_MAIL_CITY" => person.Place.City,
            "ADDRESS_MAIL_STATE" => person.Place.Region,
            "ADDRESS_MAIL_POSTCODE" => person.PostalCode,
            "ADDRESS_MAIL_COUNTRY" => person.Place.Country,
            "EMAIL_OPTED_OUT" => person.OptedOut,
            "Interests__c" => person.Below(3, 53) == 0 ? new[] { "Music", "Travel" } : null,
            "Loyalty_Points__c" => (decimal)person.Below(10_000, 50),
            "TAGS" => person.Below(8, 55) == 0 ? new[] { "vip" } : null,
            _ => null,
        };
    }

    private static object? Lead(Person person, Company company, string field) => field switch
    {
        "SALUTATION" => person.Salutation,
        "FIRST_NAME" => person.Given,
        "LAST_NAME" => person.Family,
        "TITLE" => person.JobTitle,
        "EMAIL" => person.Email,
        "PHONE" => person.Phone,
        "MOBILE" => person.Mobile,
        "ORGANISATION_NAME" => company.Name,
        "INDUSTRY" => company.Industry,
        "LEAD_SOURCE_ID" => 3794750m,
        "LEAD_STATUS_ID" => 3724795m,
        "LEAD_DESCRIPTION" => person.Notes,
        "ADDRESS_STREET" => person.Street,
        "ADDRESS_CITY" => person.Place.City,
        "ADDRESS_COUNTRY" => person.Place.Country,
        "CONVERTED" => false,
        _ => null,
    };

    private static object? Organisation(Company company, string field) => field switch
    {
        "ORGANISATION_NAME" => company.Name,
        "PHONE" => company.Phone,
        "WEBSITE" => company.Website,
        "ADDRESS_BILLING_STREET" => company.Street,
        "ADDRESS_BILLING_CITY" => company.Place.City,
        "ADDRESS_BILLING_STATE" => company.Place.Region,
        "ADDRESS_BILLING_POSTCODE" => company.PostalCode,
        "ADDRESS_BILLING_COUNTRY" => company.Place.Country,
        "Industry__c" => company.Industry,
        "Employees__c" => (decimal)company.Employees,
        "Tax_Id__c" => company.TaxId,
        _ => null,
    };

    private static object? Opportunity(Company company, int n, string field) => field switch
    {
        "OPPORTUNITY_NAME" => $"{company.Name}: frame contract",
        "OPPORTUNITY_STATE" => s_states[n % s_states.Length],
        "OPPORTUNITY_VALUE" => 1000m + (n * 17.5m),
        "BID_CURRENCY" => "EUR",
        "FORECAST_CLOSE_DATE" => new DateOnly(2026, 1, 1).AddDays(n % 365),
        "ORGANISATION_ID" => Id(Organisations, n),
        _ => null,
    };

    private static object? Membership(int n, string field) => field switch
    {
        "RECORD_NAME" => string.Create(CultureInfo.InvariantCulture, $"M-{n + 1:00000}"),
        "Level__c" => s_levels[n % s_levels.Length],
        "Valid_Until__c" => new DateOnly(2027, 1, 1).AddDays(n % 365),
        _ => null,
    };

    private static string Id(int first, int n) => (first + n).ToString(CultureInfo.InvariantCulture);
}
