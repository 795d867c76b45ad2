using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>The rehearsal of <c>salesforce</c>: contacts of the sandbox.</summary>
/// <param name="bulkFrom">From how many records on bulk jobs are used; null for the usual number.</param>
internal sealed class SalesforceCertification(int? bulkFrom) : ICertificationFixture
{
    private static readonly RehearsedStream s_contacts = new(
        "Contact",
        "Id",
        "Hub_Id__c",
        [
            new("LastName", n => $"Okafor-李 {n}") { Required = true, MaxLength = 80 },
            new("Title", n => $"Buyer {n} 😀") { MaxLength = 128 },
            new("FirstName", n => $"Zoë {n}") { MaxLength = 40 },
            new("Birthdate", n => Value.Date(new DateOnly(1950, 1, 1).AddDays(n % 15_000))),
            new("HasOptedOutOfEmail", n => Value.Boolean(n % 2 == 0)),
            new("Loyalty_Points__c", n => Value.Number(n + 0.25m)),
        ])
    {
        CursorField = "SystemModstamp",
        OtherStream = "Lead",
        PagingLimit = 2000,
        WebhookSecrets = ["organizationId"],
    };

    public SalesforceCertification()
        : this(null)
    {
    }

    public IConnector Connector { get; } = new SalesforceConnector();

    public Task<IRehearsal> BeginAsync(RehearsalPlace place, CancellationToken cancellationToken) => Task.FromResult<IRehearsal>(new SandboxRehearsal(place, new("salesforce", typeof(SalesforceSettings), s_contacts)
    {
        Settings = bulkFrom is { } number ? new Dictionary<string, JsonNode> { ["bulkFrom"] = number } : [],
    }));
}
