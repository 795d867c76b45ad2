namespace Crm.Integration.Hub.Api;

/// <summary>Words of a query that are to be one of a few.</summary>
internal static class Choice
{
    /// <summary>The value of a word; null for none.</summary>
    /// <param name="text">The word.</param>
    /// <param name="field">Where it stands.</param>
    /// <exception cref="RefusedException">It is another word.</exception>
    public static T? Of<T>(string? text, string field)
        where T : struct, Enum
    {
        if (text is null)
            return null;
        var names = Enum.GetNames<T>().Select(name => name.ToLowerInvariant()).ToList();
        return names.Contains(text.ToLowerInvariant())
            ? Enum.Parse<T>(text, ignoreCase: true)
            : throw RefusedException.Invalid(field, $"{field} is {string.Join(", ", names[..^1])} or {names[^1]}, not '{text}'", Suggestion.Of(text, names));
    }
}
