namespace Crm.Integration.Mapping.Records;

/// <summary>One field of an entity.</summary>
/// <param name="Path">The dotted path by which maps and users name it: <c>name.given</c>, <c>emails[]</c>, <c>custom.tier</c>.</param>
/// <param name="Type">Its type; mapped values are converted to it or refused.</param>
/// <param name="Description">What it means, for the reference page and editors.</param>
public sealed record EntityField(string Path, FieldType Type, string Description)
{
    /// <summary>The path as it stands in JSON.</summary>
    internal byte[] Utf8Path { get; } = System.Text.Encoding.UTF8.GetBytes(Path);

    internal System.Text.Json.JsonEncodedText JsonName { get; } = System.Text.Json.JsonEncodedText.Encode(Path, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    /// <summary>Its position in <see cref="EntityType.Fields"/>; set by <see cref="EntityType"/>.</summary>
    public int Ordinal { get; internal init; }

    /// <summary>What it means to the matcher.</summary>
    public FieldRole Role { get; init; }

    /// <summary>Whether it holds personal data: masked in logs, errors and reports.</summary>
    public bool Personal { get; init; }

    /// <summary>
    /// Fields of one group are taken from one record by survivorship (an address is never half from one source and
    /// half from another). Null for a field that stands alone.
    /// </summary>
    public string? Group { get; init; }

    /// <summary>The entity whose source id this field carries (<c>customerRef</c> → <c>customer</c>), or null.</summary>
    public string? References { get; init; }

    /// <summary>For a list: the field that holds its primary element (<c>emails[]</c> → <c>email</c>), or null.</summary>
    public string? Primary { get; init; }
}
