namespace Microsoft.SqlServer.Server;

/// <summary>How a user-defined type is serialised.</summary>
public enum Format
{
    /// <summary>Not said.</summary>
    Unknown,

    /// <summary>By the server.</summary>
    Native,

    /// <summary>By the type.</summary>
    UserDefined,
}

/// <summary>A user-defined type that serialises itself.</summary>
public interface IBinarySerialize
{
    /// <summary>Reads it.</summary>
    void Read(BinaryReader r);

    /// <summary>Writes it.</summary>
    void Write(BinaryWriter w);
}

/// <summary>Marks a user-defined type.</summary>
/// <param name="format">How it is serialised.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class SqlUserDefinedTypeAttribute(Format format) : Attribute
{
    /// <summary>How it is serialised.</summary>
    public Format Format { get; } = format;

    /// <summary>The most bytes of a value.</summary>
    public int MaxByteSize { get; set; }

    /// <summary>Whether all values have the same length.</summary>
    public bool IsFixedLength { get; set; }

    /// <summary>Whether its bytes sort as its values.</summary>
    public bool IsByteOrdered { get; set; }

    /// <summary>A method that checks a value.</summary>
    public string? ValidationMethodName { get; set; }

    /// <summary>Its name on the server.</summary>
    public string? Name { get; set; }
}

/// <summary>A type that is not a user-defined type as it should be.</summary>
public sealed class InvalidUdtException : SystemException
{
    private InvalidUdtException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    public static InvalidUdtException Create(Type udtType, string resourceReason) =>
        new($"{udtType?.FullName} is not a user-defined type: {resourceReason}");
}
