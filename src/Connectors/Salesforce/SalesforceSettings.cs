using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>The settings of a <c>salesforce</c> connection.</summary>
public sealed record SalesforceSettings
{
    /// <summary>Where tokens are asked for.</summary>
    [Description("Where the hub signs in: `https://login.salesforce.com`, `https://test.salesforce.com` for a Salesforce sandbox, or your My Domain (`https://acme.my.salesforce.com`). With `clientSecret` alone (client credentials) it has to be the My Domain.")]
    public string LoginUrl { get; init; } = "https://login.salesforce.com";

    /// <summary>The consumer key.</summary>
    [Description("The consumer key of the connected app or external client app.")]
    public required string ClientId { get; init; }

    /// <summary>The consumer secret.</summary>
    [Description("The consumer secret. Alone it chooses the client credentials flow: the hub then works as the app's run-as user."), Secret]
    public string? ClientSecret { get; init; }

    /// <summary>The user for the JWT bearer flow.</summary>
    [Description("With `privateKey`: the user that the hub works as (JWT bearer flow).")]
    public string? Username { get; init; }

    /// <summary>The private key for the JWT bearer flow.</summary>
    [Description("The private key (PEM) whose certificate the app was given; chooses the JWT bearer flow. Best as `${file:salesforce.key}`."), Secret]
    public string? PrivateKey { get; init; }

    /// <summary>The refresh token.</summary>
    [Description("A refresh token; chooses the refresh token flow. When Salesforce rotates it, the hub remembers the new one and this one is no longer used."), Secret]
    public string? RefreshToken { get; init; }

    /// <summary>The version of the API.</summary>
    [Description("The version of the Salesforce API, as `66.0`.")]
    public string ApiVersion { get; init; } = "66.0";

    /// <summary>What a duplicate rule means.</summary>
    [Description("What to do when a duplicate rule of Salesforce stops a new record.")]
    public DuplicateRuleAction OnDuplicateRule { get; init; } = DuplicateRuleAction.Fail;

    /// <summary>The organisation that may send outbound messages.</summary>
    [Description("The organisation id (Setup > Company Information), 15 or 18 characters. Outbound messages of any other are refused; without it all are.")]
    public string? OrganizationId { get; init; }

    /// <summary>When the Bulk API is used.</summary>
    [Description("From how many records on the Bulk API 2.0 is used, for reading and for writing. Below, REST is quicker and costs fewer calls."), Range(1, 1_000_000)]
    public int BulkFrom { get; init; } = 10_000;

    /// <summary>The daily quota.</summary>
    [Description("How many API calls the hub may make in 24 hours. Left out: what Salesforce allows the organisation."), Range(1, 100_000_000)]
    public int? DailyCalls { get; init; }

    /// <summary>What is left to others.</summary>
    [Description("How much of the daily quota is left to people and other programs, in percent."), Range(0, 100)]
    public int ReservePercent { get; init; } = 15;
}

/// <summary>What to do when a duplicate rule stops a record.</summary>
public enum DuplicateRuleAction
{
    /// <summary>The record is refused.</summary>
    [Description("The record is refused, and the report says which record it resembles.")]
    Fail,

    /// <summary>The record is saved all the same.</summary>
    [Description("It is saved all the same, if the rule allows that (its action is Alert, not Block).")]
    Allow,

    /// <summary>The record that is there is taken.</summary>
    [Description("If the rule finds exactly one record, and that does not belong to another customer of the hub, it is taken for the same and updated.")]
    Link,
}
