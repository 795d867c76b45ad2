using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>What is wrong with one record, or with the call: the same words serve both.</summary>
/// <param name="Code">The vendor's code, such as REQUIRED_FIELD_MISSING.</param>
/// <param name="Message">What people read; like the vendor's own it may hold the value.</param>
/// <param name="Fields">The fields it is about.</param>
internal sealed record SaveError(string Code, string Message, params string[] Fields)
{
    /// <summary>What a duplicate rule found.</summary>
    public JsonObject? Duplicates { get; init; }

    /// <summary>As it stands in the array that answers a call of one record.</summary>
    public JsonObject ToRest()
    {
        var error = new JsonObject();
        if (Duplicates is not null)
        {
            // The misspelling is the vendor's.
            error["duplicateResut"] = Duplicates.DeepClone();
        }

        error["message"] = Message;
        error["errorCode"] = Code;
        if (Fields.Length > 0)
            error["fields"] = new JsonArray([.. Fields.Select(field => JsonValue.Create(field))]);
        return error;
    }

    /// <summary>As it stands in the result of one record among many.</summary>
    public JsonObject ToResult()
    {
        var error = new JsonObject { ["statusCode"] = Code, ["message"] = Message, ["fields"] = new JsonArray([.. Fields.Select(field => JsonValue.Create(field))]) };
        if (Duplicates is not null)
            error["duplicateResult"] = Duplicates.DeepClone();
        return error;
    }

    /// <summary>As it stands in the failed rows of a bulk job.</summary>
    public string ToBulk() => $"{Code}:{Message}:{string.Join(",", Fields)} --";
}

/// <summary>Ends a call with a status and an error.</summary>
internal sealed class SalesforceError(int status, SaveError error) : Exception(error.Message)
{
    public SalesforceError(int status, string code, string message, params string[] fields)
        : this(status, new SaveError(code, message, fields))
    {
    }

    public int Status => status;

    public SaveError Error => error;

    public static SalesforceError NotFound(string message = "The requested resource does not exist") => new(404, "NOT_FOUND", message);
}
