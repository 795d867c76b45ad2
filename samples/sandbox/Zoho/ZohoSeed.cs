using Crm.Integration.Sandbox.Records;
using Crm.Integration.Sandbox.Seeding;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>What the organisation holds at the start: contacts and accounts by the plan, a few leads, deals and memberships beside them.</summary>
internal static class ZohoSeed
{
    private static readonly string[] s_sources = ["Advertisement", "Partner", "Trade Show", "Web Form"];
    private static readonly string[] s_stages = ["Qualification", "Negotiation/Review", "Closed Won", "Closed Lost"];
    private static readonly string[] s_levels = ["Silver", "Gold", "Platinum"];

    public static void Fill(ZohoOrganisation organisation, SeedPlan plan)
    {
        Fill(organisation, plan, "Accounts", plan.Companies, 2_000_000, (n, field) => Account(plan.Company(n), field));
        Fill(organisation, plan, "Contacts", plan.People, 10_000_000, (n, field) => Contact(plan, n, field));
        // Leads are other people than the contacts.
        Fill(organisation, plan, "Leads", plan.People / 10, 20_000_000, (n, field) => Lead(plan.Person(plan.People + n), plan.Company(plan.Companies + n), field));
        Fill(organisation, plan, "Deals", plan.Companies / 2, 30_000_000, (n, field) => Deal(plan.Company(n), n, field));
        Fill(organisation, plan, "Memberships", plan.Companies / 2, 31_000_000, (n, field) => Membership(n, field));
        organisation.IdsFrom(40_000_000);
    }

    private static void Fill(ZohoOrganisation organisation, SeedPlan plan, string module, int count, long firstId, Func<int, string, object?> value)
    {
        var target = organisation.Module(module);
        target.Table.Clear();
        target.Deletions.Clear();
        target.Converted.Clear();
        target.Table.Seeded = (n, field) => field == "Owner" ? ZohoIds.Diaz : value(n, field);
        for (var n = 0; n < count; n++)
            target.Table.Add(new Row(ZohoIds.Of(firstId + n), ZohoOrganisation.Seconds(plan.Changed(0, count)), ZohoIds.Diaz) { Seed = n, Modified = ZohoOrganisation.Seconds(plan.Changed(n, count)) });
    }

    private static object? Contact(SeedPlan plan, int n, string field) => field switch
    {
        "Account_Name" => plan.CompanyOf(n) is { } company ? ZohoIds.Of(2_000_000 + company) : null,
        "Salutation" => plan.Person(n).Salutation,
        "Title" => plan.Person(n).JobTitle,
        "Date_of_Birth" => plan.Person(n).Born,
        "Loyalty_Points" => (decimal)plan.Person(n).Below(10_000, 50),
        "Discount_Rate" => plan.Person(n).Below(4, 51) == 0 ? plan.Person(n).Below(200, 52) / 10m : null,
        "Interests" => plan.Person(n).Below(3, 53) == 0 ? new[] { "Music", "Travel" } : null,
        "Mailing_Street" => plan.Person(n).Street,
        "Mailing_City" => plan.Person(n).Place.City,
        "Mailing_State" => plan.Person(n).Place.Region,
        "Mailing_Zip" => plan.Person(n).PostalCode,
        "Mailing_Country" => plan.Person(n).Place.Country,
        _ => Person(plan.Person(n), field),
    };

    private static object? Lead(Person person, Company company, string field) => field switch
    {
        "Company" => company.Name,
        "Designation" => person.JobTitle,
        "Lead_Status" => "Not Contacted",
        "Street" => person.Street,
        "City" => person.Place.City,
        "State" => person.Place.Region,
        "Zip_Code" => person.PostalCode,
        "Country" => person.Place.Country,
        _ => Person(person, field),
    };

    private static object? Person(Person person, string field) => field switch
    {
        "First_Name" => person.Given,
        "Last_Name" => person.Family,
        "Email" => person.Email,
        "Phone" => person.Phone,
        "Mobile" => person.Mobile,
        "Lead_Source" => person.Pick(s_sources, 54),
        "Email_Opt_Out" => person.OptedOut,
        "Description" => person.Notes,
        _ => null,
    };

    private static object? Account(Company company, string field) => field switch
    {
        "Account_Name" => company.Name,
        "Phone" => company.Phone,
        "Website" => company.Website,
        "Industry" => company.Industry,
        "Annual_Revenue" => company.Revenue,
        "Employees" => (decimal)company.Employees,
        "Tax_Id" => company.TaxId,
        "Billing_Street" => company.Street,
        "Billing_City" => company.Place.City,
        "Billing_State" => company.Place.Region,
        "Billing_Code" => company.PostalCode,
        "Billing_Country" => company.Place.Country,
        _ => null,
    };

    private static object? Deal(Company company, int n, string field) => field switch
    {
        "Deal_Name" => $"{company.Name}: frame contract",
        "Stage" => s_stages[n % s_stages.Length],
        "Closing_Date" => new DateOnly(2026, 1, 1).AddDays(n % 365),
        "Amount" => 1000m + (n * 17.5m),
        "Account_Name" => ZohoIds.Of(2_000_000 + n),
        _ => null,
    };

    private static object? Membership(int n, string field) => field switch
    {
        "Name" => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"M-{n + 1:00000}"),
        "Level" => s_levels[n % s_levels.Length],
        "Valid_Until" => new DateOnly(2027, 1, 1).AddDays(n % 365),
        "Member" => ZohoIds.Of(10_000_000 + n),
        _ => null,
    };
}
