using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>Webhooks, as far as a connector has to do with them: that they are stored before they are acknowledged is the hub's part.</summary>
internal static class WebhookChecks
{
    public static IEnumerable<Check> All { get; } =
    [
        new("H1", CertificationLevel.Gold, "A genuine webhook is accepted; an altered, unsigned or foreign one is not", Genuine),
        new("H2", CertificationLevel.Gold, "Webhooks that come twice or out of order lead to the same", Order),
        new("H3", CertificationLevel.Gold, "What a lost webhook would have told is found by the next pull", Lost),
    ];

    private static async Task<(IWebhookConnection Connection, Uri Address)> SubscribeAsync(Stage stage, IConnectionMemory? memory = null)
    {
        stage.Needs(ConnectorCapabilities.Webhook, "takes no webhooks");
        await stage.System.SeedAsync(10, stage.CancellationToken);
        var connection = (IWebhookConnection)await stage.OpenAsync(memory: memory);
        var address = await stage.System.CatchWebhooksAsync(connection.Verify, stage.CancellationToken);
        await connection.SubscribeAsync([stage.Stream.Name], address, stage.CancellationToken);
        return (connection, address);
    }

    private static async Task<List<WebhookRequest>> Events(Stage stage)
    {
        var events = (await stage.System.WebhooksAsync(stage.CancellationToken)).ToList();
        Expect.That(events.Count > 0, "the system sends no webhook although a record changed");
        return events;
    }

    private static async Task Genuine(Stage stage)
    {
        var memory = new WatchedMemory(stage.Witness);
        var (connection, _) = await SubscribeAsync(stage, memory);
        var ids = await stage.IdsAsync();
        await stage.EditAsync(ids[1], 1);
        var first = await Events(stage);
        await stage.EditAsync(ids[2], 2);
        var second = await Events(stage);
        foreach (var request in first.Concat(second))
        {
            var verdict = connection.Verify(request);
            Expect.That(verdict.Accepted, $"a genuine webhook is refused: {verdict.Reason}");
        }

        var genuine = first.FirstOrDefault(request => !connection.Verify(request).IsProbe) ?? throw new CheckFailedException("all webhooks are taken for probes");
        var other = second.FirstOrDefault(request => !connection.Verify(request).IsProbe && !request.Body.Span.SequenceEqual(genuine.Body.Span)) ?? throw new CheckFailedException("two changes bring the same webhook");
        Expect.That(connection.Verify(genuine).DeliveryId == connection.Verify(genuine).DeliveryId, "a webhook that is sent again has another delivery id");
        Expect.That(connection.Verify(genuine).DeliveryId is not { } id || id != connection.Verify(other).DeliveryId, "two webhooks have the same delivery id: the second would be lost");

        Refused(stage, connection, genuine with { Headers = new Dictionary<string, string>(), Query = new Dictionary<string, string>(), Body = "{}"u8.ToArray() }, "without any credentials");
        Refused(stage, connection, genuine with { Headers = new Dictionary<string, string>(), Query = new Dictionary<string, string>(), Body = ReadOnlyMemory<byte>.Empty }, "with nothing in it");
        Refused(stage, connection, genuine with { Body = "\0<not/>{\"sound\":"u8.ToArray(), Headers = new Dictionary<string, string>(), Query = new Dictionary<string, string>() }, "whose body is no sound text");
        if (stage.Stream.SignsWebhooks)
        {
            var text = Encoding.UTF8.GetString(genuine.Body.Span);
            Refused(stage, connection, genuine with { Body = Altered(genuine.Body) }, "whose body was altered");
            Refused(stage, connection, genuine with { Body = Encoding.UTF8.GetBytes(text + "\n") }, "to whose body a line end was added: the signature is over the raw bytes");
            Refused(stage, connection, genuine with { Body = other.Body }, "with the body of another");
        }

        await stage.TryAsync("a wrong secret", async () =>
        {
            var wrong = (IWebhookConnection)await stage.OpenAsync(SettingsVariant.WrongWebhookSecret);
            Refused(stage, wrong, genuine, "sent with another secret");
        });
    }

