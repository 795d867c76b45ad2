using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Crm.Integration.Hub.Logging;

/// <summary>
/// Tells by the name of a value that it is a secret or says something of a person, so that it is masked in the log whatever it holds. What a
/// machine is called (<c>FileName</c>, <c>RemoteAddress</c>) may be read.
/// </summary>
internal static partial class SensitiveNames
{
    // A name comes from the code, so there are few; one that a structure brings along may be anything.
    private const int MostRemembered = 4096;

    private static readonly ConcurrentDictionary<string, bool> s_known = new(StringComparer.Ordinal);

    private static readonly HashSet<string> s_always =
    [
        "email", "emails", "mail", "mailbox", "phone", "phones", "telephone", "mobile", "fax", "surname", "birthdate", "birthday", "birth", "dob", "gender", "street", "postcode", "zip",
        "nationalid", "taxid", "ssn", "passport", "iban", "firstname", "lastname", "fullname", "givenname", "familyname",
        "token", "secret", "password", "passwd", "pwd", "passphrase", "authorization", "credential", "credentials", "cookie", "apikey", "signature", "bearer",
    ];

    // As two words: nationalId, postal_code, api-key.
    private static readonly HashSet<string> s_pairs = ["nationalid", "taxid", "postalcode", "birthdate", "apikey", "accesskey", "privatekey", "clientsecret"];

    // Also said of things: these only where nothing in front says which thing.
    private static readonly HashSet<string> s_also = ["name", "names", "address", "addresses"];

    private static readonly HashSet<string> s_things =
    [
        "action", "activity", "base", "bind", "calendar", "category", "class", "column", "connection", "connector", "content", "database", "display", "endpoint", "entity", "event", "field", "file",
        "folder", "group", "header", "host", "index", "instance", "instrument", "ip", "job", "listen", "local", "logger", "machine", "member", "meter", "method", "node", "parameter", "path",
        "pipeline", "policy", "process", "property", "public", "queue", "remote", "route", "rule", "scheduler", "schema", "server", "service", "source", "stream", "table", "thread", "trigger",
        "type", "url", "verb",
    ];

    /// <summary>Whether what has this name is masked.</summary>
    /// <param name="name">In any spelling: birthDate, birth_date, BirthDate.</param>
    public static bool Covers(string name)
    {
        if (s_known.TryGetValue(name, out var covered))
            return covered;
        covered = Judge(name);
        if (s_known.Count < MostRemembered)
            s_known.TryAdd(name, covered);
        return covered;
    }

    private static bool Judge(string name)
    {
        string[] words = [.. Word().Matches(name).Select(match => match.Value.ToLowerInvariant())];
        for (var i = 0; i < words.Length; i++)
        {
            if (s_always.Contains(words[i]) || (i > 0 && s_pairs.Contains(words[i - 1] + words[i])))
                return true;
            if (s_also.Contains(words[i]) && (i == 0 || !s_things.Contains(words[i - 1])))
                return true;
        }

        return false;
    }

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Word();
}
