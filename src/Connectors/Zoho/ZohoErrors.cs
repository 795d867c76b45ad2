using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>Zoho's codes for a request as a whole, in words. What Zoho writes itself is not repeated: it may hold values.</summary>
internal static class ZohoErrors
{
    /// <summary>The method and path, without the query and without ids of records.</summary>
    public static string Place(HttpRequestMessage request)
    {
        var path = request.RequestUri?.AbsolutePath ?? "";
        var crm = path.IndexOf("/crm/", StringComparison.Ordinal);
        return $"{request.Method} {(crm < 0 ? path : path[crm..])}";
    }

    /// <summary>What a refused request means.</summary>
    public static ConnectorException Of(HttpRequestMessage request, int status, ZohoAnswer answer)
    {
        var code = answer.Text("code");
        var place = Place(request);
        var about = answer.Detail("api_name") ?? answer.Detail("column_name") ?? answer.Detail("param_name");
        var named = about is null ? "" : $" about '{about}'";
        return code switch
        {
            "INVALID_TOKEN" or "AUTHENTICATION_FAILURE" => Wrong($"Zoho refuses the access token at {place} ({code}).", "The refresh token may belong to another organisation or environment (sandbox, developer): make it anew in the right one and store it as `refreshToken`."),
            "NO_PERMISSION" => Wrong($"The user of the connection lacks a right at {place} (NO_PERMISSION{(answer.Detail("permissions") is { } right ? $", {right}" : "")}).", "Give the user's profile the right in Zoho under Setup, Security Control, Profiles; the module may also be switched off."),
            "INVALID_MODULE" => Wrong($"There is no such module for the API at {place} (INVALID_MODULE).", "Use the module's API name, as `hub discover` lists it (Contacts, Accounts, Sales_Orders); a tab that was renamed keeps it."),
            "INVALID_URL_PATTERN" => Wrong($"Zoho does not know the address {place} (INVALID_URL_PATTERN).", "Check the stream's name: it is the module's API name, as `hub discover` lists it."),
            "NOT_SUPPORTED" or "MODULE_NOT_AVAILABLE" or "QUERY_NOT_SUPPORTED" => Wrong($"Zoho does not offer this for the module: {place} ({code}).", "Use another module; the docs page of the connector lists what is not supported."),
            "INVALID_QUERY" or "SYNTAX_ERROR" or "FIELD_NOT_AVAILABLE" => Wrong($"Zoho does not take a query{named} at {place} ({code}).", "A field may have been removed or hidden: see `hub discover`, and correct the mapping."),
            "LIMIT_EXCEEDED" or "LIMIT_REACHED" => new(FailureKind.Rejected, $"A limit of Zoho is exceeded{named} at {place} ({code}).", "See the limit in Zoho's documentation of this call; fewer fields or records may help.") { Code = code },
            _ => new(FailureKind.Rejected, $"Zoho refuses{named} at {place}: status {status}{(code is null ? "" : $" {code}")}.", "Look the code up in Zoho's API documentation; `hub check` shows whether the connection as such works.") { Code = code },
        };

        ConnectorException Wrong(string message, string fix) => new(FailureKind.Configuration, message, fix) { Code = code };
    }

    /// <summary>An answer that is not JSON, or not of the form that Zoho documents.</summary>
    public static ConnectorException Odd(HttpRequestMessage request, Exception inner) =>
        new(FailureKind.Transient, $"Zoho's answer to {Place(request)} is not JSON as it should be.", "Run again; if it stays, see whether a proxy or a firewall stands between.", inner);

    /// <summary>A scope that the refresh token was not made with.</summary>
    public static ConnectorException MissingScope(HttpRequestMessage request) => new(
        FailureKind.Configuration,
        $"The refresh token does not cover {Place(request)} (OAUTH_SCOPE_MISMATCH): it lacks the scope {ScopeOf(request)}.",
        $"Make a new code in the API console with all of the scopes ({string.Join(",", ZohoScopes.Needed)}), exchange it, and store the new refresh token as `refreshToken`.")
    {
        Code = "OAUTH_SCOPE_MISMATCH",
    };

    private static string ScopeOf(HttpRequestMessage request)
    {
        var path = request.RequestUri?.AbsolutePath ?? "";
        return path switch
        {
            _ when path.Contains("/settings/", StringComparison.Ordinal) => "ZohoCRM.settings.ALL",
            _ when path.Contains("/coql", StringComparison.Ordinal) => "ZohoCRM.coql.READ",
            _ when path.Contains("/bulk/", StringComparison.Ordinal) => "ZohoCRM.bulk.ALL",
            _ when path.Contains("/actions/watch", StringComparison.Ordinal) => "ZohoCRM.notifications.ALL",
            _ when path.EndsWith("/upload", StringComparison.Ordinal) => "ZohoFiles.files.ALL",
            _ when path.EndsWith("/org", StringComparison.Ordinal) => "ZohoCRM.org.READ",
            _ when path.EndsWith("/users", StringComparison.Ordinal) => "ZohoCRM.users.READ",
            _ => "ZohoCRM.modules.ALL",
        };
    }
}

/// <summary>What a refresh token has to be made with.</summary>
internal static class ZohoScopes
{
    /// <summary>What the connector needs for everything that it does.</summary>
    public static IReadOnlyList<string> Needed { get; } =
        ["ZohoCRM.modules.ALL", "ZohoCRM.settings.ALL", "ZohoCRM.coql.READ", "ZohoCRM.bulk.ALL", "ZohoCRM.notifications.ALL", "ZohoCRM.org.READ", "ZohoCRM.users.READ", "ZohoFiles.files.ALL"];

    /// <summary>What each is for, in the words of the check.</summary>
    public static IReadOnlyList<(string Prefix, string For, bool Always)> Purposes { get; } =
    [
        ("ZohoCRM.modules.", "records", true),
        ("ZohoCRM.settings.", "modules and fields", true),
        ("ZohoCRM.coql.", "queries: finding records by the hub's key", true),
        ("ZohoCRM.bulk.", "bulk jobs, for more records than `bulkReadFrom` and `bulkWriteFrom`", false),
        ("ZohoFiles.", "files of bulk write jobs", false),
        ("ZohoCRM.notifications.", "notifications", false),
        ("ZohoCRM.org.", "number of the organisation, for bulk write jobs", false),
        ("ZohoCRM.users.", "names of owners, for bulk read jobs", false),
    ];

    /// <summary>Whether the granted scopes hold one that begins so.</summary>
    public static bool Covers(string granted, string prefix) =>
        granted.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Any(scope => scope.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
