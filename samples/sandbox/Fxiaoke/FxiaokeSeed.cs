using System.Globalization;
using Crm.Integration.Sandbox.Records;
using Crm.Integration.Sandbox.Seeding;

namespace Crm.Integration.Sandbox.Fxiaoke;

/// <summary>What the tenant holds at the start.</summary>
internal static class FxiaokeSeed
{
    private const long Accounts = 2_000_000, Contacts = 10_000_000, Leads = 20_000_000, Opportunities = 30_000_000, Cards = 31_000_000, Personnel = 1_000_000;
    private static readonly string[] s_stages = ["1", "2", "3"];
    private static readonly string[] s_levels = ["silver", "gold", "platinum"];

    public static void Fill(FxiaokeTenant tenant, SeedPlan plan)
    {
        Fill(tenant, plan, "AccountObj", plan.Companies, Accounts, (n, field) => Account(plan.Company(n), field));
        Fill(tenant, plan, "ContactObj", plan.People, Contacts, (n, field) => Contact(plan, n, field));
        Fill(tenant, plan, "LeadsObj", plan.People / 10, Leads, (n, field) => Lead(plan.Person(plan.People + n), plan.Company(plan.Companies + n), field));
        Fill(tenant, plan, "NewOpportunityObj", plan.Companies / 2, Opportunities, (n, field) => Opportunity(plan.Company(n), n, field));
        Fill(tenant, plan, "object_huiyuan__c", plan.Companies / 2, Cards, (n, field) => Card(n, field));
        Fill(tenant, plan, "PersonnelObj", 2, Personnel, (n, field) => field switch
        {
            "name" => n == 0 ? "集成" : "张伟",
            "user_id" => n == 0 ? FxiaokeTenant.Employee : FxiaokeTenant.Colleague,
            "phone" => n == 0 ? "13800000000" : "13800000001",
            _ => null,
        });
        tenant.IdsFrom(40_000_000);
    }

    private static void Fill(FxiaokeTenant tenant, SeedPlan plan, string apiName, int count, long firstId, Func<int, string, object?> value)
    {
        var table = tenant.Object(apiName).Table;
        table.Clear();
        table.Seeded = (n, field) => field switch
        {
            FxiaokeObject.Owner => FxiaokeTenant.Colleague,
            FxiaokeObject.LifeStatus => "normal",
            FxiaokeObject.LockStatus => "0",
            "record_type" => "default__c",
            _ => value(n, field),
        };
        for (var n = 0; n < count; n++)
            table.Add(new Row(FxiaokeTenant.Id(firstId + n), FxiaokeTenant.Milliseconds(plan.Changed(0, count)), FxiaokeTenant.Colleague) { Seed = n, Modified = FxiaokeTenant.Milliseconds(plan.Changed(n, count)) });
    }

    private static object? Contact(SeedPlan plan, int n, string field)
    {
        var person = plan.Person(n);
        return field switch
        {
            "name" => person.FullName,
            "account_id" => plan.CompanyOf(n) is { } company ? FxiaokeTenant.Id(Accounts + company) : null,
            "mobile1" => person.Mobile,
            "tel1" => person.Phone,
            "email" => person.Email,
            "job_title" => person.JobTitle,
            "date_of_birth" => person.Born,
            "address" => $"{person.Place.Region}{person.Place.City} {person.Street}",
            "remark" => person.Notes,
            "interests__c" => person.Below(3, 53) == 0 ? new[] { "music", "travel" } : null,
            "points__c" => (decimal)person.Below(10_000, 50),
            "newsletter__c" => !person.OptedOut,
            _ => null,
        };
    }

    private static string? Lead(Person person, Company company, string field) => field switch
    {
        "name" => person.FullName,
        "company" => company.Name,
        "mobile" => person.Mobile,
        "tel" => person.Phone,
        "email" => person.Email,
        "remark" => person.Notes,
        "source" => "web",
        _ => null,
    };

    private static object? Account(Company company, string field) => field switch
    {
        "name" => company.Name,
        "tel" => company.Phone,
        "email" => company.Email,
        "url" => company.Website,
        "address" => $"{company.Place.Region}{company.Place.City} {company.Street}",
        "account_type" => "customer",
        "industry_level1" => company.Industry,
        "tax_id__c" => company.TaxId,
        "revenue__c" => company.Revenue,
        _ => null,
    };

    private static object? Opportunity(Company company, int n, string field) => field switch
    {
        "name" => $"{company.Name} 框架合同",
        "account_id" => FxiaokeTenant.Id(Accounts + n),
        "amount" => 1000m + (n * 17.5m),
        "close_date" => new DateOnly(2026, 1, 1).AddDays(n % 365),
        "sales_stage" => s_stages[n % s_stages.Length],
        _ => null,
    };

    private static object? Card(int n, string field) => field switch
    {
        "name" => string.Create(CultureInfo.InvariantCulture, $"HY-{n + 1:00000}"),
        "level__c" => s_levels[n % s_levels.Length],
        "valid_until__c" => new DateOnly(2027, 1, 1).AddDays(n % 365),
        "contact__c" => FxiaokeTenant.Id(Contacts + n),
        _ => null,
    };
}
