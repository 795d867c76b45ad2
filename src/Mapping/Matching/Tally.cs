using System.Runtime.CompilerServices;

namespace Crm.Integration.Mapping.Matching;

/// <summary>What is compared.</summary>
internal enum Comparison : byte
{
    Prior,
    GivenName,
    MiddleName,
    FamilyName,
    Generation,
    BirthDate,
    Gender,
    Email,
    Phone,
    Address,
    NationalId,
    TaxId,
    RegistrationId,
    Company,
    Website,

    /// <summary>What agreements of one household or firm say together less than each alone.</summary>
    Overlap,
}

/// <summary>How far a comparison agrees.</summary>
internal enum Level : byte
{
    None,
    Same,
    FirstWord,
    Variant,
    Nickname,
    Pinyin,
    OneEdit,
    Alike,
    Half,
    Truncated,
    Initial,
    Middle,
    Swapped,
    Gendered,
    OtherName,
    WeakSame,
    DayMonthSwapped,
    OneDigit,
    TwoDigits,
    Near,
    SameYear,
    Role,
    LocalPart,
    Domain,
    Mobile,
    Line,
    StreetAndNumber,
    Street,
    Building,
    PostalCode,
    City,
    WordsOverlap,
    Subset,
    Acronym,
    Sibling,
    Mistaken,
    Different,
}

/// <summary>One step of a score.</summary>
/// <param name="Comparison">What is compared.</param>
/// <param name="Level">How far it agrees.</param>
/// <param name="Bits">The shipped weight: by this, evidence is sorted and capped.</param>
/// <param name="Correction">What the store's own data adds to it.</param>
/// <param name="Left">Which of several values met.</param>
/// <param name="Right">The same, on the other side.</param>
internal readonly record struct TallyStep(Comparison Comparison, Level Level, float Bits, float Correction, byte Left, byte Right);

/// <summary>The steps of one score, on the stack: scoring and explaining are one computation.</summary>
/// <param name="corrections">What the store's data teaches of this kind of pair; null for nothing.</param>
internal struct Tally(LevelCorrections? corrections)
{
    private Steps _steps;

    public int Count { get; private set; }

    public MatchGuard Guard { get; set; }

    /// <summary>Whether nothing but the names speaks for the pair, or no more than a city besides.</summary>
    public bool IsNameOnly { get; set; }

    public readonly TallyStep this[int index] => _steps[index];

    public readonly double Bits
    {
        get
        {
            double bits = 0;
            for (var i = 0; i < Count; i++)
                bits += _steps[i].Bits + _steps[i].Correction;
            return bits;
        }
    }

    /// <summary>Adds a step; left and right say which of several values met.</summary>
    public void Add(Comparison comparison, Level level, double bits, int left = 0, int right = 0) =>
        _steps[Count++] = new TallyStep(comparison, level, (float)bits, corrections is null ? 0 : corrections[comparison, level], (byte)left, (byte)right);

    [InlineArray(20)]
    private struct Steps
    {
        private TallyStep _first;
    }
}
