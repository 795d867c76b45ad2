namespace Crm.Integration.Mapping.Matching;

/// <summary>Collects the texts of one record's features.</summary>
internal ref struct FeatureText(Span<char> buffer)
{
    private readonly Span<char> _buffer = buffer;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<char> Written => _buffer[..Length];

    public readonly ReadOnlySpan<char> this[Slice slice] => _buffer.Slice(slice.Start, slice.Length);

    /// <summary>Adds text; what does not fit is cut.</summary>
    public Slice Add(scoped ReadOnlySpan<char> text)
    {
        var start = Length;
        var fits = Math.Min(text.Length, _buffer.Length - start);
        text[..fits].CopyTo(_buffer[start..]);
        Length += fits;
        return new Slice((ushort)start, (ushort)fits);
    }

    /// <summary>All that was added since a point.</summary>
    public readonly Slice Since(int start) => new((ushort)start, (ushort)(Length - start));
}
