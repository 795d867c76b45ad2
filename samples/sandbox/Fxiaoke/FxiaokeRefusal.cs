namespace Crm.Integration.Sandbox.Fxiaoke;

/// <summary>A request that Fxiaoke does not take; like everything it is told with status 200.</summary>
internal sealed class FxiaokeRefusal(int code, string message, string description) : Exception(message)
{
    public int Code { get; } = code;
    public string Description { get; } = description;

    public static FxiaokeRefusal Illegal(string parameter) => new(11001, $"the parameter {parameter} is illegal", "参数不合法");

    /// <summary>What an unknown path and a wrong secret have in common.</summary>
    public static FxiaokeRefusal Secret() => new(10006, "the parameter appSecret is missing or illegal", "参数appSecret缺失或不合法");

    public static FxiaokeRefusal Token() => new(20016, "the accessToken is expired or illegal", "accessToken已过期或不合法");

    public static FxiaokeRefusal TooFast() => new(30004, "call frequency exceeded", "接口调用频率超限");

    public static FxiaokeRefusal Gone() => new(320002404, "data not found", "数据不存在或已被删除");

    /// <summary>What the record itself is refused for; the codes of these are published nowhere.</summary>
    public static FxiaokeRefusal Record(int code, string text) => new(320002000 + code, text, text);
}
