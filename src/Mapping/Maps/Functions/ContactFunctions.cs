using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;
using static Crm.Integration.Mapping.Maps.Functions.Declare;

namespace Crm.Integration.Mapping.Maps.Functions;

internal static class ContactFunctions
{
    private const string Category = "contact";

    public static IReadOnlyList<MapFunction> All { get; } =
    [
        OfText(Category, "email", "An e-mail address in lower case, without mailto:, display name, brackets, full-width characters. What is no address stays as it was, trimmed.",
            [Gives("' Ann.Lee@Example.ORG ' | email", "ann.lee@example.org"), Gives("'Ann Lee <ann@example.org>' | email", "ann@example.org"), Gives("'none' | email", "none")],
            text => EmailAddress.Parse(text) ?? Trimmed(text)),
        OfText(Category, "emailDomain", "The domain of an e-mail address; nothing when it is none.", [Gives("'ann@Mail.Example.org' | emailDomain", "mail.example.org"), Gives("'none' | emailDomain", null)], EmailAddress.DomainOf),
        new(Category, "phone", "A phone number in E.164 form, by the numbering plan of its country; extensions are dropped. The country (ISO code or name) is the one whose habits hold when the number does not begin with + or 00; without it, the hub's own. What fits no plan stays as it was, trimmed.",
            [Subject, new("country", MapParameterType.Country, Optional: true)],
            [Gives("'138 0013 8000' | phone('CN')", "+8613800138000"), Gives("'+44 (0)20 7946 0018' | phone", "+442079460018"), Gives("'030/123456 ext. 7' | phone('Germany')", "+4930123456"), Gives("'ask Ann' | phone('US')", "ask Ann")], Phone),
        new(Category, "phoneCountry", "The country of a phone number, as ISO code; nothing when it is no number.", [Subject, new("country", MapParameterType.Country, Optional: true)],
            [Gives("'+1 416 555 0123' | phoneCountry", "CA"), Gives("'12' | phoneCountry('US')", null)], PhoneCountry),
        OfText(Category, "website", "A web address in lower case up to its path, without http://, www. and a slash at the end, so that two spellings of a site are equal.",
            [Gives("'HTTP://www.Example.com/' | website", "example.com"), Gives("'https://example.com/Shop' | website", "example.com/Shop")], Website),
    ];

    private static Func<Value, Value> Phone(ReadOnlySpan<Value> rest, MapEnvironment environment)
    {
        var home = Home(rest, environment);
        return OnText(text => PhoneNumber.Parse(text, home) ?? Trimmed(text));
    }

    private static Func<Value, Value> PhoneCountry(ReadOnlySpan<Value> rest, MapEnvironment environment)
    {
        var home = Home(rest, environment);
        return OnText(text => PhoneNumber.CountryOf(PhoneNumber.Parse(text, home)));
    }

    internal static string? Home(ReadOnlySpan<Value> rest, MapEnvironment environment) =>
        (rest.Length > 0 ? Countries.Find(rest[0].ToText()) : null) ?? environment.Country;

    internal static string Trimmed(string text)
    {
        var trimmed = text.AsSpan().Trim();
        return trimmed.Length == text.Length ? text : trimmed.ToString();
    }

    private static string Website(string text)
    {
        var site = text.AsSpan().Trim();
        foreach (var scheme in (ReadOnlySpan<string>)["https://", "http://", "//"])
        {
            if (site.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                site = site[scheme.Length..];
        }

        if (site.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
            site = site[4..];
        site = site.TrimEnd('/');
        var slash = site.IndexOf('/');
        var host = slash < 0 ? site : site[..slash];
        if (host.IndexOf('.') < 0 || host.IndexOf(' ') >= 0)
            return Trimmed(text);
        var normal = string.Concat(host.ToString().ToLowerInvariant(), slash < 0 ? "" : site[slash..]);
        return normal == text ? text : normal;
    }
}
