using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Zoho;

namespace Crm.Integration.Connectors.Tests.Zoho;

public sealed class ZohoRefusalTests
{
    private static readonly ZohoModule s_contacts = new("Contacts", [ZohoField.OfId, new("Email", "email"), new("Account_Name", "lookup") { Target = "Accounts" }]);

    [Theory]
    [InlineData("""{"code":"MANDATORY_NOT_FOUND","details":{"api_name":"Last_Name","json_path":"$.data[0].Last_Name"},"message":"required field not found","status":"error"}""", WriteFault.RequiredMissing, "Last_Name")]
    [InlineData("""{"code":"DUPLICATE_DATA","details":{"api_name":"Email","duplicate_record":{"id":"5725767000001290044","module":{"api_name":"Contacts"}}},"message":"duplicate data","status":"error"}""", WriteFault.Duplicate, "Email")]
    [InlineData("""{"code":"INVALID_DATA","details":{"maximum_length":40,"api_name":"First_Name"},"message":"invalid data","status":"error"}""", WriteFault.TooLong, "First_Name")]
    [InlineData("""{"code":"INVALID_DATA","details":{"expected_data_type":"email","api_name":"Email"},"message":"invalid data","status":"error"}""", WriteFault.BadValue, "Email")]
    [InlineData("""{"code":"INVALID_DATA","details":{"api_name":"Account_Name"},"message":"the related id given seems to be invalid","status":"error"}""", WriteFault.BadReference, "Account_Name")]
    [InlineData("""{"code":"INVALID_DATA","details":{"api_name":"Email"},"message":"invalid data","status":"error"}""", WriteFault.Validation, "Email")]
    [InlineData("""{"code":"INVALID_DATA","details":{"id":"5725767000001290044"},"message":"the id given seems to be invalid","status":"error"}""", WriteFault.NotFound, null)]
    [InlineData("""{"code":"RECORD_IN_BLUEPRINT","details":{},"message":"x","status":"error"}""", WriteFault.Validation, null)]
    [InlineData("""{"code":"NO_PERMISSION","details":{"permissions":["x"]},"message":"x","status":"error"}""", WriteFault.Denied, null)]
    [InlineData("""{"code":"AMBIGUITY_DURING_PROCESSING","details":{},"message":"x","status":"error"}""", WriteFault.Ambiguous, null)]
    [InlineData("""{"code":"ANYTHING","details":{},"message":"x","status":"error"}""", WriteFault.None, null)]
    public void A_refused_record_says_why_and_which_field(string json, WriteFault fault, string? field)
    {
        var outcome = Outcome(json);
        Assert.Equal(FailureKind.Rejected, outcome.Failure);
        Assert.Equal((fault, field), (outcome.Fault, outcome.Field));
        Assert.NotNull(outcome.Code);
        Assert.NotEmpty(outcome.Message!);
    }

    [Fact]
    public void A_locked_record_is_tried_again() =>
        Assert.Equal((FailureKind.Transient, WriteFault.Locked), (Outcome("""{"code":"RECORD_LOCKED","details":{},"message":"x","status":"error"}""") is var outcome ? outcome.Failure!.Value : default, outcome.Fault));

    [Fact]
    public void A_record_that_somebody_changed_meanwhile_is_known_by_the_phrase() =>
        Assert.Equal(WriteFault.ChangedMeanwhile, Outcome("""{"code":"WHATEVER","details":{"id":"1"},"message":"record was modified after the time specified","status":"error"}""").Fault);

    [Fact]
    public void A_written_record_has_its_id_and_its_version_in_UTC()
    {
        var outcome = Outcome("""{"code":"SUCCESS","duplicate_field":"Hub_Id","action":"update","message":"record updated","status":"success","details":{"id":"5725767000001291001","Modified_Time":"2026-03-02T09:16:01+01:00"}}""");
        Assert.Null(outcome.Failure);
        Assert.Equal(("5725767000001291001", "2026-03-02T08:16:01Z", false), (outcome.ExternalId, outcome.Version, outcome.Created!.Value));
    }

    [Fact]
    public void The_duplicate_s_id_stands_in_the_message() =>
        Assert.Contains("5725767000001290044", Outcome("""{"code":"DUPLICATE_DATA","details":{"api_name":"Email","duplicate_record":{"id":"5725767000001290044"}},"status":"error"}""").Message, StringComparison.Ordinal);

    private static WriteOutcome Outcome(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ZohoRefusal.Of(document.RootElement).Outcome(1, s_contacts);
    }
}
