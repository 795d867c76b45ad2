namespace Crm.Integration.Hub;

/// <summary>Instants of the store, milliseconds since 1970, as programs read them.</summary>
internal static class Instant
{
    /// <summary>An instant.</summary>
    public static DateTimeOffset Of(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    /// <summary>An instant, where there is one.</summary>
    public static DateTimeOffset? Of(long? milliseconds) => milliseconds is { } at ? Of(at) : null;
}
