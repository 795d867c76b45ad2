using Crm.Integration.Sandbox.Seeding;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>The objects of the organisation: five standard ones and the users, and one of its own.</summary>
internal sealed class Schema
{
    public const string UserId = "0055g0000000001AAA";

    private static readonly string[] s_sources = ["Web", "Phone Inquiry", "Trade Show", "Referral", "Other"];
    private static readonly string[] s_stages = ["Prospecting", "Qualification", "Negotiation/Review", "Closed Won", "Closed Lost"];
    private static readonly string[] s_levels = ["Bronze", "Silver", "Gold"];
    private static readonly string[] s_interests = ["Music", "Travel", "Food", "Sport"];

    public Schema()
    {
        System(User, writable: false);
        User.Add(Text("Username", 80), Text("Name", 121), new SField("Email", "email") { Length = 128 }, new SField("IsActive", "boolean"));

        System(Account);
        Account.Add(
            Text("Name", 255, (plan, i) => plan.Company(i).Name) with { Label = "Account Name", Required = true },
            Pick("Type", ["Prospect", "Customer", "Partner"], (plan, i) => i % 3 == 0 ? "Prospect" : "Customer"),
            Pick("Industry", [.. Company.Industries], (plan, i) => plan.Company(i).Industry),
            Phone("Phone", (plan, i) => plan.Company(i).Phone), Phone("Fax", null),
            new SField("Website", "url") { Length = 255, Seeded = (plan, i) => plan.Company(i).Website },
            Number("AnnualRevenue", "currency", (plan, i) => plan.Company(i).Revenue), Number("NumberOfEmployees", "int", (plan, i) => (decimal)plan.Company(i).Employees),
            Text("AccountNumber", 40, (plan, i) => plan.Company(i).TaxId), Long("Description", null),
            Reference("ParentId", "Parent", Account), Key("Hub_Id__c", unique: true));
        Address(Account, "Billing", (plan, i) => plan.Company(i).Street, (plan, i) => plan.Company(i).Place, (plan, i) => plan.Company(i).PostalCode);

        System(Contact);
        Person(Contact, plan => 0);
        Contact.Add(
            new SField("Birthdate", "date") { Seeded = (plan, i) => plan.Person(i).Born },
            Reference("AccountId", "Account", Account) with { Seeded = (plan, i) => plan.CompanyOf(i) is { } company ? Account.IdOf(company + 1) : null },
            Long("Description", (plan, i) => plan.Person(i).Notes),
            new SField("HasOptedOutOfEmail", "boolean") { Default = false, Seeded = (plan, i) => plan.Person(i).OptedOut },
            new SField("Interests__c", "multipicklist") { Length = 4099, Picks = s_interests, Seeded = (plan, i) => i % 3 == 0 ? "Music;Travel" : i % 3 == 1 ? "Food" : null },
            Number("Loyalty_Points__c", "double", (plan, i) => (decimal)plan.Person(i).Below(10_000, 50) / 4),
            Key("Hub_Id__c", unique: true), Key("Legacy_Id__c", unique: false));
        Address(Contact, "Mailing", (plan, i) => plan.Person(i).Street, (plan, i) => plan.Person(i).Place, (plan, i) => plan.Person(i).PostalCode);

        System(Lead);
        Person(Lead, plan => plan.People);
        Lead.Add(
            Text("Company", 255, (plan, i) => plan.Company(plan.Companies + i).Name) with { Required = true },
            Pick("Status", ["Open - Not Contacted", "Working - Contacted", "Closed - Converted", "Closed - Not Converted"], (_, _) => "Open - Not Contacted") with { Default = "Open - Not Contacted" },
            Pick("Rating", ["Hot", "Warm", "Cold"], null), new SField("Website", "url") { Length = 255 }, Long("Description", null), Key("Hub_Id__c", unique: true),
            new SField("IsConverted", "boolean") { ReadOnly = true, Default = false },
            Reference("ConvertedAccountId", "ConvertedAccount", Account) with { ReadOnly = true }, Reference("ConvertedContactId", "ConvertedContact", Contact) with { ReadOnly = true },
            Reference("ConvertedOpportunityId", "ConvertedOpportunity", Opportunity) with { ReadOnly = true }, new SField("ConvertedDate", "date") { ReadOnly = true });
        Address(Lead, "", (plan, i) => plan.Person(plan.People + i).Street, (plan, i) => plan.Person(plan.People + i).Place, (plan, i) => plan.Person(plan.People + i).PostalCode);

        System(Opportunity);
        Opportunity.Add(
            Text("Name", 120, (plan, i) => plan.Company(i / 2).Name is var name && name.Length > 100 ? name[..100] : name + " " + (i + 1)) with { Required = true },
            Pick("StageName", s_stages, (_, i) => s_stages[i % s_stages.Length]) with { Required = true },
            new SField("CloseDate", "date") { Required = true, Seeded = (plan, i) => DateOnly.FromDateTime(plan.Now.UtcDateTime).AddDays((i % 120) - 60) },
            Number("Amount", "currency", (_, i) => 100m + (i % 977 * 12.5m)), Number("Probability", "percent", (_, i) => 10m * (i % 11)),
            Reference("AccountId", "Account", Account) with { Seeded = (plan, i) => i / 2 < plan.Companies ? Account.IdOf((i / 2) + 1) : null },
            Pick("Type", ["New Customer", "Existing Customer"], null), Long("Description", null),
            new SField("IsClosed", "boolean") { ReadOnly = true, Computed = row => row["StageName"] is "Closed Won" or "Closed Lost" },
            new SField("IsWon", "boolean") { ReadOnly = true, Computed = row => row["StageName"] is "Closed Won" });

        System(Task);
        Task.Add(
            new SField("Subject", "combobox") { Length = 255, Seeded = (_, i) => i % 2 == 0 ? "Call" : "Send the offer" },
            Pick("Status", ["Not Started", "In Progress", "Completed"], (_, i) => i % 3 == 0 ? "Completed" : "Not Started") with { Default = "Not Started" },
            Pick("Priority", ["High", "Normal", "Low"], null) with { Default = "Normal" },
            new SField("ActivityDate", "date") { Seeded = (plan, i) => DateOnly.FromDateTime(plan.Now.UtcDateTime).AddDays((i % 30) - 15) },
            Long("Description", null),
            Reference("WhoId", "Who", Contact, Lead) with { Seeded = (plan, i) => i < plan.People ? Contact.IdOf(i + 1) : null }, Reference("WhatId", "What", Account, Opportunity),
            new SField("IsClosed", "boolean") { ReadOnly = true, Computed = row => row["Status"] is "Completed" });

        System(Membership);
        Membership.Add(
            Text("Name", 80, (_, i) => $"Membership {i + 1}") with { Required = true },
            Reference("Contact__c", "Contact__r", Contact) with { Seeded = (plan, i) => i < plan.People ? Contact.IdOf(i + 1) : null },
            Pick("Level__c", s_levels, (_, i) => s_levels[i % 3]) with { Restricted = true },
            new SField("Since__c", "date") { Seeded = (_, i) => new DateOnly(2015, 1, 1).AddDays(i % 3650) }, Number("Points__c", "double", (_, i) => (decimal)(i % 500)),
            new SField("Active__c", "boolean") { Default = false, Seeded = (_, i) => i % 4 != 0 },
            new SField("Renewed_At__c", "datetime") { Seeded = (plan, i) => i % 2 == 0 ? plan.Now.UtcDateTime.Date.AddDays(-(i % 300)).AddSeconds(i % 86400) : null },
            Key("Code__c", unique: true));
    }

