namespace Crm.Integration.Mapping.Matching;

/// <summary>A record, normalised for comparison. Opaque to all but the matcher.</summary>
/// <remarks>
/// All texts stand in one string and are referred to by offset, which keeps a record near half a kilobyte: a cold run holds
/// hundreds of thousands of them at once.
/// </remarks>
public sealed class MatchFeatures
{
    private readonly PersonName _name;
    private readonly Address _address;
    private readonly Company _company;

    internal MatchFeatures(string text) => Text = text;

    internal string Text { get; }

    internal PartyKind Kind { get; init; }

    internal Gender Gender { get; init; }

    internal PersonName Name
    {
        get => _name;
        init => _name = value;
    }

    // By reference: scoring reads it a hundred million times in a cold run.
    internal ref readonly PersonName NameRef => ref _name;

    internal BirthDate Birth { get; init; }

    internal Address Address
    {
        get => _address;
        init => _address = value;
    }

    internal ref readonly Address AddressRef => ref _address;

    internal Company Company
    {
        get => _company;
        init => _company = value;
    }

    internal ref readonly Company CompanyRef => ref _company;

    internal Mailbox[] Emails { get; init; } = [];

    internal Phone[] Phones { get; init; } = [];

    internal Slice NationalId { get; init; }

    internal Slice TaxId { get; init; }

    internal Slice RegistrationId { get; init; }

    internal Slice Website { get; init; }

    internal ReadOnlySpan<char> this[Slice slice] => Text.AsSpan(slice.Start, slice.Length);
}

/// <summary>A piece of <see cref="MatchFeatures.Text"/>.</summary>
internal readonly record struct Slice(ushort Start, ushort Length)
{
    public bool IsEmpty => Length == 0;

    public int End => Start + Length;
}

/// <summary>What a record describes, as far as its values tell.</summary>
internal enum PartyKind : byte
{
    Unknown,
    Person,
    Company,
}

internal enum Gender : byte
{
    Unknown,
    Female,
    Male,
}

/// <summary>A person's name. Words stand side by side without blanks, so that "yue li" and "yueli" are one text.</summary>
internal readonly struct PersonName
{
    public Slice Given { get; init; }

    /// <summary>The first word of the given name.</summary>
    public Slice First { get; init; }

    /// <summary>The second word of the given name, or the middle name.</summary>
    public Slice Middle { get; init; }

    /// <summary>The family name with its particles: vandervelde.</summary>
    public Slice FamilyWhole { get; init; }

    /// <summary>Without particles: velde.</summary>
    public Slice Family { get; init; }

    /// <summary>The halves of a double family name.</summary>
    public Slice FamilyHead { get; init; }

    public Slice FamilyTail { get; init; }

    /// <summary>The name in its own letters, where the Latin ones are only how it is read: Chinese, Hangul, kana, Arabic, Hebrew.</summary>
    public Slice GivenHan { get; init; }

    public Slice FamilyHan { get; init; }

    public ulong GivenHash { get; init; }

    public ulong FamilyHash { get; init; }

    public ulong GivenLoose { get; init; }

    public ulong FamilyLoose { get; init; }

    /// <summary>How common the names are in the world, where the store has not seen enough to tell.</summary>
    public float GivenPrior { get; init; }

    public float FamilyPrior { get; init; }

    /// <summary>Index into <see cref="Nicknames"/>; 0 for a name that it does not know.</summary>
    public ushort Nickname { get; init; }

    public Generation Generation { get; init; }

    /// <summary>Chinese characters, or syllables that read as Chinese: there one letter makes another name.</summary>
    public bool Pinyin { get; init; }

    /// <summary>The letters in which the name is written, as far as they can be compared with Latin ones.</summary>
    public NameScript Script { get; init; }

    public bool HasGiven => !Given.IsEmpty;

    public bool HasFamily => !Family.IsEmpty;
}

internal enum NameScript : byte
{
    /// <summary>Latin, or turned into Latin letters.</summary>
    Latin,

    /// <summary>Chinese characters, read as pinyin; Japanese names in kanji look the same and read otherwise.</summary>
    Han,

    /// <summary>Letters that are compared with their own kind only.</summary>
    Other,

    Hangul,

    /// <summary>Kana, or characters that are read as Japanese.</summary>
    Japanese,

    Arabic,

    Hebrew,
}

internal enum Generation : byte
{
    None,
    Senior,
    Junior,
    Third,
    Fourth,
}

/// <summary>A date of birth; <see cref="Day"/> 0 for none.</summary>
internal readonly record struct BirthDate(int Day, bool Weak)
{
    public bool IsKnown => Day > 0;

    public DateOnly Date => DateOnly.FromDayNumber(Day);
}

internal readonly record struct Mailbox(Slice Local, Slice Domain, bool Role, bool Free);

/// <summary>A phone number by its digits; the last eight are the same however the rest was written.</summary>
internal readonly record struct Phone(ulong Digits, PhoneLine Line)
{
    public const ulong Tail = 100_000_000;

    public bool Same(Phone other) => Digits % Tail == other.Digits % Tail;
}

internal enum PhoneLine : byte
{
    Unknown,
    Mobile,
    Fixed,
}

internal readonly struct Address
{
    /// <summary>The street without number and without words like "street", as one word.</summary>
    public Slice Street { get; init; }

    public Slice Number { get; init; }

    public Slice Unit { get; init; }

    public Slice PostalCode { get; init; }

    public Slice City { get; init; }

    public Slice Country { get; init; }
}

/// <summary>An organisation's name: the record's own, or the employer of a person.</summary>
internal readonly struct Company
{
    /// <summary>The name without legal form, in its order, with blanks.</summary>
    public Slice Core { get; init; }

    /// <summary>Its words by hash, ascending, without repeats.</summary>
    public CompanyWord[]? Words { get; init; }

    /// <summary>Hash of the words in sorted order.</summary>
    public ulong Hash { get; init; }

    public bool IsKnown => !Core.IsEmpty;
}

internal readonly record struct CompanyWord(ulong Hash, Slice Text, CompanyWordKind Kind);

internal enum CompanyWordKind : byte
{
    /// <summary>A word that tells companies apart.</summary>
    Telling,

    /// <summary>A line of business: trading, foods.</summary>
    Business,

    /// <summary>A number, a point of the compass, holding, branch: one of several houses of one name.</summary>
    Distinguishing,
}
