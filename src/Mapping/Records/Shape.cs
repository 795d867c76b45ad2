namespace Crm.Integration.Mapping.Records;

/// <summary>
/// The names of the fields in the rows of one pull. It only grows: sources without a header (JSON Lines, APIs) add
/// names as they meet them, and an ordinal once given stays. Names are compared exactly, as the source writes them.
/// Written by the one task that pulls; readers see a name no later than the row that brought it.
/// </summary>
public sealed class Shape
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.Ordinal);

    /// <summary>An empty shape, to be grown with <see cref="Add"/>.</summary>
    public Shape()
    {
    }

    /// <summary>A shape with these names in this order.</summary>
    /// <param name="names">Distinct names.</param>
    public Shape(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (var name in names)
            Add(name);
    }

    /// <summary>
    /// Whether these are all the fields there will ever be, as a header line says. A map that reads any other field is then an error;
    /// without a header a field may just not have come yet.
    /// </summary>
    public bool IsFixed { get; init; }

    /// <summary>How many fields there are now.</summary>
    public int Count
    {
        get
        {
            lock (_ordinals)
                return _names.Count;
        }
    }

    /// <summary>The names in the order of their ordinals, as of now.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_ordinals)
                return [.. _names];
        }
    }

    /// <summary>The ordinal of a name, added if it is new.</summary>
    /// <param name="name">The field's name as the source writes it.</param>
    public int Add(string name)
    {
        lock (_ordinals)
        {
            if (_ordinals.TryGetValue(name, out var ordinal))
                return ordinal;
            _ordinals.Add(name, _names.Count);
            _names.Add(name);
            return _names.Count - 1;
        }
    }

    /// <summary>The ordinal of a name, or -1.</summary>
    /// <param name="name">The field's name as the source writes it.</param>
    public int Find(string name)
    {
        lock (_ordinals)
            return _ordinals.TryGetValue(name, out var ordinal) ? ordinal : -1;
    }
}
