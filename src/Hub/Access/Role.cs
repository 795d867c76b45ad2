using Microsoft.AspNetCore.Builder;

namespace Crm.Integration.Hub.Access;

/// <summary>What somebody may do; each may all that those before it may.</summary>
internal enum Role
{
    /// <summary>Looks.</summary>
    Viewer,

    /// <summary>Starts and stops runs, retries what was rejected.</summary>
    Operator,

    /// <summary>Decides about customers: merges, splits, reviews, corrects.</summary>
    Steward,

    /// <summary>Everything, tokens and configuration included.</summary>
    Admin,
}

/// <summary>Marks what an endpoint asks of its caller.</summary>
internal static class RoleMarks
{
    /// <summary>Only callers with this role or a higher one are served. An endpoint without a mark is open to all.</summary>
    /// <param name="endpoint">The endpoint or group.</param>
    /// <param name="role">The least role.</param>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Role role)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(new NeededRole(role)));
        return endpoint;
    }
}

/// <summary>What an endpoint asks of its caller.</summary>
/// <param name="Role">The least role.</param>
internal sealed record NeededRole(Role Role);
