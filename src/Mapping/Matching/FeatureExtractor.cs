using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Turns records of a type into features, by the roles of its fields.</summary>
internal sealed class FeatureExtractor
{
    private readonly EntityKind _kind;
    private readonly int[] _given, _middle, _family, _full, _organisation, _employer, _birth, _gender, _emails, _phones, _lines, _city, _postal, _country, _national, _tax, _registration, _website;

    public FeatureExtractor(EntityType type)
    {
        _kind = type.Kind;
        int[] Of(FieldRole role) => [.. type.Fields.Where(field => field.Role == role).Select(field => field.Ordinal)];
        _given = Of(FieldRole.GivenName);
        _middle = Of(FieldRole.MiddleName);
        _family = Of(FieldRole.FamilyName);
        _full = Of(FieldRole.FullName);
        _organisation = Of(FieldRole.OrganisationName);
        _employer = Of(FieldRole.Employer);
        _birth = Of(FieldRole.BirthDate);
        _gender = Of(FieldRole.Gender);
        _emails = Of(FieldRole.Email);
        _phones = Of(FieldRole.Phone);
        _lines = Of(FieldRole.AddressLine);
        _city = Of(FieldRole.City);
        _postal = Of(FieldRole.PostalCode);
        _country = Of(FieldRole.Country);
        _national = Of(FieldRole.NationalId);
        _tax = Of(FieldRole.TaxId);
        _registration = Of(FieldRole.RegistrationId);
        _website = Of(FieldRole.Website);
    }

    public MatchFeatures Extract(EntityRecord record)
    {
        var text = new FeatureText(stackalloc char[2048]);
        var emails = Emails(record, ref text);
        var employer = First(record, _employer);
        var full = First(record, _full);
        var family = First(record, _family);
        var given = First(record, _given);
        var organisation = _kind == EntityKind.Organisation ? First(record, _organisation) : default;
        PersonName name = default;
        var stopgap = false;
        if (_kind != EntityKind.Organisation)
        {
            // A firm that was entered as a person: its name stands where the family or the whole name should.
            var only = given.IsWhiteSpace() ? full.IsWhiteSpace() ? family : full : default;
            if (!only.IsWhiteSpace() && (OrganisationNames.Is(only) || IsLongHan(only) || IsNamedByMailbox(only, emails, ref text)))
                organisation = only;
            else
                name = PersonNameReader.Read(given, First(record, _middle), family, full, Origin(record, given, family, full, emails, ref text), ref text, out stopgap);
        }

        var company = CompanyReader.Read(organisation.IsWhiteSpace() ? employer : organisation, ref text);
        var kind = Kind(name, company, organisation, emails, stopgap);
        var address = AddressReader.Read(First(record, _lines), Second(record, _lines), First(record, _city), First(record, _postal), First(record, _country), ref text);
        var national = Id(record, _national, ref text);
        var tax = Id(record, _tax, ref text);
        var registration = Id(record, _registration, ref text);
        var website = Website(First(record, _website), ref text);
        return new MatchFeatures(text.Written.ToString())
        {
            Kind = kind,
            Name = name,
            Company = company,
            Emails = emails,
            Phones = Phones(record),
            Address = address,
            Birth = _birth.Length > 0 ? BirthDateReader.Read(record[_birth[0]]) : default,
            Gender = _gender.Length > 0 ? ReadGender(record[_gender[0]].AsText) : Gender.Unknown,
            NationalId = national,
            TaxId = tax,
            RegistrationId = registration,
            Website = website,
        };
    }

    /// <summary>Asked only where it tells: names that are not Latin, and whole names of one word.</summary>
    private NameOrigin Origin(EntityRecord record, ReadOnlySpan<char> given, ReadOnlySpan<char> family, ReadOnlySpan<char> full, Mailbox[] emails, ref FeatureText text)
    {
        var eastern = given.IndexOfAnyExceptInRange('\0', '\u2E7F') >= 0 || family.IndexOfAnyExceptInRange('\0', '\u2E7F') >= 0 || full.IndexOfAnyExceptInRange('\0', '\u2E7F') >= 0;
        return eastern || (!full.IsEmpty && !full.Contains(',')) ? NameOrigins.Of(First(record, _country), emails, ref text) : NameOrigin.Unknown;
    }

    private PartyKind Kind(in PersonName name, in Company company, ReadOnlySpan<char> organisation, Mailbox[] emails, bool stopgap)
    {
        if (_kind == EntityKind.Organisation)
            return PartyKind.Company;
        if (name.HasGiven || name.HasFamily)
            return PartyKind.Person;
        // A contact whose name is missing: the firm is the employer, the mailbox is somebody's own, or somebody had to enter a name.
        if (stopgap || organisation.IsWhiteSpace() && Array.Exists(emails, mailbox => !mailbox.Role))
            return PartyKind.Unknown;
        return company.IsKnown ? PartyKind.Company : PartyKind.Unknown;
    }

