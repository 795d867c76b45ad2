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

    /// <summary>Given or family name with the first letter of the other.</summary>
    NameAndInitial,

    /// <summary>Date of birth.</summary>
    BirthDate,

    /// <summary>The first two letters of given or family name with the postal code, or the city where there is none; only for records without a whole address.</summary>
    PrefixAndPlace,

    /// <summary>The first two letters of given or family name with the year of birth; only for records without a whole address.</summary>
    PrefixAndBirthYear,

    /// <summary>House number, the beginning of the street and of the postal code.</summary>
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
