namespace Crm.Integration.Hub.Store;

/// <summary>Gives the rows of many look-ups, in the order of the values asked for.</summary>
internal abstract class BulkLookup : IDisposable
{
    /// <summary>The position of the value that the row was found by.</summary>
    public abstract int Index { get; }

    /// <summary>Goes to the next row.</summary>
    public abstract bool Next();

    /// <summary>Whether a column is null.</summary>
    public abstract bool IsNull(int column);

    /// <summary>A whole number.</summary>
    public abstract long Int64(int column);

    /// <summary>A floating-point number.</summary>
    public abstract double Double(int column);

    /// <summary>Text as UTF-8; gone with the next row.</summary>
    public abstract ReadOnlySpan<byte> Utf8(int column);

    /// <summary>Bytes as they are; gone with the next row.</summary>
    public virtual ReadOnlySpan<byte> Bytes(int column) => throw new NotSupportedException("this engine reads no bytes yet");

    /// <inheritdoc/>
    public abstract void Dispose();
}
