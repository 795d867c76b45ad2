using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>How a list is made: of all members, or of one; its primary value first in either case.</summary>
/// <param name="field">The list.</param>
/// <param name="primary">The ordinal of its primary field, or -1.</param>
/// <param name="single">The choice of the one member whose list is taken, where the rule is not union; else null.</param>
/// <param name="priority">Connections, most trusted first.</param>
internal sealed class ListChoice(EntityField field, int primary, Choice? single, IReadOnlyList<string> priority)
{
    // From here on a set finds duplicates faster than looking at each.
    private const int ManyElements = 24;

    private readonly Dictionary<string, int> _ranks = priority.Distinct(StringComparer.Ordinal).Select((name, rank) => (name, rank)).ToDictionary(StringComparer.Ordinal);

    public EntityField Field { get; } = field;

    public int Ordinal { get; } = field.Ordinal;

    public Choice? Single { get; } = single;

    /// <summary>The first element that is not empty.</summary>
    public static Value First(Value list)
    {
        if (list.Kind != ValueKind.List)
            return list.IsEmpty ? Value.Null : list;
        var elements = list.AsList;
        for (var i = 0; i < elements.Count; i++)
        {
            if (!elements[i].IsEmpty)
                return elements[i];
        }

        return Value.Null;
    }

    /// <summary>The list of some members; the golden record's primary field is set by now.</summary>
    public Value Merge(IReadOnlyList<Member> members, EntityRecord golden)
    {
        var elements = new Elements(primary < 0 ? Value.Null : golden[primary]);
        foreach (var index in Givers(members))
            AddAll(ref elements, members[index].Record);
        return WithoutPlaceholders(elements.ToList());
    }

    /// <summary>The members whose elements the list takes, in the order in which it takes them.</summary>
    /// <remarks>
    /// Never by time of change: a record that was only touched would turn the list of its customer round, and two systems
    /// that write back to the hub would do so for ever.
    /// </remarks>
    public List<int> Givers(IReadOnlyList<Member> members)
    {
        var givers = new List<int>(members.Count);
        if (Single is not null)
        {
            if (Single.Winner(members) is >= 0 and var winner)
                givers.Add(winner);
            return givers;
        }

        // A steward's list replaces the union: how else could a person take an element out.
        var steward = NameFields.Corrector(members, Ordinal);
        if (steward >= 0)
        {
            givers.Add(steward);
            return givers;
        }

        var original = false;
        for (var i = 0; i < members.Count; i++)
            original |= !members[i].Vouches && !IsCopy(members[i]);
        for (var i = 0; i < members.Count; i++)
        {
            if (!members[i].Vouches && Gives(members[i].Record) && !(original && IsCopy(members[i])))
                givers.Add(i);
        }

        if (givers.Count > 1)
            givers.Sort((a, b) => Rank(members[a]).CompareTo(Rank(members[b])) is not 0 and var order ? order : Choice.ByNumber(members[a], members[b]));
        return givers;
    }

    /// <summary>Whether a record has an element for the list.</summary>
    public bool Gives(EntityRecord record) => !record[Ordinal].IsEmpty || (primary >= 0 && !record[primary].IsEmpty);

    /// <summary>Whether a record has a given element.</summary>
    public bool Has(EntityRecord record, Value element)
    {
        if (primary >= 0 && record[primary] == element)
            return true;
        var list = record[Ordinal];
        return list.Kind == ValueKind.List ? list.AsList.Contains(element) : list == element;
    }

    /// <summary>For a customer with one record: the primary field from the list or into it, and no element twice.</summary>
    public void PutPrimaryFirst(EntityRecord golden)
    {
        var list = golden[Ordinal];
        if (primary >= 0 && golden[primary].IsEmpty)
            golden[primary] = First(list);
        var first = primary < 0 ? Value.Null : golden[primary];
        if (list.IsNull && first.IsNull)
            return;
        if (IsCanonical(list, first))
            return;
        var elements = new Elements(first);
        AddAll(ref elements, golden);
        golden[Ordinal] = WithoutPlaceholders(elements.ToList());
    }

    // The main value stays first whatever it is: it was chosen, for want of a better one.
    private Value WithoutPlaceholders(Value list)
    {
        var elements = list.AsList;
        if (elements.Count < 2 || !elements.Skip(1).Any(element => Placeholders.IsPlaceholder(Field.Role, element)))
            return list;
        Value[] real = [elements[0], .. elements.Skip(1).Where(element => !Placeholders.IsPlaceholder(Field.Role, element))];
        return real.Length == 1 && Placeholders.IsPlaceholder(Field.Role, real[0]) ? list : Value.List(real);
    }

    private bool IsCanonical(Value list, Value first)
    {
        if (list.Kind != ValueKind.List || (list.AsList is var elements && elements.Count > ManyElements))
            return false;
        elements = list.AsList;
        if (!first.IsNull && elements[0] != first)
            return false;
        for (var i = 0; i < elements.Count; i++)
        {
            if (elements[i].IsEmpty || (i > 0 && Placeholders.IsPlaceholder(Field.Role, elements[i])))
                return false;
            for (var j = 0; j < i; j++)
            {
                if (elements[i] == elements[j])
                    return false;
            }
        }

        return true;
    }

    private void AddAll(ref Elements elements, EntityRecord record)
    {
        if (primary >= 0)
            elements.Add(record[primary]);
        var list = record[Ordinal];
        if (list.Kind != ValueKind.List)
        {
            elements.Add(list);
            return;
        }

        var own = list.AsList;
        for (var i = 0; i < own.Count; i++)
            elements.Add(own[i]);
    }

    private bool IsCopy(Member member) => member.Times?.IsCopy(Field.Path) == true;

    private int Rank(Member member) => _ranks.TryGetValue(member.Connection, out var rank) ? rank : int.MaxValue;

    /// <summary>A list in the making: no empty element, none twice, in the order of adding.</summary>
    private struct Elements
    {
        private Value[]? _items;
        private int _count;
        private HashSet<Value>? _seen;

        public Elements(Value first) => Add(first);

        public void Add(Value value)
        {
            if (value.IsEmpty || !IsNew(value))
                return;
            _items ??= new Value[4];
            if (_count == _items.Length)
                Array.Resize(ref _items, _count * 2);
            _items[_count++] = value;
        }

        public readonly Value ToList() => _count == 0 ? Value.Null : Value.List(_count == _items!.Length ? _items : _items[.._count]);

        private bool IsNew(Value value)
        {
            if (_count < ManyElements)
                return _items is null || !_items.AsSpan(0, _count).Contains(value);
            _seen ??= [.. _items!.AsSpan(0, _count)];
            return _seen.Add(value);
        }
    }
}
