using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>How the connector is certified: contacts of the sandbox's account.</summary>
internal sealed class InsightlyFixture : ICertificationFixture
{
    private static readonly string[] s_tiers = ["Silver", "Gold", "Platinum"];
    private static readonly string[] s_interests = ["Art", "Music", "Sport", "Travel"];

    public IConnector Connector { get; } = new InsightlyConnector();

    public Task<IRehearsal> BeginAsync(RehearsalPlace place, CancellationToken cancellationToken) =>
        Task.FromResult<IRehearsal>(new SandboxRehearsal(place, new("insightly", typeof(InsightlySettings), Contacts) { Read = Flat, NoMerge = "Insightly tells of a record that was merged into another one only that it is gone" }));

    private static RehearsedStream Contacts { get; } = new("Contacts", "CONTACT_ID", "Hub_Id__c",
    [
        new("BACKGROUND", n => $"Note {n}"),
        new("FIRST_NAME", n => n % 2 == 0 ? $"王 {n}" : $"Zoë {n} 😀") { Required = true },
        new("LAST_NAME", n => $"Okafor {n}"),
        new("EMAIL_ADDRESS", n => $"person{n}@example.com"),
        new("ADDRESS_MAIL_CITY", n => n % 2 == 0 ? "上海" : "München"),
        new("DATE_OF_BIRTH", n => Value.Date(new DateOnly(1960, 1, 1).AddDays(n % 9000))),
        new("EMAIL_OPTED_OUT", n => Value.Boolean(n % 2 == 0)),
        new("Loyalty_Points__c", n => Value.Number(n + 0.25m)),
        new("Newsletter__c", n => Value.Boolean(n % 3 == 0)),
        new("Interests__c", n => Value.List(s_interests[n % 4], s_interests[(n + 1) % 4])),
        new("Tier__c", n => s_tiers[n % 3]),
        new("Last_Visit__c", n => Value.Instant(new DateTimeOffset(2024, 3, 1, 8, 30, 0, TimeSpan.Zero).AddMinutes(n))),
    ])
    {
        CursorField = InsightlyObjects.Updated,
        OtherStream = "Leads",
        VersionPrecision = TimeSpan.FromSeconds(1),
        WebhookSecrets = ["webhookPassword"],
    };

    // The sandbox's administrator sees a record as it is on the wire; a row has custom fields and tags as fields of their own.
    private static JsonObject Flat(JsonObject record)
    {
        foreach (var custom in record["CUSTOMFIELDS"]?.AsArray() ?? [])
            record[custom!["FIELD_NAME"]!.ToString()] = custom["FIELD_VALUE"]?.DeepClone();
        record.Remove("CUSTOMFIELDS");
        if (record["TAGS"] is JsonArray tags)
            record["TAGS"] = new JsonArray([.. tags.Select(tag => JsonValue.Create(tag!["TAG_NAME"]!.ToString()))]);
        return record;
    }
}
