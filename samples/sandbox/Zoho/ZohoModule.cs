using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>A module: its records, what Zoho calls it, and what has been deleted from it.</summary>
internal sealed class ZohoModule(string apiName, string singular, string id, string nameField, string checkField, IReadOnlyList<Field> fields)
{
    public string ApiName { get; } = apiName;
    public string Singular { get; } = singular;
    public string Id { get; } = id;

    /// <summary>The field that stands for a record where another one refers to it.</summary>
    public string NameField { get; } = nameField;

    /// <summary>The field an upsert compares when it names none.</summary>
    public string CheckField { get; } = checkField;

    public bool IsCustom { get; init; }
    public Table Table { get; } = new(apiName, fields);
    public List<ZohoDeletion> Deletions { get; } = [];

    /// <summary>The leads that have become a contact; lists leave them out unless asked.</summary>
    public HashSet<string> Converted { get; } = new(StringComparer.Ordinal);

    public string FieldId(Field field) => ZohoIds.Of(int.Parse(Id[^6..], System.Globalization.CultureInfo.InvariantCulture) + 1 + Table.Fields.ToList().IndexOf(field));
}

/// <summary>A record that is gone.</summary>
internal sealed record ZohoDeletion(string Id, string DisplayName, string Type, DateTimeOffset At, string By, string CreatedBy);

/// <summary>The ids of an organisation share their first digits.</summary>
internal static class ZohoIds
{
    public const string Diaz = "5725767000000411001";
    public const string Hub = "5725767000000411002";
    public const string Organisation = "20077002001";

    public static string Of(long number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"5725767{number:000000000000}");
}
