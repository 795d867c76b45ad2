namespace Crm.Integration.Mapping.Matching;

/// <summary>A key by which records meet.</summary>
/// <param name="Hash">The hash of kind and value; equal hash, same key.</param>
/// <param name="Kind">What kind of key it is; index into <see cref="MatchKeyKind"/> for names.</param>
public readonly record struct MatchKey(ulong Hash, MatchKeyKind Kind);

/// <summary>The kinds of key, for limits and reports.</summary>
public enum MatchKeyKind : byte
{
    /// <summary>A whole e-mail address.</summary>
    Email,

    /// <summary>A shared mailbox (info@…) with the given name.</summary>
    SharedMailbox,

    /// <summary>The part of an address before the @, for people who changed provider.</summary>
    MailboxName,

    /// <summary>The last eight digits of a phone number.</summary>
    Phone,

    /// <summary>A number that the state gives to one person.</summary>
    NationalId,

    /// <summary>A tax number.</summary>
    TaxId,

    /// <summary>A company register number.</summary>
    RegistrationId,

    /// <summary>Given and family name in any order.</summary>
    Name,

    /// <summary>Given name, first letter of the family name, city.</summary>
    GivenAndCity,

    /// <summary>Family name, first letter of the given name, city.</summary>
    FamilyAndCity,

    /// <summary>Family name and date of birth.</summary>
    FamilyAndBirthDate,

    /// <summary>Given name and date of birth.</summary>
    GivenAndBirthDate,

    /// <summary>Date of birth and postal code.</summary>
    BirthDateAndPostalCode,

    /// <summary>Date of birth and the initials in any order.</summary>
    BirthDateAndInitials,

    /// <summary>Family name and postal code.</summary>
    FamilyAndPostalCode,

    /// <summary>Given name and postal code.</summary>
    GivenAndPostalCode,

    /// <summary>Family name and employer.</summary>
    FamilyAndCompany,

    /// <summary>Street, house number and postal code.</summary>
    Address,

    /// <summary>Street, house number and given name: for a postal code with a slip.</summary>
    AddressAndGiven,

    /// <summary>An organisation's name without legal form, words in any order.</summary>
    CompanyName,

    /// <summary>The first telling word of an organisation's name with its postal code.</summary>
    CompanyAndPostalCode,

    /// <summary>The first telling word of an organisation's name with its city.</summary>
    CompanyAndCity,

    /// <summary>An organisation's web or mail host.</summary>
    Host,

    /// <summary>The mail host of a person's firm, and the first letter of the given name.</summary>
    HostAndInitial,
}
