using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>The settings of a <c>zoho</c> connection.</summary>
public sealed record ZohoSettings
{
    /// <summary>The data centre.</summary>
    [Description("The data centre that holds your organisation: the ending of the address in your browser when you are in Zoho CRM. One of `com`, `eu`, `in`, `com.au`, `jp`, `ca`, `sa`, `uk`, `com.cn`. Clients and tokens of one are unknown in the others.")]
    public string DataCenter { get; init; } = "com";

    /// <summary>The address of the token endpoint.</summary>
    [Description("The address that gives tokens, in place of the data centre's: only for a rehearsal against the sandbox.")]
    public string? AccountsUrl { get; init; }

    /// <summary>The client.</summary>
    [Description("The Client ID of your client in Zoho's API console; it begins with `1000.`.")]
    public required string ClientId { get; init; }

    /// <summary>The client's secret.</summary>
    [Description("The Client Secret that stands beside it."), Secret]
    public required string ClientSecret { get; init; }

    /// <summary>The refresh token.</summary>
    [Description("The refresh token that Zoho gave in exchange for the code; it holds until somebody revokes it."), Secret]
    public required string RefreshToken { get; init; }

    /// <summary>The edition.</summary>
    [Description("The edition of your organisation: it decides how many requests may run at once and how many credits a day has.")]
    public ZohoEdition Edition { get; init; } = ZohoEdition.Standard;

    /// <summary>The credits of a day.</summary>
    [Description("Credits in 24 hours, if they are more than the edition's 50,000 (Free: 5,000): Zoho shows them under Setup, Developer Hub, APIs and SDKs."), Range(1, 1_000_000_000)]
    public long? DailyCredits { get; init; }

    /// <summary>What is left to others.</summary>
    [Description("The share of the day's credits that is left to people and other programs, in percent."), Range(0, 90)]
    public int ReservePercent { get; init; } = 15;

    /// <summary>From when on bulk read is used.</summary>
    [Description("When a pull brings more records than this, the rest is fetched by bulk read jobs: 50 credits for 200,000 records. 0: never."), Range(0, 10_000_000)]
    public int BulkReadFrom { get; init; } = 20_000;

    /// <summary>From when on bulk write is used.</summary>
    [Description("When a push makes at least so many new records, they are sent by bulk write jobs: 500 credits for 25,000 records. 0: never."), Range(0, 25_000)]
    public int BulkWriteFrom { get; init; } = 5_000;

    /// <summary>Whether workflows run.</summary>
    [Description("Whether what the hub writes sets off workflow rules, approvals and blueprints in Zoho. Bulk write jobs never do.")]
    public bool RunWorkflows { get; init; }

    /// <summary>The token of notifications.</summary>
    [Description("For notifications: any text of 16 to 50 characters. Zoho sends it with each notification, and one without it is refused."), Secret]
    public string? NotificationToken { get; init; }
}

/// <summary>An edition of Zoho CRM.</summary>
public enum ZohoEdition
{
    /// <summary>Free.</summary>
    [Description("Free: 5 requests at once, 5,000 credits a day.")]
    Free,

    /// <summary>Standard.</summary>
    [Description("Standard: 10 requests at once.")]
    Standard,

    /// <summary>Professional.</summary>
    [Description("Professional: 15 requests at once.")]
    Professional,

    /// <summary>Enterprise.</summary>
    [Description("Enterprise and Zoho One: 20 requests at once.")]
    Enterprise,

    /// <summary>Ultimate.</summary>
    [Description("Ultimate and CRM Plus: 25 requests at once.")]
    Ultimate,
}
