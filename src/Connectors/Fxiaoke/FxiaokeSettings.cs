using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>The settings of a <c>fxiaoke</c> connection.</summary>
public sealed record FxiaokeSettings
{
    /// <summary>The address.</summary>
    [Description("The address of the company's cloud: https://open.fxiaoke.com on the mainland; https://open-hwcloud.fxiaoke.com (Huawei), https://open-ale.fxiaoke.com (Alibaba), https://open-hws.fxiaoke.com (Frankfurt), https://open-ksc.sharecrm.com (Hong Kong), https://open-na.sharecrm.com (North America).")]
    public string BaseUrl { get; init; } = "https://open.fxiaoke.com";

    /// <summary>The app.</summary>
    [Description("The appId of the self-built app: `FSAID_…`.")]
    public required string AppId { get; init; }

    /// <summary>The app's secret.</summary>
    [Description("The appSecret of the self-built app."), Secret]
    public required string AppSecret { get; init; }

    /// <summary>The permanent code.</summary>
    [Description("The permanentCode that the company's administrator got for the app."), Secret]
    public required string PermanentCode { get; init; }

    /// <summary>The employee.</summary>
    [Description("The id of the CRM employee in whose name the hub works; it sees and changes what that employee may. Take a CRM administrator.")]
    public string UserId { get; init; } = "1000";

    /// <summary>The token of callbacks.</summary>
    [Description("The token of the callback. A script in Fxiaoke that calls the hub by itself sends it as `Authorization: Bearer …`."), Secret]
    public string? CallbackToken { get; init; }

    /// <summary>The key of callbacks.</summary>
    [Description("The AES key of the callback, as Fxiaoke shows it: Base64."), Secret]
    public string? CallbackAesKey { get; init; }

    /// <summary>Calls a day.</summary>
    [Description("The calls a day that the company has bought: 100,000 for each pack."), Range(1, 1_000_000_000)]
    public int DailyCalls { get; init; } = 100_000;

    /// <summary>What is left to others.</summary>
    [Description("The share of the daily calls, in percent, that is left to people and other programs."), Range(0, 90)]
    public int ReservePercent { get; init; } = 15;
}
