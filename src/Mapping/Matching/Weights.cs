namespace Crm.Integration.Mapping.Matching;

/// <summary>
/// The shipped weights, in bits: log2 of how much likelier a level is for two records of one customer than for two of different
/// ones. Set by hand: first from published Fellegi–Sunter models and experience, then corrected while looking at the errors on
/// labelled development data (synthetic people, households and organisations). No estimate, so not calibrated for other data.
/// </summary>
internal static class Weights
{
    // Of two records at random one in a thousand pairs is one customer, in a store of up to some ten thousand; each doubling adds
    // people, but also true pairs, so the odds fall slower than the size grows. Level at first, so that the first records of a new
    // store are judged as they would be later.
    public const double Prior = -10;
    public const double PriorPerDoubling = -0.4;
    public const int PriorLevelTo = 14;

    public const double Strongest = 13;
    public const double Weakest = -8;

    // Share of people with one name; see TermFrequencies.Share.
    public const double GivenWeight = 1000;
    public const double FamilyWeight = 3000;
    public const double CompanyWeight = 3000;

    public const double GivenMost = 12;
    public const double GivenNickname = 5;
    public const double GivenPinyin = 5;
    public const double GivenOneEdit = 6.5;
    public const double OneEditLess = 2;

    // A spelling that nobody else has may be a slip in a usual name, on either side.
    public const double GivenVariantMost = 8;
    public const double FamilyVariantMost = 10.5;
    public const double GivenAlike = 2.5;
    public const double GivenInitial = 3;
    public const double GivenTruncated = 2.5;
    public const double GivenMiddle = 2;
    public const double GivenGendered = -2.5;
    public const double GivenDifferentInitial = -4;
    public const double GivenDifferent = -6;
    public const double GivenShortEdit = -1;

    // Mary and Gary, Joan and John: a slip of the pen makes one usual name of another now and then, parents of several children often.
    public const double GivenOtherName = -2;

    public const double MiddleSame = 2;
    public const double MiddleDifferent = -1.5;

    public const double FamilyMost = 14;
    public const double FamilyOneEdit = 9;
    public const double FamilyAlike = 3.5;
    public const double FamilyInitial = 1;
    public const double FamilyDifferent = -4;
    public const double SwappedNames = -1.5;

    // The same letters, parted elsewhere or in the other order.
    public const double GivenRearranged = 5;
    public const double FamilyRearranged = 5;

    // Where nothing but the names speaks for a pair, or no more than a city besides. However rare a name, some have a namesake: most
    // is what it reaches at best, the prior included: just a link, and none when anything speaks against it. And of a larger store
    // more people bear one name, so that such pairs lose what the prior does not take away; what is shared otherwise (a mailbox, a
    // home) is not shared oftener there.
    public const double NameAloneMost = 10.1;
    public const double NameAlonePerDoubling = -0.6;
    public const double Weak = 4.5;

    // Where given and family name both differ, one cause (an alias, a name in the wrong field) often explains both.
    public const double BothNamesDifferent = 3;

    public const double GenerationSame = 1;
    public const double GenerationDifferent = -5;
    public const double GenerationOneSided = -0.5;

    public const double BirthSame = 11;
    public const double BirthWeak = 5;
    public const double BirthSwapped = 7;
    public const double BirthOneDigit = 5.5;
    public const double BirthTwoDigits = 1;
    public const double BirthNear = 1;
    public const double BirthSameYear = -0.5;
    public const double BirthDifferent = -5.5;

    public const double GenderSame = 0.7;
    public const double GenderDifferent = -3;

    public const double EmailSame = 13;

    // The same mailbox and the same given name: what a shared mailbox could mean is out of the question.
    public const double EmailSameAndNamed = 4;
    public const double EmailSameAndAlike = 4;

    // A slip in the address of somebody of that very name.
    public const double EmailOneEditAndNamed = 2;