    public SObjectType Account { get; } = new("Account", "Account", "001");

    public SObjectType Contact { get; } = new("Contact", "Contact", "003");

    public SObjectType Lead { get; } = new("Lead", "Lead", "00Q");

    public SObjectType Opportunity { get; } = new("Opportunity", "Opportunity", "006");

    public SObjectType Task { get; } = new("Task", "Task", "00T");

    public SObjectType Membership { get; } = new("Membership__c", "Membership", "a01");

    public SObjectType User { get; } = new("User", "User", "005") { Writable = false };

    public IReadOnlyList<SObjectType> All => [Account, Contact, Lead, Membership, Opportunity, Task, User];

    private static SField Text(string name, int length, Func<SeedPlan, int, object?>? seeded = null) => new(name, "string") { Length = length, Seeded = seeded };

    private static SField Long(string name, Func<SeedPlan, int, object?>? seeded) => new(name, "textarea") { Length = 32000, Seeded = seeded };

    private static SField Phone(string name, Func<SeedPlan, int, object?>? seeded) => new(name, "phone") { Length = 40, Seeded = seeded };

    private static SField Number(string name, string type, Func<SeedPlan, int, object?>? seeded) => new(name, type) { Seeded = seeded };

    private static SField Pick(string name, string[] picks, Func<SeedPlan, int, object?>? seeded) => new(name, "picklist") { Length = 255, Picks = picks, Seeded = seeded };

