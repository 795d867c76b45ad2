using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>The settings of an <c>insightly</c> connection.</summary>
public sealed record InsightlySettings
{
    /// <summary>The pod.</summary>
    [Description("The pod that the account lives on, as it stands beside the API key in User Settings > API: `na1` in https://api.na1.insightly.com.")]
    public string Pod { get; init; } = "na1";

    /// <summary>Another address.</summary>
    [Description("Another address in place of the pod's, without the version: for rehearsals against a sandbox.")]
    public string? BaseUrl { get; init; }

    /// <summary>The API key.</summary>
    [Description("The API key from User Settings > API. The connection has exactly the rights of the key's user."), Secret]
    public required string ApiKey { get; init; }

    /// <summary>The plan.</summary>
    [Description("The plan of the account, which decides how many calls a day it may make. Without it the number comes from Insightly's first answer.")]
    public InsightlyPlan? Plan { get; init; }

    /// <summary>The user of webhooks.</summary>
    [Description("The user name that Insightly's workflow sends with a webhook (Basic authentication). Without it webhooks are refused.")]
    public string? WebhookUser { get; init; }

    /// <summary>The password of webhooks.</summary>
    [Description("The password that Insightly's workflow sends with a webhook."), Secret]
    public string? WebhookPassword { get; init; }

    /// <summary>What is left to others.</summary>
    [Description("The share of the daily calls, in percent, that is left to people and other programs."), Range(0, 90)]
    public int ReservePercent { get; init; } = 15;
}

/// <summary>A plan of Insightly.</summary>
public enum InsightlyPlan
{
    /// <summary>Free.</summary>
    [Description("1,000 calls a day.")]
    Free,

    /// <summary>Legacy.</summary>
    [Description("20,000 calls a day.")]
    Legacy,

    /// <summary>Plus.</summary>
    [Description("40,000 calls a day.")]
    Plus,

    /// <summary>Professional.</summary>
    [Description("60,000 calls a day.")]
    Professional,

    /// <summary>Enterprise.</summary>
    [Description("100,000 calls a day.")]
    Enterprise,
}
