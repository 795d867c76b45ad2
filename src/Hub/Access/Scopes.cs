namespace Crm.Integration.Hub.Access;

/// <summary>The subjects by which a token can be narrowed: the parts of the API, and what else asks for a role.</summary>
internal static class Scopes
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["audit", "conflicts", "connections", "customers", "export", "inbox", "metrics", "pipelines", "quarantine", "review", "runs", "schedule", "secrets", "state", "system", "tokens"];

    /// <summary>The subject of a route: "runs" of <c>/api/runs/{id}</c>, "metrics" of <c>/metrics</c>.</summary>
    public static string Of(string route)
    {
        var parts = route.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["api", var subject, ..] => subject,
            [var subject, ..] => subject,
            _ => "",
        };
    }
}
