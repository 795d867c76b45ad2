using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Zoho;

namespace Crm.Integration.Connectors.Tests.Zoho;

/// <summary>Queries, cursors, costs and notifications: what needs no server.</summary>
public sealed class ZohoWordsTests
{
    private const string Token = "0123456789abcdef-secret";

    private static readonly ZohoSettings s_settings = new() { ClientId = "1000.A", ClientSecret = "s", RefreshToken = "r", NotificationToken = Token };

    [Fact]
    public void A_query_goes_on_behind_the_last_record_and_brackets_by_twos() =>
        Assert.Equal(
            "select id, Email from Contacts where ((Modified_Time > '2026-03-01T08:00:00+00:00') or ((Modified_Time = '2026-03-01T08:00:00+00:00') and (id > '57'))) order by Modified_Time asc, id asc limit 2000",
            Coql.Changed("Contacts", ["id", "Email"], null, (new(2026, 3, 1, 9, 0, 0, TimeSpan.FromHours(1)), "57"), 2000));

    [Fact]
    public void A_value_cannot_end_a_query_s_text() =>
        Assert.Equal(@"select id from Contacts where (Hub_Id in ('a\' or id is not null', 'b\\')) limit 200", Coql.Holding("Contacts", "id", "Hub_Id", ["a' or id is not null", @"b\"]));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"modified":"2026-03-01T08:00:00+00:00","deleted":"2026-03-01T08:00:00+00:00"}""")]
    [InlineData("""{"modified":"2026-03-01T08:00:00+00:00","bulk":{"job":"57","page":2,"rows":400,"began":"2026-03-01T08:00:00+00:00","token":"t"}}""")]
    public void A_cursor_comes_back_as_it_was_saved(string text) => Assert.Equal(ZohoCursor.Read(text), ZohoCursor.Read(ZohoCursor.Read(text)!.Write()));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"after":"2026-03-01"}""")]
    [InlineData("""{"modified":"yesterday"}""")]
    public void Anything_else_is_no_cursor(string text) => Assert.Null(ZohoCursor.Read(text));

    [Theory]
    [InlineData(200, 0, 0, 5)]
    [InlineData(1_000_000, 0, 0, 2 + 2 + 100 + 250)]
    [InlineData(null, 1_000, 0, 2 + 100)]
    [InlineData(null, 30_000, 0, 2 + 1_000)]
    [InlineData(null, 0, 1_000, 2 + 100 + 10)]
    public void The_credits_of_a_run_are_foretold(int? reads, int creates, int updates, long credits) =>
        Assert.Equal(credits, ZohoCredits.Of(new ApiWork("Contacts") { Reads = reads, Creates = creates, Updates = updates }, s_settings));

    [Theory]
    [InlineData(Token, "Contacts", "POST", null)]
    [InlineData("0123456789abcdef-other!", "Contacts", "POST", "bad-signature")]
    [InlineData(null, "Contacts", "POST", "no-signature")]
    [InlineData(Token, "Leads", "POST", "unknown-channel")]
    [InlineData(Token, "Contacts", "GET", "bad-method")]
    public void A_notification_is_known_by_its_token_and_its_channel(string? token, string module, string method, string? reason)
    {
        var channels = Channels(s_settings);
        var verdict = channels.Verify(Notification(token, module, method));
        Assert.Equal((reason is null, reason), (verdict.Accepted, verdict.Reason));
    }

    [Fact]
    public void The_same_notification_twice_has_the_same_delivery_id_and_another_has_not()
    {
        var channels = Channels(s_settings);
        var first = channels.Verify(Notification(Token, "Contacts", "POST")).DeliveryId;
        Assert.NotNull(first);
        Assert.Equal(first, channels.Verify(Notification(Token, "Contacts", "POST")).DeliveryId);
        Assert.NotEqual(first, channels.Verify(Notification(Token, "Contacts", "POST", time: 2)).DeliveryId);
    }

    [Fact]
    public void Without_a_token_in_the_settings_nothing_is_taken() =>
        Assert.Equal("no-token-configured", Channels(s_settings with { NotificationToken = null }).Verify(Notification("", "Contacts", "POST")).Reason);

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[1,2]")]
    [InlineData("{\"module\":")]
    public void What_is_no_notification_is_refused(string body) =>
        Assert.Equal("not-a-notification", Channels(s_settings).Verify(Notification(Token, "Contacts", "POST") with { Body = System.Text.Encoding.UTF8.GetBytes(body) }).Reason);

    private static ZohoChannels Channels(ZohoSettings settings) => new(settings, new ConnectionContext("zoho-eu", ".", TimeProvider.System));

    private static WebhookRequest Notification(string? token, string module, string method, int time = 1)
    {
        var body = $$"""{"server_time":{{time}},"module":"{{module}}","operation":"update","channel_id":"{{Channels(s_settings).Channel("Contacts")}}",{{(token is null ? "" : $"\"token\":\"{token}\",")}}"ids":["5725767000001291001"]}""";
        return new("Contacts", method, new Dictionary<string, string>(), new Dictionary<string, string>(), System.Text.Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch);
    }
}
