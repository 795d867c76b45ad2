using System.ComponentModel;

namespace Crm.Integration.Mapping.Records;

/// <summary>
/// What a field means to the matcher. Fields without a meaning for identity have <see cref="None"/>; a model in JSON
/// names the role of its own fields, so that matching does not depend on field names.
/// </summary>
public enum FieldRole
{
    /// <summary>Carries no evidence of identity.</summary>
    [Description("Carries no evidence of identity.")]
    None,
    /// <summary>A person's given name.</summary>
    [Description("A person's given name.")]
    GivenName,
    /// <summary>A person's middle names or initials.</summary>
    [Description("A person's middle names or initials.")]
    MiddleName,
    /// <summary>A person's family name.</summary>
    [Description("A person's family name.")]
    FamilyName,
    /// <summary>A person's whole name in one field.</summary>
    [Description("A person's whole name in one field.")]
    FullName,
    /// <summary>The name of an organisation.</summary>
    [Description("The name of an organisation.")]
    OrganisationName,
    /// <summary>A person's date of birth.</summary>
    [Description("A person's date of birth.")]
    BirthDate,
    /// <summary>Gender.</summary>
    [Description("Gender.")]
    Gender,
    /// <summary>An e-mail address or a list of them.</summary>
    [Description("An e-mail address or a list of them.")]
    Email,
    /// <summary>A phone number or a list of them.</summary>
    [Description("A phone number or a list of them.")]
    Phone,
    /// <summary>Street and house number.</summary>
    [Description("Street and house number.")]
    AddressLine,
    /// <summary>City.</summary>
    [Description("City.")]
    City,
    /// <summary>Region, state or province.</summary>
    [Description("Region, state or province.")]
    Region,
    /// <summary>Postal code.</summary>
    [Description("Postal code.")]
    PostalCode,
    /// <summary>Country.</summary>
    [Description("Country.")]
    Country,
    /// <summary>A number that the state gives to one person.</summary>
    [Description("A number that the state gives to one person.")]
    NationalId,
    /// <summary>A tax or VAT number.</summary>
    [Description("A tax or VAT number.")]
    TaxId,
    /// <summary>A company register number.</summary>
    [Description("A company register number.")]
    RegistrationId,
    /// <summary>The employer of a person.</summary>
    [Description("The employer of a person.")]
    Employer,
    /// <summary>A web site.</summary>
    [Description("A web site.")]
    Website,
}
