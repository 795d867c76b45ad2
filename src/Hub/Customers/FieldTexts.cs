namespace Crm.Integration.Hub.Customers;

/// <summary>The filled fields of a record by name, as text.</summary>
internal static class FieldTexts
{
    /// <summary>Those of a stored record.</summary>
    public static Dictionary<string, string> Of(string json) => Of(GoldenText.Fields(json));

    /// <summary>The same of fields that were read already.</summary>
    public static Dictionary<string, string> Of(IReadOnlyList<(string Field, string Value)> fields) => fields.ToDictionary(field => field.Field, field => field.Value);
}
