namespace Crm.Integration.Mapping.Records;

/// <summary>
/// What a field means to the matcher. Fields without a meaning for identity have <see cref="None"/>; a model in JSON
/// names the role of its own fields, so that matching does not depend on field names.
/// </summary>
public enum FieldRole
{
    /// <summary>Carries no evidence of identity.</summary>
    None,
    /// <summary>A person's given name.</summary>
    GivenName,
    /// <summary>A person's middle names or initials.</summary>
    MiddleName,
    /// <summary>A person's family name.</summary>
    FamilyName,
    /// <summary>A person's whole name in one field.</summary>
    FullName,
    /// <summary>The name of an organisation.</summary>
    OrganisationName,
    /// <summary>A person's date of birth.</summary>
    BirthDate,
    /// <summary>Gender.</summary>
    Gender,
    /// <summary>An e-mail address or a list of them.</summary>
    Email,
    /// <summary>A phone number or a list of them.</summary>
    Phone,
    /// <summary>Street and house number.</summary>
    AddressLine,
    /// <summary>City.</summary>
    City,
    /// <summary>Region, state or province.</summary>
    Region,
    /// <summary>Postal code.</summary>
    PostalCode,
    /// <summary>Country.</summary>
    Country,
    /// <summary>A number that the state gives to one person.</summary>
    NationalId,
    /// <summary>A tax or VAT number.</summary>
    TaxId,
    /// <summary>A company register number.</summary>
    RegistrationId,
    /// <summary>The employer of a person.</summary>
    Employer,
    /// <summary>A web site.</summary>
    Website,
}
