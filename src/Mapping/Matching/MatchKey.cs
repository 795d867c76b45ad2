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

    /// <summary>The part of an address before the @ with the first letter of the host, so that slips in the host do no harm.</summary>
    Mailbox,

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

    /// <summary>The first two letters of given and family name in any order, with the postal code, or the city where there is none.</summary>
    PrefixesAndPlace,

    /// <summary>The first two letters of given and family name in any order, with the year of birth.</summary>
    PrefixesAndBirthYear,

    /// <summary>Date of birth with the first letter of the given or of the family name.</summary>
    BirthDateAndInitial,

    /// <summary>Date of birth and postal code, or the city where there is none.</summary>
    BirthDateAndPlace,

    /// <summary>Family name and employer.</summary>
    FamilyAndCompany,

    /// <summary>Street, house number and postal code.</summary>
    Address,

    /// <summary>An organisation's name without legal form, words in any order.</summary>
    CompanyName,

    /// <summary>The first telling word of an organisation's name with its postal code.</summary>
    CompanyAndPostalCode,

    /// <summary>The first telling word of an organisation's name with its city.</summary>
    CompanyAndCity,

    /// <summary>An organisation's web or mail host.</summary>
    Host,
}
