using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Matching;

/// <summary>
/// Makes the keys by which records meet. Each is selective by itself; a key of several parts is made only when all are there,
/// since a missing part would silently turn it into a wide one.
/// </summary>
internal static class KeyMaker
{
    public static void Add(MatchFeatures features, List<MatchKey> keys)
    {
        Contacts(features, keys);
        if (features.Kind == PartyKind.Company)
            Organisation(features, keys);
        else
            Person(features, keys);
        RemoveRepeats(keys);
    }

    private static void Contacts(MatchFeatures features, List<MatchKey> keys)
    {
        foreach (var mailbox in features.Emails)
        {
            var local = features[mailbox.Local];
            var whole = Hash(local, Hash(features[mailbox.Domain]));
            if (!mailbox.Role && local.Length >= 4)
                keys.Add(Key(MatchKeyKind.Mailbox, Mix(HashWithout(local, '.'), features[mailbox.Domain][0])));
            else if (!mailbox.Role || features.Kind != PartyKind.Person)
                keys.Add(Key(MatchKeyKind.Email, whole));
            else if (features.NameRef.HasGiven)
                keys.Add(Key(MatchKeyKind.SharedMailbox, Mix(whole, features.NameRef.GivenLoose)));
        }

        foreach (var phone in features.Phones)
            keys.Add(Key(MatchKeyKind.Phone, (phone.Digits % Phone.Tail) * 0x9E3779B185EBCA87));
        Add(keys, MatchKeyKind.NationalId, features[features.NationalId]);
        Add(keys, MatchKeyKind.TaxId, WithoutCountry(features[features.TaxId]));
        Add(keys, MatchKeyKind.RegistrationId, features[features.RegistrationId]);

        ref readonly var address = ref features.AddressRef;
        if (HasHouse(features))
        {
            // Beginnings only: the ends of street names are abbreviated, and a digit of the postal code is soon mistyped.
            var house = Hash(features[address.Number], Hash(Beginning(features[address.Street], 4)));
            keys.Add(Key(MatchKeyKind.Address, Hash(Beginning(features[address.PostalCode], 2), house)));
        }
    }

    private static void Person(MatchFeatures features, List<MatchKey> keys)
    {
        ref readonly var name = ref features.NameRef;
        ulong given = name.GivenLoose, family = name.FamilyLoose;
        if (given != 0 && family != 0)
        {
            Name(keys, given, family);
            // A double name, or a second given name taken for half a family name: Cristina Cruz Navarro.
            if (!name.FamilyTail.IsEmpty)
            {
                Name(keys, given, PersonNameReader.Loose(features[name.FamilyHead]));
                Name(keys, given, PersonNameReader.Loose(features[name.FamilyTail]));
            }

            // One of the two may be mistyped, cut off or a nickname; one kind for both, so that swapped names meet.
            keys.Add(Key(MatchKeyKind.NameAndInitial, Mix(family, features[name.First][0])));
            keys.Add(Key(MatchKeyKind.NameAndInitial, Mix(given, features[name.Family][0])));
        }

        // 村|上拓也 and 村上|拓也, 谭晓雪 and 晓雪谭: the characters of a name, however cut and turned.
        if (name.FamilyHan.Length + name.GivenHan.Length >= 2)
        {
            ulong characters = 0;
            foreach (var character in features[name.FamilyHan])
                characters += Mix(character, 1);
            foreach (var character in features[name.GivenHan])
                characters += Mix(character, 1);
            keys.Add(Key(MatchKeyKind.Name, characters));
        }

        // The whole date alone: so rare that it needs no name beside it, and so any error in the names does no harm.
        if (features.Birth is { IsKnown: true, Weak: false })
            keys.Add(Key(MatchKeyKind.BirthDate, (ulong)features.Birth.Day));
        if (!HasHouse(features))
            Sparse(features, keys);
    }

