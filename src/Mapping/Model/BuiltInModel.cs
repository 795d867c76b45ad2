using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Model;

/// <summary>The entities that every hub has without a <c>model</c> folder.</summary>
public static class BuiltInModel
{
    /// <summary>A person.</summary>
    public static EntityType Customer { get; } = new("customer", "C", EntityKind.Person,
    [
        new("name.given", FieldType.Text, "Given name.") { Role = FieldRole.GivenName, Personal = true, Group = "name" },
        new("name.middle", FieldType.Text, "Middle names or initials.") { Role = FieldRole.MiddleName, Personal = true, Group = "name" },
        new("name.family", FieldType.Text, "Family name.") { Role = FieldRole.FamilyName, Personal = true, Group = "name" },
        new("name.full", FieldType.Text, "The whole name, where a source has it in one field.") { Role = FieldRole.FullName, Personal = true, Group = "name" },
        new("birthDate", FieldType.Date, "Date of birth.") { Role = FieldRole.BirthDate, Personal = true },
        new("gender", FieldType.Text, "Gender, as the source says it.") { Role = FieldRole.Gender, Personal = true },
        new("email", FieldType.Text, "The main e-mail address.") { Role = FieldRole.Email, Personal = true },
        new("emails[]", FieldType.TextList, "All e-mail addresses, the main one first.") { Role = FieldRole.Email, Personal = true, Primary = "email" },
        new("phone", FieldType.Text, "The main phone number in E.164 form.") { Role = FieldRole.Phone, Personal = true },
        new("phones[]", FieldType.TextList, "All phone numbers, the main one first.") { Role = FieldRole.Phone, Personal = true, Primary = "phone" },
        .. Address(personal: true),
        new("company", FieldType.Text, "The employer's name, as text.") { Role = FieldRole.Employer },
        new("jobTitle", FieldType.Text, "Job title."),
        new("nationalId", FieldType.Text, "A number that the state gives to one person.") { Role = FieldRole.NationalId, Personal = true },
        new("taxId", FieldType.Text, "Tax number.") { Role = FieldRole.TaxId, Personal = true },
        new("language", FieldType.Text, "Preferred language, as a BCP 47 tag."),
        new("consent.email", FieldType.Boolean, "May be written to by e-mail."),
        new("consent.sms", FieldType.Boolean, "May be written to by SMS."),
        new("accountRef", FieldType.Text, "The source's own id of the company the person belongs to.") { References = "account" },
        new("tags[]", FieldType.TextList, "Labels."),
        new("notes", FieldType.Text, "Free text.") { Personal = true },
    ]);

    /// <summary>An organisation.</summary>
    public static EntityType Account { get; } = new("account", "A", EntityKind.Organisation,
    [
        new("name", FieldType.Text, "The organisation's name.") { Role = FieldRole.OrganisationName },
        new("email", FieldType.Text, "The main e-mail address.") { Role = FieldRole.Email },
        new("emails[]", FieldType.TextList, "All e-mail addresses, the main one first.") { Role = FieldRole.Email, Primary = "email" },
        new("phone", FieldType.Text, "The main phone number in E.164 form.") { Role = FieldRole.Phone },
        new("phones[]", FieldType.TextList, "All phone numbers, the main one first.") { Role = FieldRole.Phone, Primary = "phone" },
        new("website", FieldType.Text, "Web site.") { Role = FieldRole.Website },
        .. Address(personal: false),
        new("taxId", FieldType.Text, "Tax or VAT number.") { Role = FieldRole.TaxId },
        new("registrationId", FieldType.Text, "Company register number.") { Role = FieldRole.RegistrationId },
        new("industry", FieldType.Text, "Industry."),
        new("size", FieldType.Text, "Number of people, or a band."),
        new("tags[]", FieldType.TextList, "Labels."),
        new("notes", FieldType.Text, "Free text."),
    ]);

    /// <summary>A sale in the making.</summary>
    public static EntityType Deal { get; } = new("deal", "D", EntityKind.Keyed,
    [
        new("name", FieldType.Text, "What the deal is about."),
        .. References(),
        new("amount", FieldType.Number, "Its value."),
        new("currency", FieldType.Text, "ISO 4217 code of the amount."),
        new("stage", FieldType.Text, "How far it has come."),
        new("probability", FieldType.Number, "Chance of winning, 0 to 100."),
        new("owner", FieldType.Text, "Who works on it."),
        new("closeDate", FieldType.Date, "When it is or was to close."),
        new("notes", FieldType.Text, "Free text."),
    ]);

    /// <summary>An order.</summary>
    public static EntityType Order { get; } = new("order", "O", EntityKind.Keyed,
    [
        new("number", FieldType.Text, "The number that the customer knows."),
        .. References(),
        new("date", FieldType.Date, "When it was placed."),
        new("amount", FieldType.Number, "Its value."),
        new("currency", FieldType.Text, "ISO 4217 code of the amount."),
        new("status", FieldType.Text, "Where it stands."),
        new("notes", FieldType.Text, "Free text."),
    ]);

    /// <summary>A call, a mail, a meeting, a visit.</summary>
    public static EntityType Interaction { get; } = new("interaction", "I", EntityKind.Keyed,
    [
        new("type", FieldType.Text, "Call, mail, meeting, visit…"),
        .. References(),
        new("at", FieldType.Instant, "When it took place."),
        new("subject", FieldType.Text, "What it was about."),
        new("text", FieldType.Text, "What was said.") { Personal = true },
        new("channel", FieldType.Text, "By which way."),
        new("owner", FieldType.Text, "Who of ours took part."),
    ]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<EntityType> All { get; } = [Customer, Account, Deal, Order, Interaction];

    private static IEnumerable<EntityField> Address(bool personal) =>
    [
        new("address.line", FieldType.Text, "Street and house number.") { Role = FieldRole.AddressLine, Personal = personal, Group = "address" },
        new("address.line2", FieldType.Text, "Unit, floor, building.") { Role = FieldRole.AddressLine, Personal = personal, Group = "address" },
        new("address.city", FieldType.Text, "City.") { Role = FieldRole.City, Personal = personal, Group = "address" },
        new("address.region", FieldType.Text, "State, province or region.") { Role = FieldRole.Region, Group = "address" },
        new("address.postalCode", FieldType.Text, "Postal code.") { Role = FieldRole.PostalCode, Personal = personal, Group = "address" },
        new("address.country", FieldType.Text, "ISO 3166-1 alpha-2 code.") { Role = FieldRole.Country, Group = "address" },
    ];

    private static IEnumerable<EntityField> References() =>
    [
        new("customerRef", FieldType.Text, "The source's own id of the customer.") { References = "customer" },
        new("accountRef", FieldType.Text, "The source's own id of the company.") { References = "account" },
    ];
}
