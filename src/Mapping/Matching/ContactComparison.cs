namespace Crm.Integration.Mapping.Matching;

/// <summary>Compares what people and organisations both have: ids, mailboxes, phones, addresses.</summary>
internal static class ContactComparison
{
    public static (Level Level, double Bits) BirthDates(BirthDate a, BirthDate b)
    {
        if (!a.IsKnown || !b.IsKnown)
            return default;
        if (a.Day == b.Day)
            return a.Weak ? (Level.WeakSame, Weights.BirthWeak) : (Level.Same, Weights.BirthSame);
        DateOnly left = a.Date, right = b.Date;
        if (left.Year == right.Year && left.Month == right.Day && left.Day == right.Month)
            return (Level.DayMonthSwapped, Weights.BirthSwapped);
        if (a.Weak || b.Weak)
            return left.Year == right.Year ? (Level.SameYear, 0.5) : (Level.Different, Weights.BirthDifferent / 2);

        Span<char> l = stackalloc char[8], r = stackalloc char[8];
        Digits(left, l);
        Digits(right, r);
        if (Similarity.OneEdit(l, r))
            return (Level.OneDigit, Weights.BirthOneDigit);
        if ((left.Day == right.Day && left.Month == right.Month) || (Similarity.Edits(l, r, 2) <= 2 && (left.Day == right.Day || left.Month == right.Month)))
            return (Level.TwoDigits, Weights.BirthTwoDigits);
        if (Math.Abs(a.Day - b.Day) <= 45)
            return (Level.Near, Weights.BirthNear);
        return left.Year == right.Year || Math.Abs(a.Day - b.Day) <= 400 ? (Level.SameYear, Weights.BirthSameYear) : (Level.Different, Weights.BirthDifferent);
    }

    /// <summary>The best of all pairs of mailboxes.</summary>
    public static (Level Level, double Bits, int Left, int Right) Emails(MatchFeatures a, MatchFeatures b)
    {
        (Level Level, double Bits, int Left, int Right) best = default;
        for (var i = 0; i < a.Emails.Length; i++)
        {
            for (var j = 0; j < b.Emails.Length; j++)
            {
                var (level, bits) = Email(a, a.Emails[i], b, b.Emails[j]);
                if (best.Level == Level.None || bits > best.Bits)
                    best = (level, bits, i, j);
            }
        }

        return best;
    }

    /// <summary>The best of all pairs of phone numbers.</summary>
    public static (Level Level, double Bits, int Left, int Right) Phones(MatchFeatures a, MatchFeatures b)
    {
        (Level Level, double Bits, int Left, int Right) best = default;
        for (var i = 0; i < a.Phones.Length; i++)
        {
            for (var j = 0; j < b.Phones.Length; j++)
            {
                var (level, bits) = Phone(a.Phones[i], b.Phones[j]);
                if (best.Level == Level.None || bits > best.Bits)
                    best = (level, bits, i, j);
            }
        }

        return best;
    }

    public static (Level Level, double Bits) Addresses(MatchFeatures a, MatchFeatures b)
    {
        ref readonly var left = ref a.AddressRef;
        ref readonly var right = ref b.AddressRef;
        ReadOnlySpan<char> leftPostal = a[left.PostalCode], rightPostal = b[right.PostalCode], leftCity = a[left.City], rightCity = b[right.City];
        var postals = !leftPostal.IsEmpty && !rightPostal.IsEmpty;
        var cities = !leftCity.IsEmpty && !rightCity.IsEmpty;
        var samePostal = postals && leftPostal.SequenceEqual(rightPostal);
        var nearPostal = postals && !samePostal && Similarity.OneEdit(leftPostal, rightPostal);
        var sameCity = cities && SameCity(leftCity, rightCity);
        var place = samePostal || sameCity || nearPostal;
        var elsewhere = !place && (postals || cities);
        if (!left.Street.IsEmpty && !right.Street.IsEmpty)
        {
            var street = SameStreet(a[left.Street], b[right.Street]);
            var numbers = !left.Number.IsEmpty && !right.Number.IsEmpty;
            var sameNumber = numbers && a[left.Number].SequenceEqual(b[right.Number]);
            if (street && sameNumber)
            {
                if (!left.Unit.IsEmpty && !right.Unit.IsEmpty && !a[left.Unit].SequenceEqual(b[right.Unit]))
                    return (Level.Building, Weights.AddressSame + Weights.AddressDifferentUnit);
                return elsewhere ? (Level.StreetAndNumber, Weights.AddressStreet) : place ? (Level.Same, Weights.AddressSame) : (Level.StreetAndNumber, Weights.AddressNoPlace);
            }

            if (street && !(numbers && postals && !samePostal && !nearPostal))
                return elsewhere ? (Level.Different, Weights.AddressDifferent) : (Level.Street, Weights.AddressStreet);
            if (postals && !samePostal && !nearPostal)
                return (Level.Different, cities && !sameCity ? Weights.AddressDifferentCity : Weights.AddressDifferent);
        }

        if (samePostal)
            return (Level.PostalCode, IsNarrow(leftPostal) ? Weights.AddressNarrowPostalCode : Weights.AddressPostalCode);
        if (sameCity)
            return (Level.City, Weights.AddressCity);
        return elsewhere && cities ? (Level.Different, Weights.AddressDifferentCity) : elsewhere ? (Level.Different, Weights.AddressDifferent) : default;
    }