    private static SField Key(string name, bool unique) => new(name, "string") { Length = 64, ExternalId = true, Unique = unique };

    private static SField Reference(string name, string relationship, params SObjectType[] to) => new(name, "reference") { Length = 18, Relationship = relationship, RefersTo = to };

    private static void Person(SObjectType type, Func<SeedPlan, int> first)
    {
        Func<SeedPlan, int, object?> Of(Func<Person, object?> value) => (plan, i) => value(plan.Person(first(plan) + i));

        type.Add(
            Pick("Salutation", ["Mr.", "Ms.", "Mrs.", "Dr.", "Prof."], Of(person => person.Salutation)) with { Compound = "Name" },
            Text("FirstName", 40, Of(person => person.Given)) with { Label = "First Name", Compound = "Name" },
            Text("LastName", 80, Of(person => person.Family)) with { Label = "Last Name", Compound = "Name", Required = true },
            Text("Name", 121) with { Label = "Full Name", ReadOnly = true, Computed = row => row["FirstName"] is string given ? $"{given} {row["LastName"]}" : row["LastName"] },
            new SField("Email", "email") { Length = 80, Seeded = Of(person => person.Email) },
            Phone("Phone", Of(person => person.Phone)), Phone("MobilePhone", Of(person => person.Mobile)),
            Text("Title", 128, Of(person => person.JobTitle)), Pick("LeadSource", s_sources, Of(person => person.LeadSource)));
    }

    private static void Address(SObjectType type, string prefix, Func<SeedPlan, int, string> street, Func<SeedPlan, int, Place> place, Func<SeedPlan, int, string> code)
    {
        var compound = prefix + "Address";
        type.Add(
            new SField(prefix + "Street", "textarea") { Length = 255, Compound = compound, Seeded = street },
            Text(prefix + "City", 40, (plan, i) => place(plan, i).City) with { Compound = compound },
            Text(prefix + "State", 80, (plan, i) => place(plan, i).Region) with { Compound = compound },
            Text(prefix + "PostalCode", 20, code) with { Compound = compound },
            Text(prefix + "Country", 80, (plan, i) => place(plan, i).Country) with { Compound = compound },
            new SField(compound, "address") { ReadOnly = true, Computed = row => new CompoundAddress(row, prefix) });
    }

    private void System(SObjectType type, bool writable = true)
    {
        type.Add(
            new SField("Id", "id") { Length = 18, ReadOnly = true, Computed = row => row.Id },
            new SField("IsDeleted", "boolean") { ReadOnly = true, Computed = row => row.Deleted is not null },
            new SField("CreatedDate", "datetime") { ReadOnly = true, Computed = row => row.Created },
            new SField("LastModifiedDate", "datetime") { ReadOnly = true, Computed = row => row.Modified },
            new SField("SystemModstamp", "datetime") { ReadOnly = true, Computed = row => row.Modified },
            new SField("CreatedById", "reference") { Length = 18, ReadOnly = true, RefersTo = [User], Relationship = "CreatedBy", Computed = _ => UserId },
            new SField("LastModifiedById", "reference") { Length = 18, ReadOnly = true, RefersTo = [User], Relationship = "LastModifiedBy", Computed = _ => UserId });
        if (writable)
            type.Add(Reference("OwnerId", "Owner", User) with { Default = UserId });
        if (type.Name is "Account" or "Contact" or "Lead")
        {
            type.Add(new SField("MasterRecordId", "reference")
            {
                Length = 18, ReadOnly = true, RefersTo = [type], Relationship = "MasterRecord", Computed = row => row.Master == 0 ? null : type.IdOf(row.Master),
            });
        }
    }
}

/// <summary>An address as one value: the fields of a record that begin with the same word.</summary>
internal sealed record CompoundAddress(SObject Row, string Prefix);
