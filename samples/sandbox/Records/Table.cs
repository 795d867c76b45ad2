using Crm.Integration.Sandbox.Seeding;

namespace Crm.Integration.Sandbox.Records;

/// <summary>
/// All records of one kind, in the order of their ids. Seeded records are computed until somebody changes them, so that very many
/// cost little. Equal values are found by an index that is made when a field is first asked for; the order of the last change is
/// sorted anew only after a write. Ids of one table have one length, so that text order is number order.
/// </summary>
internal sealed class Table(string name, IReadOnlyList<Field> fields)
{
    private static readonly Comparer<Row> s_byId = Comparer<Row>.Create((a, b) => string.CompareOrdinal(a.Id, b.Id));
    private readonly Dictionary<string, Row> _byId = new(StringComparer.Ordinal);
    private readonly List<Row> _rows = [];
    private readonly Dictionary<string, int> _ordinals = fields.Select((field, at) => (field.Name, at)).ToDictionary(pair => pair.Name, pair => pair.at, StringComparer.Ordinal);
    private readonly Dictionary<int, Dictionary<string, List<Row>>> _indexes = [];
    private Row[]? _byModified;
    private Row[]? _scattered;

    public string Name { get; } = name;
    public IReadOnlyList<Field> Fields { get; } = fields;

    /// <summary>The value of a seeded record that nobody has changed yet, by its number and the name of the field.</summary>
    public Func<int, string, object?> Seeded { get; set; } = (_, _) => null;

    /// <summary>The records in the order of their ids.</summary>
    public IReadOnlyList<Row> Rows => _rows;

    /// <summary>The records by the time of their last change, then by id.</summary>
    public IReadOnlyList<Row> ByModified
    {
        get
        {
            if (_byModified is null)
            {
                _byModified = [.. _rows];
                Array.Sort(_byModified, (a, b) => a.Modified.CompareTo(b.Modified) is var order and not 0 ? order : string.CompareOrdinal(a.Id, b.Id));
            }

            return _byModified;
        }
    }

    /// <summary>The records in an order that means nothing and stays.</summary>
    public IReadOnlyList<Row> Scattered
    {
        get
        {
            if (_scattered is null)
            {
                _scattered = [.. _rows];
                Array.Sort(_scattered.Select(row => Dice.Roll(7, int.Parse(row.Id, System.Globalization.CultureInfo.InvariantCulture), 0)).ToArray(), _scattered);
            }

            return _scattered;
        }
    }

    public Field? Field(string name) => _ordinals.TryGetValue(name, out var at) ? Fields[at] : null;

    public Row? Get(string id) => _byId.GetValueOrDefault(id);

    public object? Value(Row row, string field) => _ordinals.TryGetValue(field, out var at) ? Value(row, at) : null;

    public void Add(Row row, IReadOnlyDictionary<string, object?>? values = null)
    {
        if (values is not null)
        {
            row.Values = new object?[Fields.Count];
            foreach (var (field, value) in values)
                row.Values[_ordinals[field]] = value;
        }

        _byId.Add(row.Id, row);
        if (_rows.Count == 0 || string.CompareOrdinal(_rows[^1].Id, row.Id) < 0)
            _rows.Add(row);
        else
            _rows.Insert(~_rows.BinarySearch(row, s_byId), row);
        foreach (var (ordinal, index) in _indexes)
            Enter(index, row, Value(row, ordinal));
        _byModified = _scattered = null;
    }

    public void Change(Row row, IReadOnlyDictionary<string, object?> changes, DateTimeOffset at, string by)
    {
        row.Values ??= [.. Fields.Select(field => Seeded(row.Seed, field.Name))];
        foreach (var (field, value) in changes)
        {
            var ordinal = _ordinals[field];
            if (_indexes.TryGetValue(ordinal, out var index))
            {
                Leave(index, row, row.Values[ordinal]);
                Enter(index, row, value);
            }

            row.Values[ordinal] = value;
        }

        row.Modified = at;
        row.ModifiedBy = by;
        row.Version++;
        _byModified = null;
    }

    public void Remove(Row row)
    {
        if (!_byId.Remove(row.Id))
            return;
        _rows.RemoveAt(_rows.BinarySearch(row, s_byId));
        foreach (var (ordinal, index) in _indexes)
            Leave(index, row, Value(row, ordinal));
        _byModified = _scattered = null;
    }

    public void Clear()
    {
        _byId.Clear();
        _rows.Clear();
        _indexes.Clear();
        _byModified = _scattered = null;
    }

    /// <summary>The records with this text in a field, whatever its case.</summary>
    public IReadOnlyList<Row> Find(string field, string value)
    {
        if (!_ordinals.TryGetValue(field, out var ordinal))
            return [];
        if (!_indexes.TryGetValue(ordinal, out var index))
        {
            _indexes[ordinal] = index = new(StringComparer.OrdinalIgnoreCase);
            foreach (var row in _rows)
                Enter(index, row, Value(row, ordinal));
        }

        return index.TryGetValue(value, out var found) ? found : [];
    }

    private object? Value(Row row, int ordinal) => row.Values is { } values ? values[ordinal] : Seeded(row.Seed, Fields[ordinal].Name);

    private static void Enter(Dictionary<string, List<Row>> index, Row row, object? value)
    {
        if (value is not string { Length: > 0 } text)
            return;
        if (!index.TryGetValue(text, out var rows))
            index[text] = rows = new(1);
        rows.Add(row);
    }

    private static void Leave(Dictionary<string, List<Row>> index, Row row, object? value)
    {
        if (value is not string { Length: > 0 } text || !index.TryGetValue(text, out var rows))
            return;
        rows.Remove(row);
        if (rows.Count == 0)
            index.Remove(text);
    }
}
