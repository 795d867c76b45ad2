using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>What to do about a code.</summary>
internal enum CodeKind
{
    /// <summary>A person must change settings or rights.</summary>
    Configuration,

    /// <summary>The token is no longer good.</summary>
    Token,

    /// <summary>Try again.</summary>
    Busy,

    /// <summary>Too many calls in the window.</summary>
    Throttled,

    /// <summary>The day's calls are used up.</summary>
    Exhausted,

    /// <summary>The one record or request was refused.</summary>
    Record,
}

/// <summary>A code of Fxiaoke.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Meaning">What it means.</param>
/// <param name="Fix">What to do about it.</param>
internal sealed record FxiaokeCode(CodeKind Kind, string Meaning, string Fix);

/// <summary>Fxiaoke's codes. Refusals by its business rules have codes that are listed nowhere: those concern the record.</summary>
internal static class FxiaokeCodes
{
    private const string Credentials = "Copy appId, appSecret and permanentCode anew from the app's page in Fxiaoke's administration into the connection.";
    private const string Rights = "Give the employee of `userId` and the app the right to the object, or take its pipelines out.";
    private const string Value = "Correct the value or the mapping; the record is tried again when it changes.";

    private static readonly FxiaokeCode s_credentials = new(CodeKind.Configuration, "the app's credentials are incomplete or wrong", Credentials);
    private static readonly FxiaokeCode s_parameter = new(CodeKind.Record, "a value or parameter is not what it should be", Value);
    private static readonly FxiaokeCode s_right = new(CodeKind.Configuration, "the app or the employee lacks the right", Rights);
    private static readonly FxiaokeCode s_throttled = new(CodeKind.Throttled, "too many calls", "Run again later; what was done is saved.");
    private static readonly FxiaokeCode s_token = new(CodeKind.Token, "a new token is not accepted either", "Check that no other program uses the same app with older code, then run again.");
    private static readonly FxiaokeCode s_reference = new(CodeKind.Record, "an employee or department does not exist", "Correct the owner or department in the mapping: it takes Fxiaoke's own ids.");
    private static readonly FxiaokeCode s_other = new(CodeKind.Record, "", "Correct the value, the mapping, or the rule in Fxiaoke that stands against it.");

    private static readonly Dictionary<long, FxiaokeCode> s_known = new()
    {
        [-1] = new(CodeKind.Busy, "the system is busy", "Run again later; what was done is saved."),
        [-2] = new(CodeKind.Busy, "the system has an error of its own", "Run again later; if it stays, give the trace id to Fxiaoke's support."),
        [10006] = new(CodeKind.Configuration, "the appSecret is wrong, or the address does not exist there", $"{Credentials} Check `baseUrl` too: an unknown path is answered with the same code."),
        [10013] = new(CodeKind.Configuration, "the token or the offset is out of range", "Run again; if it stays, report it as an error of the connector."),
        [14001] = s_throttled,
        [15002] = s_parameter,
        [15003] = s_right,
        [20005] = s_token,
        [20006] = s_credentials,
        [20010] = s_credentials,
        [20012] = s_reference,
        [20014] = s_right,
        [20015] = s_credentials,
        [20016] = s_token,
        [20017] = s_credentials,
        [20020] = s_right,
        [20021] = new(CodeKind.Configuration, "the app is switched off", "Switch the app on in Fxiaoke's administration."),
        [20022] = new(CodeKind.Configuration, "the company has not authorised the app", "Let the company's administrator authorise the app, and take its new permanentCode."),
        [20023] = s_right,
        [30002] = new(CodeKind.Exhausted, "the company's calls of the day are used up", "What was done is saved. Run again after midnight in China, or buy another pack of calls and raise `dailyCalls`."),
        [30003] = new(CodeKind.Configuration, "the company has bought no calls", "Buy a pack of API calls from Fxiaoke."),
        [30004] = s_throttled,
        [30007] = s_reference,
        [30027] = s_reference,
        [32000] = s_parameter,
        [50009] = new(CodeKind.Busy, "the system did not answer in time", "Run again later; what was done is saved."),
    };

    // Some of what a record can be refused for is only told in words, Chinese or English.
    private static readonly (string Words, WriteFault Fault)[] s_words =
    [
        ("重复", WriteFault.Duplicate),
        ("查重", WriteFault.Duplicate),
        ("唯一", WriteFault.Duplicate),
        ("已存在", WriteFault.Duplicate),
        ("duplicate", WriteFault.Duplicate),
        ("必填", WriteFault.RequiredMissing),
        ("不能为空", WriteFault.RequiredMissing),
        ("required", WriteFault.RequiredMissing),
        ("锁定", WriteFault.Locked),
        ("已锁", WriteFault.Locked),
        ("locked", WriteFault.Locked),
        ("权限", WriteFault.Denied),
        ("permission", WriteFault.Denied),
        ("长度", WriteFault.TooLong),
        ("过长", WriteFault.TooLong),
        ("too long", WriteFault.TooLong),
        ("校验", WriteFault.Validation),
        ("验证规则", WriteFault.Validation),
        ("validation", WriteFault.Validation),
        ("选项", WriteFault.BadValue),
        ("格式", WriteFault.BadValue),
        ("引用", WriteFault.BadReference),
        ("关联", WriteFault.BadReference),
        ("reference", WriteFault.BadReference),
        ("不存在", WriteFault.NotFound),
        ("not found", WriteFault.NotFound),
        ("作废", WriteFault.NotFound),
        ("invalid", WriteFault.BadValue),
    ];

    public static FxiaokeCode Find(long code) => s_known.GetValueOrDefault(code) ?? code switch
    {
        >= 10001 and <= 10015 or >= 12002 and <= 12005 => s_credentials,
        >= 11001 and <= 11018 => s_parameter,
        _ => s_other,
    };

    /// <summary>Whether a failure says that an object or record is closed to the employee, and nothing about the whole connection.</summary>
    public static bool IsDenied(ConnectorException failure) => failure.Code is "15003" or "20020" or "20014" or "20023";

    /// <summary>What a refusal of a record means.</summary>
    public static WriteFault Fault(ConnectorException failure)
    {
        if (IsDenied(failure))
            return WriteFault.Denied;
        if (failure.Code is "20012" or "30007" or "30027")
            return WriteFault.BadReference;
        var said = s_words.FirstOrDefault(each => failure.Message.Contains(each.Words, StringComparison.OrdinalIgnoreCase)).Fault;
        return said == WriteFault.None && failure.Code is "15002" or "32000" or ['1', '1', '0', _, _] ? WriteFault.BadValue : said;
    }
}
