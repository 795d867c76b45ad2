using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.OneByOne;

/// <summary>Makes rows of named values; the shape grows with the names that come.</summary>
/// <param name="names">Names that are known beforehand.</param>
internal sealed class RowBuilder(IEnumerable<string> names)
{
    private readonly Shape _shape = new(names);
    private Value[] _values = new Value[16];
    private int _used;

    public void Set(string name, Value value)
    {
        var ordinal = _shape.Add(name);
        if (ordinal >= _values.Length)
            Array.Resize(ref _values, Math.Max(ordinal + 1, _values.Length * 2));
        _values[ordinal] = value;
        _used = Math.Max(_used, ordinal + 1);
    }

    /// <summary>The row of the values that were set since the last one.</summary>
    public SourceRow Build(string? version = null, bool isDelete = false, bool isSighting = false)
    {
        var row = new SourceRow(_shape, _values[.._used]) { Version = version, IsDelete = isDelete, IsSighting = isSighting };
        Array.Clear(_values);
        _used = 0;
        return row;
    }
}
