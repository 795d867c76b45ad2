namespace Crm.Integration.Hub;

/// <summary>Why something that was asked for is not done.</summary>
internal enum RefusalKind
{
    /// <summary>It does not exist.</summary>
    Unknown,

    /// <summary>What was given makes no sense.</summary>
    Invalid,

    /// <summary>It makes sense, but not as things stand.</summary>
    Clash,
}

/// <summary>Something that a person or a program asked for is refused: nothing was done. Never holds a secret.</summary>
/// <param name="kind">Why.</param>
/// <param name="message">What is refused, and why.</param>
/// <param name="fix">What to do about it, or null when the message says it.</param>
internal sealed class RefusedException(RefusalKind kind, string message, string? fix) : Exception(message)
{
    /// <summary>Why.</summary>
    public RefusalKind Kind { get; } = kind;

    /// <summary>What to do about it.</summary>
    public string? Fix { get; } = fix;

    /// <summary>What of the request is at fault, where one thing is: "limit".</summary>
    public string? Field { get; init; }

    /// <summary>There is no such thing.</summary>
    public static RefusedException Unknown(string message, string? fix) => new(RefusalKind.Unknown, message, fix);

    /// <summary>What was given makes no sense.</summary>
    public static RefusedException Invalid(string? field, string message, string? fix) => new(RefusalKind.Invalid, message, fix) { Field = field };

    /// <summary>It makes sense, but not as things stand.</summary>
    public static RefusedException Clash(string message, string? fix) => new(RefusalKind.Clash, message, fix);
}