    private static byte[] Altered(ReadOnlyMemory<byte> body)
    {
        var bytes = body.ToArray();
        bytes[bytes.Length / 2] ^= 1;
        return bytes;
    }

    private static void Refused(Stage stage, IWebhookConnection connection, WebhookRequest request, string what)
    {
        var verdict = connection.Verify(request);
        Expect.That(!verdict.Accepted || verdict.IsProbe, $"a webhook {what} is accepted");
        Expect.That(verdict.Accepted || verdict.Reason is { Length: > 2 }, $"a webhook {what} is refused without a reason");
        stage.Witness.Hear("the reason of a verdict", verdict.Reason);
    }

    private static async Task Order(Stage stage)
    {
        var (connection, _) = await SubscribeAsync(stage);
        var id = (await stage.IdsAsync())[3];
        await stage.EditAsync(id, 1);
        var events = await Events(stage);
        await stage.System.AdvanceAsync(TimeSpan.FromSeconds(2), stage.CancellationToken);
        await stage.EditAsync(id, 2);
        events.AddRange(await Events(stage));
        var final = (await stage.PullAsync(stage.Full)).Records.Single(row => row[stage.Stream.IdField].ToText() == id);
        var rows = new List<SourceRow>();
        foreach (var request in events.AsEnumerable().Reverse().Append(events[0]).Where(request => !connection.Verify(request).IsProbe))
            rows.AddRange(await ReadAsync(stage, connection, request));

        var states = rows.Where(row => row[stage.Stream.IdField].ToText() == id).ToList();
        Expect.That(states.Count > 0, "the webhooks of a changed record do not give the record");
        Expect.That(states.Any(row => row[stage.Stream.EditField.Name] == final[stage.Stream.EditField.Name]), "the webhooks of a changed record do not give its last state");
        Expect.That(states.All(row => row.Version is not null) || states.All(row => row[stage.Stream.EditField.Name] == final[stage.Stream.EditField.Name]), "an older state comes after a newer one, and nothing tells which is which");
        Expect.That(states.Where(row => row[stage.Stream.EditField.Name] == final[stage.Stream.EditField.Name]).All(row => row.Version == final.Version), "the same state has one version by webhook and another by pull");
        foreach (var older in states.Where(row => row[stage.Stream.EditField.Name] != final[stage.Stream.EditField.Name]))
            Expect.That(older.Version != final.Version, "an older state has the version of the newest");
    }

    private static async Task<List<SourceRow>> ReadAsync(Stage stage, IWebhookConnection connection, WebhookRequest request)
    {
        var rows = new List<SourceRow>();
        await foreach (var page in connection.ReadAsync(request, stage.Full, stage.CancellationToken))
        {
            stage.Hear(page);
            Expect.That(!page.CompletesSnapshot, "a webhook says that it is a complete pull");
            rows.AddRange(page.Rows);
        }

        return rows;
    }

    private static async Task Lost(Stage stage)
    {
        await SubscribeAsync(stage);
        stage.NeedsCursor();
        var ids = await stage.IdsAsync();
        var cursor = (await stage.PullAsync(stage.Since(null))).Cursor;
        await stage.System.AdvanceAsync(TimeSpan.FromMinutes(1), stage.CancellationToken);
        await stage.BreakAsync(new RehearsedFault("drop-webhook") { Arguments = new Dictionary<string, object> { ["probability"] = 1.0 } });
        for (var n = 0; n < 4; n++)
            await stage.EditAsync(ids[n], n);
        await stage.System.AdvanceAsync(TimeSpan.FromSeconds(2), stage.CancellationToken);
        var swept = await stage.PullAsync(stage.Since(cursor) with { Lag = TimeSpan.FromMinutes(5) });
        Expect.Has(ids.Take(4), swept.Ids, "changes whose webhooks were lost");
    }
}
