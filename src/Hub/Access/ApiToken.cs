using System.Text.Json;

namespace Crm.Integration.Hub.Access;

/// <summary>A token, without what only its owner knows.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">What it is called; the audit log names it so.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Scopes">The subjects that it is for; empty for all.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="ExpiresAt">From when on it is refused; null for never.</param>
/// <param name="RevokedAt">When it was revoked; null while it counts.</param>
/// <param name="UsedAt">When it was last used, to the minute.</param>
internal sealed record ApiToken(
    long Id,
    string Name,
    Role Role,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? UsedAt)
{
    /// <summary>Whether it counts at an instant.</summary>
    public bool CountsAt(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);

    /// <summary>Whether it is for a subject: "runs".</summary>
    public bool IsFor(string subject) => Scopes.Count == 0 || Scopes.Contains(subject);
}

/// <summary>A token as the store keeps it.</summary>
internal sealed record ApiTokenRow
{
    /// <summary>The columns.</summary>
    public const string Columns = "t.id, t.name, t.hash, t.role, t.scopes, t.created_at, t.created_by, t.expires_at, t.revoked_at, t.used_at";

    public long Id { get; init; }

    public string Name { get; init; } = "";

    public string Hash { get; init; } = "";

    public string Role { get; init; } = "";

    public string Scopes { get; init; } = "";

    public long CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    public long? ExpiresAt { get; init; }

    public long? RevokedAt { get; init; }

    public long? UsedAt { get; init; }

    /// <summary>A role as the store keeps it.</summary>
    public static string Word(Role role) => JsonNamingPolicy.CamelCase.ConvertName(role.ToString());

    /// <summary>The token.</summary>
    public ApiToken ToToken() => new(
        Id,
        Name,
        Enum.Parse<Role>(Role, ignoreCase: true),
        Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Instant.Of(CreatedAt),
        CreatedBy,
        Instant.Of(ExpiresAt),
        Instant.Of(RevokedAt),
        Instant.Of(UsedAt));
}
