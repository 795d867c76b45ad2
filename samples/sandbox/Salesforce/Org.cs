using Crm.Integration.Sandbox.Seeding;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>The organisation's data: what is stored, and what the system itself does with it.</summary>
internal sealed class Org(Func<DateTimeOffset> now)
{
    /// <summary>How long a deleted record lies in the recycle bin.</summary>
    public static readonly TimeSpan Bin = TimeSpan.FromDays(15);

    private static readonly string[] s_references = ["AccountId", "WhoId", "WhatId", "Contact__c", "ParentId"];

    public Schema Schema { get; } = new();

    public SeedPlan Plan { get; private set; } = new(0, 0, 0, default);

    /// <summary>UTC. The vendor's times have a place for milliseconds, and nothing but zeros in it: two changes within a second bear one time.</summary>
    public DateTime Now => WholeSeconds(now());

    /// <summary>Called for every record that was made or changed, whoever did it.</summary>
    public Action<SObject, string> Changed { get; set; } = (_, _) => { };

    public SObjectType? Type(string name) => Schema.All.FirstOrDefault(type => type.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public SObject? Record(string? id) => id is { Length: >= 3 } ? Schema.All.FirstOrDefault(type => id.StartsWith(type.Prefix, StringComparison.Ordinal))?.Record(id) : null;

    /// <summary>Whether anybody can still see it, if only in the bin.</summary>
    public bool Exists(SObject row) => row.Deleted is not { } deleted || deleted + Bin > Now;

    public void Seed(SeedPlan plan)
    {
        Plan = plan;
        foreach (var type in Schema.All)
            type.Empty();

        var user = Add(Schema.User);
        user.Set(Schema.User["Username"], "hub@example.com");
        user.Set(Schema.User["Name"], "Hub Integration");
        user.Set(Schema.User["Email"], "hub@example.com");
        user.Set(Schema.User["IsActive"], true);

        Fill(Schema.Account, plan.Companies);
        Fill(Schema.Contact, plan.People);
        foreach (var type in (SObjectType[])[Schema.Lead, Schema.Opportunity, Schema.Task, Schema.Membership])
            Fill(type, plan.People / 20);
    }

    /// <summary>Room for a record that is not there yet.</summary>
    public static int Reserve(SObjectType type)
    {
        type.Rows.Add(null);
        return type.Rows.Count - 1;
    }

    public SObject Add(SObjectType type, int serial = 0)
    {
        serial = serial == 0 ? Reserve(type) : serial;
        var time = Now;
        return type.Rows[serial] = new SObject(this, type, serial, seed: -1) { Created = time, Modified = time };
    }

    public void Touch(SObject row, string change)
    {
        row.Modified = Now;
        Changed(row, change);
    }

    public void Delete(SObject row)
    {
        row.Index(present: false);
        row.Deleted = Now;
        Touch(row, "deleted");
    }

    public void Undelete(SObject row)
    {
        row.Deleted = null;
        row.Master = 0;
        row.Index(present: true);
        Touch(row, "undeleted");
    }

    /// <summary>The loser goes to the bin with the winner's id; its values fill what the winner lacks, and what hung on it hangs on the winner.</summary>
    public void Merge(SObject winner, SObject loser)
    {
        Delete(loser);
        loser.Master = winner.Serial;
        foreach (var field in winner.Type.Fields)
        {
            if (!field.ReadOnly && field.Slot >= 0 && winner[field] is null && loser[field] is { } value)
                winner.Set(field, value);
        }

        var (from, to) = (loser.Id, winner.Id);
        foreach (var type in Schema.All)
        {
            foreach (var field in s_references.Select(type.Find).OfType<SField>().Where(field => field.RefersTo.Contains(winner.Type)))
            {
                foreach (var row in type.Rows.OfType<SObject>().Where(row => row.Deleted is null && row[field] as string == from))
                {
                    row.Set(field, to);
                    Touch(row, "updated");
                }
            }
        }

        Touch(winner, "updated");
    }

    /// <summary>A lead becomes a person, a company and a deal; the lead stays, marked.</summary>
    public (string Account, string Contact, string Opportunity) Convert(SObject lead)
    {
        var account = Add(Schema.Account);
        account.Set(Schema.Account["Name"], lead["Company"]);
        var contact = Add(Schema.Contact);
        foreach (var name in (string[])["Salutation", "FirstName", "LastName", "Email", "Phone", "MobilePhone", "Title", "LeadSource", "Description"])
            contact.Set(Schema.Contact[name], lead[name]);
        foreach (var part in (string[])["Street", "City", "State", "PostalCode", "Country"])
            contact.Set(Schema.Contact["Mailing" + part], lead[part]);
        contact.Set(Schema.Contact["AccountId"], account.Id);
        var deal = Add(Schema.Opportunity);
        deal.Set(Schema.Opportunity["Name"], lead["Company"]);
        deal.Set(Schema.Opportunity["StageName"], "Prospecting");
        deal.Set(Schema.Opportunity["CloseDate"], DateOnly.FromDateTime(Now).AddMonths(1));
        deal.Set(Schema.Opportunity["AccountId"], account.Id);

        lead.Set(Schema.Lead["Status"], "Closed - Converted");
        lead.Set(Schema.Lead["IsConverted"], true);
        lead.Set(Schema.Lead["ConvertedAccountId"], account.Id);
        lead.Set(Schema.Lead["ConvertedContactId"], contact.Id);
        lead.Set(Schema.Lead["ConvertedOpportunityId"], deal.Id);
        lead.Set(Schema.Lead["ConvertedDate"], DateOnly.FromDateTime(Now));
        Touch(lead, "updated");
        foreach (var made in (SObject[])[account, contact, deal])
            Changed(made, "created");
        return (account.Id, contact.Id, deal.Id);
    }

    private static DateTime WholeSeconds(DateTimeOffset time) => new(time.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    private void Fill(SObjectType type, int count)
    {
        type.Rows.Capacity = count + 1;
        for (var i = 0; i < count; i++)
        {
            var time = WholeSeconds(Plan.Changed(i, count));
            type.Rows.Add(new SObject(this, type, i + 1, i) { Created = time, Modified = time });
        }
    }
}