    private static bool IsNarrow(ReadOnlySpan<char> postalCode) => postalCode.Length >= 5 && char.IsAsciiLetter(postalCode[^1]);

    /// <summary>Ids that one office gives to one person or firm.</summary>
    public static (Level Level, double Bits) Ids(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.IsEmpty || b.IsEmpty)
            return default;
        if (a.SequenceEqual(b) || SameWithoutCountry(a, b) || SameWithoutCountry(b, a))
            return (Level.Same, Weights.IdSame);
        if (!Similarity.OneEdit(a, b))
        {
            if (Math.Min(a.Length, b.Length) < 7 || Similarity.Edits(a, b, 2) > 2)
                return (Level.Different, Weights.IdDifferent);
            return (Level.TwoDigits, a[..^2].SequenceEqual(b[..^2]) ? Weights.IdLastDigits : Weights.IdTwoEdits);
        }

        // Numbers that differ in the last place are given out one after the other: to brothers, to sister companies.
        return (Level.OneEdit, a[..^1].SequenceEqual(b[..^1]) ? Weights.IdLastDigit : Weights.IdOneEdit);
    }

    /// <summary>Compares hosts of organisations: web sites, and mail domains where a web site is missing.</summary>
    public static (Level Level, double Bits) Hosts(MatchFeatures a, MatchFeatures b)
    {
        ReadOnlySpan<char> left = HostOf(a), right = HostOf(b);
        if (left.IsEmpty || right.IsEmpty)
            return default;
        if (left.SequenceEqual(right))
            return (Level.Same, Weights.WebsiteSame);
        return left.Length > 8 && Similarity.OneEdit(left, right) ? (Level.OneEdit, Weights.WebsiteSame / 2) : (Level.Different, Weights.WebsiteDifferent);
    }

    /// <summary>The host that is an organisation's own, or nothing.</summary>
    public static ReadOnlySpan<char> HostOf(MatchFeatures features)
    {
        if (!features.Website.IsEmpty)
            return features[features.Website];
        foreach (var mailbox in features.Emails)
        {
            if (!mailbox.Free)
                return features[mailbox.Domain];
        }

        return default;
    }

    private static (Level Level, double Bits) Email(MatchFeatures a, Mailbox left, MatchFeatures b, Mailbox right)
    {
        ReadOnlySpan<char> leftLocal = a[left.Local], rightLocal = b[right.Local], leftHost = a[left.Domain], rightHost = b[right.Domain];
        var sameLocal = leftLocal.SequenceEqual(rightLocal) || (left.Domain.Length != right.Domain.Length && SameWithoutDots(leftLocal, rightLocal));
        var sameHost = leftHost.SequenceEqual(rightHost);
        if (sameLocal && sameHost)
            return left.Role ? (Level.Role, Weights.EmailRole) : (Level.Same, Weights.EmailSame);
        if (left.Role || right.Role)
            return sameHost && !left.Free ? (Level.Domain, Weights.EmailDomain) : default;
        var shorter = Math.Min(leftLocal.Length, rightLocal.Length);
        if (sameHost && shorter >= 4 && Similarity.OneEdit(leftLocal, rightLocal))
            return (Level.OneEdit, DigitsDiffer(leftLocal, rightLocal) ? Weights.EmailDomain : shorter >= 6 ? Weights.EmailOneEdit : Weights.EmailShortEdit);
        if (sameLocal && Math.Min(leftHost.Length, rightHost.Length) >= 7 && Similarity.Edits(leftHost, rightHost, 2) <= 2)
            return (Level.OneEdit, shorter >= 5 ? Weights.EmailSame - 1 : Weights.EmailOneEdit);
        if (sameLocal && shorter >= 5)
            return (Level.LocalPart, Weights.EmailLocal);
        if (sameHost && !left.Free)
            return (Level.Domain, Weights.EmailDomain);
        if (shorter >= 5 && leftHost[0] == rightHost[0] && Similarity.Edits(leftLocal, rightLocal, 2) <= 2 && Similarity.Edits(leftHost, rightHost, 3) <= 3 && !DigitsDiffer(leftLocal, rightLocal))
            return (Level.Alike, Weights.EmailAlike);
        // One mailbox at work and one at home is how people are; two at home less so.
        return (Level.Different, left.Free == right.Free ? Weights.EmailDifferent : Weights.EmailOtherKind);
    }

    /// <summary>Gmail takes dots out of names, others do not: only between hosts is it the same name.</summary>
    private static bool SameWithoutDots(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        int i = 0, j = 0;
        while (true)
        {
            while (i < a.Length && a[i] == '.')
                i++;
            while (j < b.Length && b[j] == '.')
                j++;
            if (i == a.Length || j == b.Length)
                return i == a.Length && j == b.Length;
            if (a[i++] != b[j++])
                return false;
        }
    }

    /// <summary>anna1 and anna2 are often two people, anna and anan one with a slip.</summary>
    private static bool DigitsDiffer(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var prefix = a.CommonPrefixLength(b);
        return (prefix < a.Length && char.IsAsciiDigit(a[prefix])) || (prefix < b.Length && char.IsAsciiDigit(b[prefix]));
    }

    private static (Level Level, double Bits) Phone(Phone left, Phone right)
    {
        if (left.Same(right))
        {
            if (left.Line == PhoneLine.Mobile || right.Line == PhoneLine.Mobile)
                return (Level.Mobile, Weights.PhoneMobile);
            return left.Line == PhoneLine.Fixed || right.Line == PhoneLine.Fixed ? (Level.Line, Weights.PhoneFixed) : (Level.Same, Weights.PhoneUnknown);
        }

        Span<char> l = stackalloc char[8], r = stackalloc char[8];
        Tail(left, l);
        Tail(right, r);
        if (Similarity.OneEdit(l, r))
            return (Level.OneDigit, Weights.PhoneOneDigit);
        // A person rarely has two mobiles, a house often two lines, and everybody a mobile beside the house's line.
        return (Level.Different, left.Line != right.Line || left.Line == PhoneLine.Unknown ? Weights.PhoneOtherLine
            : left.Line == PhoneLine.Mobile ? Weights.PhoneOtherMobile : Weights.PhoneDifferent);
    }

    private static bool SameCity(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.SequenceEqual(b))
            return true;
        var shorter = Math.Min(a.Length, b.Length);
        if (shorter < 4)
            return false;
        // Towns are few and far between: a garbled name is still that of the town, other than with people.
        return a[..shorter].SequenceEqual(b[..shorter]) || Similarity.OneEdit(a, b) || (shorter > 6 && Similarity.JaroWinkler(a, b) >= 0.93)
            || (shorter >= 6 && Similarity.Edits(a, b, 3) <= (shorter >= 8 ? 3 : 2));
    }

    private static bool SameStreet(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.SequenceEqual(b))
            return true;
        var shorter = Math.Min(a.Length, b.Length);
        if (shorter < 4)
            return false;
        return Similarity.OneEdit(a, b) || (shorter >= 6 && (a[..shorter].SequenceEqual(b[..shorter]) || Similarity.JaroWinkler(a, b) >= 0.92));
    }

    private static bool SameWithoutCountry(ReadOnlySpan<char> bare, ReadOnlySpan<char> prefixed) =>
        prefixed.Length == bare.Length + 2 && bare.Length >= 7 && char.IsAsciiLetter(prefixed[0]) && char.IsAsciiLetter(prefixed[1]) && prefixed[2..].SequenceEqual(bare);

    private static void Digits(DateOnly date, Span<char> into)
    {
        var number = (date.Year * 10000) + (date.Month * 100) + date.Day;
        for (var i = 7; i >= 0; i--)
        {
            into[i] = (char)('0' + (number % 10));
            number /= 10;
        }
    }

    private static void Tail(Phone phone, Span<char> into)
    {
        var number = phone.Digits % Matching.Phone.Tail;
        for (var i = 7; i >= 0; i--)
        {
            into[i] = (char)('0' + (number % 10));
            number /= 10;
        }
    }
}
