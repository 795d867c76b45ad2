using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Maps;

/// <summary>Values of fields as people type them.</summary>
public static class FieldText
{
    /// <summary>The value that a text means in a field, or what is wrong with it; the message does not repeat the text.</summary>
    /// <param name="field">The field.</param>
    /// <param name="text">The text; elements of a list are divided by semicolons.</param>
    /// <param name="problem">What is wrong, or null.</param>
    public static Value Parse(EntityField field, string text, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(text);
        problem = null;
        if (field.Type == FieldType.TextList)
        {
            var items = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Select(Value.Text).ToArray();
            problem = items.Length == 0 ? "nothing is given" : items.Select(item => Fault(field.Role, item)).FirstOrDefault(fault => fault is not null);
            return Value.List(items);
        }

        var value = FieldConversion.Convert(Value.Text(text.Trim()), field.Type, TimeZoneInfo.Utc, out var understood);
        if (value.IsEmpty)
            problem = "nothing is given";
        else if (!understood)
            problem = field.Type switch { FieldType.Date => "that is no date; write 1980-02-03", FieldType.Instant => "that is no time; write 2026-02-03T12:00Z", FieldType.Boolean => "write yes or no", _ => "that is no number" };
        else
            problem = Fault(field.Role, value);
        return value;
    }

    private static string? Fault(FieldRole role, Value value) => role switch
    {
        FieldRole.Email when !EmailAddress.IsValid(value.AsText) => "that is no valid e-mail address",
        FieldRole.Phone when !PhoneNumber.IsPossible(value.AsText) => "write the number with its country: +436641234567",
        _ => Placeholders.IsPlaceholder(role, value) ? "that stands for nothing; a placeholder cannot be a correction" : null,
    };
}