    // The mailbox bears the name of one side (anna.smith@), and the other side has no name that could be held against it.
    public const double EmailSameAndBearsName = 8;
    // The mailbox is a person's, and no names that can be compared say that it is two people's: most mailboxes have one owner.
    public const double EmailSameAndNobody = 7;
    public const double BirthSameAndNamed = 3;
    public const double PhoneSameAndNamed = 2;

    // Sons bear their fathers' names: however rare a name, of two records of one name in one home some are two people, and how
    // many does not depend on the size of the store. So this is the most that name and home reach together, the prior included.
    public const double NameAndHomeMost = 11.5;

    // Of a family some have one initial.
    public const double InitialAndHomeMost = 8.5;

    public const double NameAndHomeLine = 1;
    public const double NameAndHomePhone = 2.5;

    // Two mobiles besides, or neither mailbox nor phone in common: then they are father and son.
    public const double NamesakesAtHome = -5;

    // Where one is called Jr., there is a Sr.
    public const double OneGenerationAtHome = -5;
    public const double EmailRole = 4;
    public const double EmailOneEdit = 7;
    public const double EmailShortEdit = 4;
    public const double EmailAlike = 4;
    public const double EmailLocal = 6;

    // jean.bernard@ here and jean.bernard@ there: the name once more, and nothing else.
    public const double EmailLocalIsName = 1;
    public const double EmailDomain = 2.5;

    // Where no employer is known the host may be a provider that the table of free hosts does not know: there it is two mailboxes.
    public const double EmailDomainOnly = -1.5;
    public const double EmailDifferent = -2.5;
    public const double EmailOtherKind = -1.6;

    public const double PhoneMobile = 11;
    public const double PhoneUnknown = 9;
    public const double PhoneFixed = 7;
    public const double PhoneOneDigit = 4;
    public const double PhoneDifferent = -1.8;
    public const double PhoneOtherMobile = -3;
    public const double PhoneOtherLine = -0.2;

    public const double AddressSame = 9;
    public const double AddressNoPlace = 7;
    public const double AddressStreet = 3;
    public const double AddressPostalCode = 3;

    // EH27 5DS, 1081 WA: a code with letters in it is that of a street or a part of one.
    public const double AddressNarrowPostalCode = 6;
    public const double AddressCity = 2;
    public const double AddressDifferentUnit = -2;
    public const double AddressDifferent = -2;
    public const double AddressDifferentCity = -3;

    public const double IdSame = 15;
    public const double IdOneEdit = 6;
    public const double IdTwoEdits = 2;
    public const double IdLastDigit = 1;
    public const double IdLastDigits = -1;

    // Two different numbers where all else agrees: one of them was copied from the line above.
    public const double IdMistaken = -3;
    public const double IdDifferent = -8;

    public const double EmployerSame = 4;
    public const double EmployerAlike = 2.5;
    public const double EmployerDifferent = -0.7;

    // What is left of the second and third agreement inside one household or firm, when the given name agrees as well and when not.
    public const double OverlapWithName = 0.7;
    public const double OverlapWithInitial = 0.5;
    public const double OverlapWithoutName = 0.3;

    public const double CompanyMost = 12;
    public const double CompanyPhone = 11;
    public const double CompanyAddress = 12;
    public const double CompanyElsewhere = -3;
    public const double WebsiteSame = 10;
    public const double WebsiteDifferent = -2;

    /// <summary>The prior for a store of so many records.</summary>
    public static double PriorFor(long records) => Prior + (PriorPerDoubling * Doublings(records));

    /// <summary>How often a store has doubled since its size began to matter.</summary>
    public static double Doublings(long records) => Math.Clamp(Math.Round(Math.Log2(Math.Max(records, 1))) - PriorLevelTo, 0, 12);

    /// <summary>The weight of two equal terms of which a share of people has.</summary>
    public static double Rarity(double share, double most) => Math.Clamp(Math.Log2(0.85 / share), 1.5, most);
}