    /// <summary>
    /// Keys for records of few fields, which the usual ones leave alone: the beginning of either name with what else is known.
    /// A record with a whole address does without them.
    /// </summary>
    private static void Sparse(MatchFeatures features, List<MatchKey> keys)
    {
        ref readonly var address = ref features.AddressRef;
        var place = !address.PostalCode.IsEmpty ? Hash(features[address.PostalCode]) : !address.City.IsEmpty ? Hash(features[address.City]) : 0;
        ReadOnlySpan<Slice> names = [features.NameRef.First, features.NameRef.Family];
        foreach (var part in names)
        {
            if (part.IsEmpty)
                continue;
            var prefix = Hash(Beginning(features[part], 2));
            if (place != 0)
                keys.Add(Key(MatchKeyKind.PrefixAndPlace, Mix(prefix, place)));
            if (features.Birth.IsKnown)
                keys.Add(Key(MatchKeyKind.PrefixAndBirthYear, Mix(prefix, (ulong)features.Birth.Date.Year)));
        }
    }

    private static bool HasHouse(MatchFeatures features)
    {
        ref readonly var address = ref features.AddressRef;
        return !address.Street.IsEmpty && !address.Number.IsEmpty && !address.PostalCode.IsEmpty;
    }

    private static void Organisation(MatchFeatures features, List<MatchKey> keys)
    {
        var host = ContactComparison.HostOf(features);
        Add(keys, MatchKeyKind.Host, host);
        if (features.CompanyRef.Words is not { } words)
            return;
        keys.Add(Key(MatchKeyKind.CompanyName, features.CompanyRef.Hash));
        keys.Add(Key(MatchKeyKind.CompanyName, HashWithout(features[features.CompanyRef.Core], ' ')));
        ref readonly var address = ref features.AddressRef;
        foreach (var word in words)
        {
            if (word.Kind != CompanyWordKind.Telling)
                continue;
            if (!address.PostalCode.IsEmpty)
                keys.Add(Key(MatchKeyKind.CompanyAndPostalCode, Hash(features[address.PostalCode], word.Hash)));
            if (!address.City.IsEmpty)
                keys.Add(Key(MatchKeyKind.CompanyAndCity, Hash(features[address.City], word.Hash)));
        }
    }

    private static void Name(List<MatchKey> keys, ulong given, ulong family)
    {
        if (given == family)
            return;
        // Unordered, so that swapped names meet.
        var both = unchecked((given + family) * 0x9E3779B185EBCA87) ^ (given ^ family);
        keys.Add(Key(MatchKeyKind.Name, both));
    }

    private static ReadOnlySpan<char> Beginning(ReadOnlySpan<char> text, int length) => text[..Math.Min(length, text.Length)];

    private static void RemoveRepeats(List<MatchKey> keys)
    {
        for (var i = keys.Count - 1; i > 0; i--)
        {
            for (var j = 0; j < i; j++)
            {
                if (keys[j].Hash == keys[i].Hash)
                {
                    keys.RemoveAt(i);
                    break;
                }
            }
        }
    }

    private static ulong HashWithout(ReadOnlySpan<char> text, char dropped)
    {
        Span<char> joined = stackalloc char[text.Length];
        var length = 0;
        foreach (var character in text)
        {
            if (character != dropped)
                joined[length++] = character;
        }

        return Hash(joined[..length]);
    }

    private static ReadOnlySpan<char> WithoutCountry(ReadOnlySpan<char> id) =>
        id.Length >= 9 && char.IsAsciiLetter(id[0]) && char.IsAsciiLetter(id[1]) ? id[2..] : id;

    private static void Add(List<MatchKey> keys, MatchKeyKind kind, ReadOnlySpan<char> value)
    {
        if (!value.IsEmpty)
            keys.Add(Key(kind, Hash(value)));
    }

    private static ulong Hash(ReadOnlySpan<char> text, ulong seed = 0) => ContentHash.Of(text, seed);

    private static ulong Mix(ulong a, ulong b)
    {
        unchecked
        {
            var mixed = (a * 0x9E3779B185EBCA87) ^ System.Numerics.BitOperations.RotateLeft(b * 0xC2B2AE3D27D4EB4F, 31);
            mixed = (mixed ^ (mixed >> 32)) * 0x165667B19E3779F9;
            return mixed ^ (mixed >> 29);
        }
    }

    private static MatchKey Key(MatchKeyKind kind, ulong value) => new(Mix(value, (ulong)kind + 1), kind);
}
