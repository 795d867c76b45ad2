using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>The rehearsal of <c>salesforce</c>: contacts of the sandbox.</summary>
/// <param name="bulkFrom">From how many records on bulk jobs are used; null for the usual number.</param>
internal sealed class SalesforceCertification(int? bulkFrom) : ICertificationFixture
{
    public SalesforceCertification()
        : this(null)
    {
    }

    public IConnector Connector { get; } = new SalesforceConnector();

    public IReadOnlyDictionary<string, string> Waivers => bulkFrom is null ? new Dictionary<string, string>() : new Dictionary<string, string>
    {
        ["I3"] = "behind the end of a bulk job the changes of the last minute come once more, which is more than the last rows of the job",
    };

    public async Task<IRehearsal> BeginAsync(RehearsalPlace place, CancellationToken cancellationToken)
    {
        // The first new record has the address of somebody who is there, so that a duplicate rule has something to find.
        string? twin = null;
        var plan = new SandboxPlan("salesforce", typeof(SalesforceSettings), Contacts(() => twin))
        {
            Settings = bulkFrom is { } number ? new Dictionary<string, JsonNode> { ["bulkFrom"] = number } : [],
        };
        var rehearsal = new SandboxRehearsal(place, plan);
        await rehearsal.SeedAsync(1, cancellationToken);
        twin = (await rehearsal.RecordsAsync(cancellationToken))[0].Values["Email"].AsText;
        return rehearsal;
    }

    private static RehearsedStream Contacts(Func<string?> twin) => new(
        "Contact",
        "Id",
        "Hub_Id__c",
        [
            new("LastName", n => $"Okafor-李 {n}") { Required = true, MaxLength = 80 },
            new("Title", n => $"Buyer {n} 😀") { MaxLength = 128 },
            new("FirstName", n => $"Zoë {n}") { MaxLength = 40 },
            new("Email", n => n == 1 ? twin() : $"n{n}@example.com"),
            new("Birthdate", n => Value.Date(new DateOnly(1950, 1, 1).AddDays(n % 15_000))),
            new("HasOptedOutOfEmail", n => Value.Boolean(n % 2 == 0)),
            new("Loyalty_Points__c", n => Value.Number(n + 0.25m)),
            new("Interests__c", n => n % 2 == 0 ? Value.List("Music", "Food") : Value.List("Sport")),
        ])
    {
        CursorField = "SystemModstamp",
        OtherStream = "Lead",
        PagingLimit = 2000,
        VersionPrecision = TimeSpan.FromSeconds(1),
        WebhookSecrets = ["organizationId"],
    };
}