    private Mailbox[] Emails(EntityRecord record, ref FeatureText text)
    {
        Span<Mailbox> found = stackalloc Mailbox[6];
        var count = 0;
        foreach (var ordinal in _emails)
        {
            foreach (var value in Each(record[ordinal]))
            {
                if (value.AsText is not { } raw)
                    continue;
                // Several in one field: every @ has a word before and a word behind it.
                ReadOnlySpan<char> rest = raw;
                while (!rest.IsEmpty && count < found.Length)
                {
                    var end = MailboxReader.Second(rest);
                    var one = end > 0 ? rest[..end] : rest;
                    rest = end > 0 ? rest[end..] : default;
                    if (!MailboxReader.TryRead(one, ref text, out var mailbox))
                        continue;
                    var known = false;
                    foreach (var other in found[..count])
                        known |= text[other.Local].SequenceEqual(text[mailbox.Local]) && text[other.Domain].SequenceEqual(text[mailbox.Domain]);
                    if (!known)
                        found[count++] = mailbox;
                }
            }
        }

        return count == 0 ? [] : found[..count].ToArray();
    }

    private Phone[] Phones(EntityRecord record)
    {
        Span<Phone> found = stackalloc Phone[6];
        var count = 0;
        foreach (var ordinal in _phones)
        {
            foreach (var value in Each(record[ordinal]))
            {
                ReadOnlySpan<char> rest = value.ToText();
                while (!rest.IsEmpty && count < found.Length)
                {
                    var end = PhoneReader.Second(rest);
                    var one = end > 0 ? rest[..(end - 1)] : rest;
                    rest = end > 0 ? rest[end..] : default;
                    if (!PhoneReader.TryRead(one, out var phone))
                        continue;
                    var known = false;
                    foreach (var other in found[..count])
                        known |= other.Same(phone);
                    if (!known)
                        found[count++] = phone;
                }
            }
        }

        return count == 0 ? [] : found[..count].ToArray();
    }

    private static IReadOnlyList<Value> Each(Value value) => value.IsNull ? [] : value.AsList;

    private static ReadOnlySpan<char> First(EntityRecord record, int[] ordinals)
    {
        foreach (var ordinal in ordinals)
        {
            if (!record[ordinal].IsEmpty)
                return record[ordinal].ToText();
        }

        return default;
    }

    private static ReadOnlySpan<char> Second(EntityRecord record, int[] ordinals)
    {
        var seen = false;
        foreach (var ordinal in ordinals)
        {
            if (record[ordinal].IsEmpty)
                continue;
            if (seen)
                return record[ordinal].ToText();
            seen = true;
        }

        return default;
    }

    private static Slice Id(EntityRecord record, int[] ordinals, ref FeatureText text)
    {
        var raw = First(record, ordinals);
        Span<char> id = stackalloc char[40];
        var length = 0;
        foreach (var character in raw)
        {
            if (char.IsLetterOrDigit(character) && length < id.Length)
                id[length++] = char.ToUpperInvariant(character);
        }

        // "0", "000000", "N/A": a form wanted something.
        var value = id[..length];
        return length < 5 || value.IndexOfAnyExcept(value[0]) < 0 || value.IndexOfAnyInRange('0', '9') < 0 || value is "12345" or "123456" or "1234567" or "12345678" or "123456789" or "1234567890" or "987654321" ? default : text.Add(value);
    }

    private static Slice Website(scoped ReadOnlySpan<char> raw, ref FeatureText text)
    {
        raw = raw.Trim();
        if (raw.IndexOf("://") is >= 0 and var scheme)
            raw = raw[(scheme + 3)..];
        if (raw.IndexOfAny("/?#:") is >= 0 and var end)
            raw = raw[..end];
        if (raw.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
            raw = raw[4..];
        if (raw.Length is < 4 or > 100 || !raw.Contains('.') || MailboxReader.IsFreeHost(raw))
            return default;
        Span<char> host = stackalloc char[raw.Length];
        raw.ToLowerInvariant(host);
        return text.Add(host);
    }

    /// <summary>No Chinese person has five characters; 天津金恒物流 is a firm that left its legal form out.</summary>
    private static bool IsLongHan(ReadOnlySpan<char> name)
    {
        name = name.Trim();
        return name.Length >= 5 && HanNames.AllHan(name) && !Romanisation.IsJapaneseFamily(name[..2]) && !Romanisation.IsJapaneseFamily(name[..3]);
    }

    /// <summary>"Brown Green Wines" at info@browngreenwines.example is no person.</summary>
    private static bool IsNamedByMailbox(scoped ReadOnlySpan<char> name, Mailbox[] emails, ref FeatureText text)
    {
        if (emails is not [{ Role: true, Free: false } mailbox, ..] || name.Contains(','))
            return false;
        Span<char> folded = stackalloc char[80];
        Span<char> joined = stackalloc char[80];
        var length = 0;
        foreach (var character in folded[..Folding.Fold(name, folded)])
        {
            if (character != ' ')
                joined[length++] = character;
        }

        // Long names are cut, here and there.
        return length >= 8 && text[mailbox.Domain].CommonPrefixLength(joined[..length]) >= Math.Min(length, 14);
    }

    private static Gender ReadGender(string? raw) => raw?.Trim().ToUpperInvariant() switch
    {
        "F" or "FEMALE" or "W" or "WEIBLICH" or "FRAU" or "WOMAN" or "MRS" or "MS" or "女" or "女士" or "FEMME" or "MUJER" or "2" => Gender.Female,
        "M" or "MALE" or "MÄNNLICH" or "HERR" or "MAN" or "MR" or "男" or "先生" or "HOMME" or "HOMBRE" or "1" => Gender.Male,
        _ => Gender.Unknown,
    };
}
