using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Insightly;

namespace Crm.Integration.Connectors.Tests.Insightly;

public sealed class InsightlyWebhookTests
{
    [Theory]
    [InlineData("hub:open sesame", true)]
    [InlineData("hub:wrong", false)]
    [InlineData("hub:", false)]
    public void Only_the_right_credentials_are_taken(string credentials, bool accepted) =>
        Assert.Equal(accepted, Webhook().Verify(Request("{}", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)))).Accepted);

    [Theory]
    [InlineData(null, "no-signature")]
    [InlineData("Bearer x", "no-signature")]
    [InlineData("Basic %%%", "bad-signature")]
    public void Others_are_refused_with_the_reason(string? header, string reason) => Assert.Equal(reason, Webhook().Verify(Request("{}", header)).Reason);

    [Fact]
    public void Without_credentials_in_the_connection_nothing_is_taken() =>
        Assert.False(new InsightlyWebhook(new InsightlySettings { ApiKey = "k" }).Verify(Request("{}", "Basic Og==")).Accepted);

    [Theory]
    [InlineData("""{"entity":{"CONTACT_ID":366638973,"DATE_UPDATED_UTC":"\/Date(1772439330000-0000)\/"}}""", "366638973")]
    [InlineData("""{"CONTACT_ID":"7"}""", "7")]
    [InlineData("""{"entity":{"LEAD_ID":1}}""", null)]
    [InlineData("[]", null)]
    public void The_record_is_told_by_its_id(string body, string? id) => Assert.Equal(id, InsightlyWebhook.RecordId(Request(body, null), InsightlyObjects.All[0]));

    private static InsightlyWebhook Webhook() => new(new InsightlySettings { ApiKey = "k", WebhookUser = "hub", WebhookPassword = "open sesame" });

    private static WebhookRequest Request(string body, string? authorization) => new(
        "Contacts", "POST", authorization is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["authorization"] = authorization }, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body), TimeProvider.System.GetUtcNow());
}
