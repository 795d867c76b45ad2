using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>How the connector is certified: contacts of the sandbox's company.</summary>
internal sealed class FxiaokeFixture : ICertificationFixture
{
    private static readonly string[] s_interests = ["art", "music", "sport", "travel"];

    public IConnector Connector { get; } = new FxiaokeConnector();

    public Task<IRehearsal> BeginAsync(RehearsalPlace place, CancellationToken cancellationToken) =>
        Task.FromResult<IRehearsal>(new SandboxRehearsal(place, new("fxiaoke", typeof(FxiaokeSettings), Contacts)
        {
            NoMerge = "Fxiaoke tells of a record that was merged into another one only that it is invalid",
            Read = record => Turned(record, FromWire),
            Write = record => Turned(record, ToWire),
        }));

    private static RehearsedStream Contacts { get; } = new("ContactObj", FxiaokeObject.Id, "hub_id__c",
    [
        new("remark", n => $"备注 {n}") { MaxLength = 2000 },
        new("name", n => n % 2 == 0 ? $"王 {n}" : $"Zoë {n} 😀") { Required = true, MaxLength = 100 },
        new("email", n => $"person{n}@example.com"),
        new("job_title", n => $"经理 {n}") { MaxLength = 100 },
        new("gender", n => n % 2 == 0 ? "1" : "2"),
        new("date_of_birth", n => Value.Date(new DateOnly(1960, 1, 1).AddDays(n % 9000))),
        new("interests__c", n => Value.List(s_interests[n % 4], s_interests[(n + 1) % 4])),
        new("points__c", n => Value.Number(n)),
        new("credit__c", n => Value.Number(n + 0.25m)),
        new("newsletter__c", n => Value.Boolean(n % 3 == 0)),
        new("last_visit__c", n => Value.Instant(new DateTimeOffset(2024, 3, 1, 8, 30, 0, TimeSpan.Zero).AddMinutes(n))),
    ])
    {
        CursorField = FxiaokeObject.Modified,
        OtherStream = "LeadsObj",
        // Beyond this offset Fxiaoke refuses to page.
        PagingLimit = 10_000,
        RefusalsSayHowLong = false,
        WebhookSecrets = ["callbackAesKey"],
        LocksExistingOnly = true,
        // The signature is over what the body says, and not over its bytes.
        SignsWebhooks = false,
    };

    private static readonly string[] s_times = ["date_of_birth", "last_visit__c"];

    // On the wire dates and times are milliseconds; the date is the midnight in China at which it begins.
    private static JsonObject Turned(JsonObject record, Func<JsonNode, string, JsonNode?> turn)
    {
        foreach (var name in s_times)
        {
            if (record[name] is { } value)
                record[name] = turn(value, name);
        }

        return record;
    }

    private static JsonNode? ToWire(JsonNode value, string name) =>
        FxiaokeValues.Write(Value.Text(value.ToString()), new(name, name == s_times[0] ? "date" : "date_time"), out var json) is null ? json : value.DeepClone();

    private static JsonNode? FromWire(JsonNode value, string name) =>
        JsonValue.Create(FxiaokeValues.Read(System.Text.Json.JsonSerializer.SerializeToElement(value), new(name, name == s_times[0] ? "date" : "date_time")).ToText());
}
