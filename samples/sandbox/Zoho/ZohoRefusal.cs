using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>A request, or one record of it, that Zoho does not take.</summary>
internal sealed class ZohoRefusal(int status, string code, string message, JsonObject? details = null) : Exception(message)
{
    public int Status { get; } = status;
    public string Code { get; } = code;

    public JsonObject Body { get; } = new() { ["code"] = code, ["details"] = details ?? [], ["message"] = message, ["status"] = "error" };

    public static ZohoRefusal Invalid(string message, JsonObject? details = null) => new(400, "INVALID_DATA", message, details);

    public static ZohoRefusal Parameter(string name) => new(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", new() { ["param_name"] = name });

    public static ZohoRefusal Limit(string name, int limit) => new(400, "LIMIT_EXCEEDED", $"The {name} limit is exceeded.", new() { ["param_name"] = name, ["limit"] = limit });

    public static ZohoRefusal Module(string name) => new(400, "INVALID_MODULE", "the module name given seems to be invalid", new() { ["api_name"] = name });

    public static ZohoRefusal TooMany(string message) => new(429, "TOO_MANY_REQUESTS", message);
}
