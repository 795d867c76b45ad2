namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>Which records carry which value of an external id. Case does not matter; several may carry the same.</summary>
internal sealed class KeyIndex
{
    private readonly Dictionary<string, int> _first = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<int>> _others = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<int> Serials(string value) => !_first.TryGetValue(value, out var first) ? []
        : _others.TryGetValue(value, out var others) ? [first, .. others] : [first];

    public void Add(string value, int serial)
    {
        if (_first.TryAdd(value, serial))
            return;
        if (!_others.TryGetValue(value, out var others))
            _others.Add(value, others = []);
        others.Add(serial);
    }

    public void Remove(string value, int serial)
    {
        if (_others.TryGetValue(value, out var others) && others.Remove(serial))
            return;
        if (!_first.TryGetValue(value, out var first) || first != serial)
            return;

        if (others is [var next, ..])
        {
            _first[value] = next;
            others.RemoveAt(0);
        }
        else
        {
            _first.Remove(value);
        }
    }

    public void Clear()
    {
        _first.Clear();
        _others.Clear();
    }
}
