using Microsoft.AspNetCore.Http;

namespace Crm.Integration.Hub.Access;

/// <summary>Who a request comes from.</summary>
/// <param name="Name">The token's name.</param>
/// <param name="Role">What it may do.</param>
internal sealed record Caller(string Name, Role Role)
{
    private static readonly object s_key = new();

    /// <summary>What a request is about, where its address does not say it; for the audit log. Ids, never values.</summary>
    public string? About { get; set; }

    /// <summary>Who a request comes from. Asked only behind an endpoint that needs a role.</summary>
    public static Caller Of(HttpContext context) => (Caller)context.Items[s_key]!;

    /// <summary>Marks a request as coming from this caller.</summary>
    public void Mark(HttpContext context) => context.Items[s_key] = this;
}
