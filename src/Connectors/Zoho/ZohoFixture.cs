using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>How the connector is certified: contacts of the sandbox's organisation.</summary>
internal sealed class ZohoFixture : ICertificationFixture
{
    private static readonly string[] s_languages = ["de", "en", "fr", "zh"];
    private static readonly string[] s_interests = ["Art", "Garden", "Music", "Sport", "Travel"];

    public IConnector Connector { get; } = new ZohoConnector();

    public Task<IRehearsal> BeginAsync(RehearsalPlace place, CancellationToken cancellationToken) => Task.FromResult<IRehearsal>(new SandboxRehearsal(place, new("zoho", typeof(ZohoSettings), Contacts)
    {
        Settings = new Dictionary<string, JsonNode> { ["notificationToken"] = "sandbox-notification-token" },
        NoMerge = "Zoho tells of a record that was merged into another one only that it is gone",
        Read = Plain,
    }));

    private static RehearsedStream Contacts { get; } = new("Contacts", ZohoField.Id, "Hub_Id",
    [
        new("Last_Name", n => n % 2 == 0 ? $"王 {n}" : $"Müller {n} 😀") { Required = true, MaxLength = 80 },
        new("Title", n => $"Title {n}") { MaxLength = 100 },
        new("Department", n => $"Sales {n}"),
        new("Email", n => $"person{n}@example.com"),
        new("Preferred_Language", n => s_languages[n % 4]),
        new("Interests", n => Value.List(s_interests[n % 5])),
        new("Loyalty_Points", n => Value.Number(n)),
        new("Credit_Limit", n => Value.Number(n + 0.25m)),
        new("Newsletter", n => Value.Boolean(n % 2 == 0)),
        new("Date_of_Birth", n => Value.Date(new DateOnly(1960, 1, 1).AddDays(n % 9000))),
        new("Last_Visit", n => Value.Instant(new DateTimeOffset(2024, 3, 1, 8, 30, 0, TimeSpan.Zero).AddMinutes(n))),
    ])
    {
        CursorField = ZohoField.Modified,
        OtherStream = "Deals",
        PagingLimit = 2_000,
        RefusalsSayHowLong = false,
        VersionPrecision = TimeSpan.FromSeconds(1),
        WebhookSecrets = ["notificationToken"],
    };

    // A list shows the e-mail of an owner, a query and a bulk file do not; a row has what all have.
    private static JsonObject Plain(JsonObject record)
    {
        foreach (var (_, value) in record)
            (value as JsonObject)?.Remove("email");
        return record;
    }
}
