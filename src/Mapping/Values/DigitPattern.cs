namespace Crm.Integration.Mapping.Values;

/// <summary>
/// A pattern over decimal digits, as numbering plans are written (<c>[2-9]\d{9}|3\d{6}</c>), compiled to a table with one
/// look-up a digit. .NET's Regex would do, at ten times the price for every phone number of every row.
/// </summary>
internal sealed class DigitPattern
{
    private readonly short[] _next;
    private readonly bool[] _accepting;

    private DigitPattern(short[] next, bool[] accepting)
    {
        _next = next;
        _accepting = accepting;
    }

    /// <summary>Whether the pattern covers all the digits.</summary>
    public bool IsMatch(ReadOnlySpan<char> digits)
    {
        var state = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            state = _next[(state * 10) + (c - '0')];
            if (state < 0)
                return false;
        }

        return _accepting[state];
    }

    /// <summary>Whether the pattern matches at the start of the digits.</summary>
    public bool IsPrefixOf(ReadOnlySpan<char> digits) => PrefixLength(digits) >= 0;

    /// <summary>How many digits the shortest match at the start takes, or -1.</summary>
    public int PrefixLength(ReadOnlySpan<char> digits)
    {
        var state = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            if (_accepting[state])
                return i;
            if (!char.IsAsciiDigit(digits[i]))
                return -1;
            state = _next[(state * 10) + (digits[i] - '0')];
            if (state < 0)
                return -1;
        }

        return _accepting[state] ? digits.Length : -1;
    }

    /// <summary>Compiles digits, <c>\d</c>, <c>[…]</c>, groups, <c>|</c>, <c>?</c> and <c>{m,n}</c>.</summary>
    /// <exception cref="FormatException">There is something else in it.</exception>
    public static DigitPattern Compile(string pattern)
    {
        var graph = new Graph(pattern);
        return graph.Determinize();
    }

    /// <summary>The pattern as a graph whose edges are sets of digits (bit n = digit n); an edge of 0 costs no digit.</summary>
    private sealed class Graph(string pattern)
    {
        private readonly List<List<(int Digits, int To)>> _nodes = [];
        private int _position;

        public DigitPattern Determinize()
        {
            var start = Node();
            var end = Alternatives(start);
            if (_position != pattern.Length)
                throw new FormatException($"unexpected '{pattern[_position]}' at {_position} of the digit pattern {pattern}");
            var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
            var sets = new List<int[]>();
            var next = new List<short>();
            Number([start]);
            for (var i = 0; i < sets.Count; i++)
            {
                for (var digit = 0; digit < 10; digit++)
                {
                    var reached = sets[i].SelectMany(node => _nodes[node]).Where(edge => (edge.Digits >> digit & 1) != 0).Select(edge => edge.To).ToArray();
                    next.Add(reached.Length == 0 ? (short)-1 : (short)Number(reached));
                }
            }

            return new DigitPattern([.. next], [.. sets.Select(set => set.Contains(end))]);

            int Number(int[] nodes)
            {
                var closed = Close(nodes);
                var key = string.Join(',', closed);
                if (!numbers.TryGetValue(key, out var number))
                {
                    number = sets.Count;
                    numbers.Add(key, number);
                    sets.Add(closed);
                }

                return number;
            }
        }

        private int[] Close(int[] nodes)
        {
            var closed = new SortedSet<int>(nodes);
            var open = new Stack<int>(nodes);
            while (open.TryPop(out var node))
            {
                foreach (var (digits, to) in _nodes[node])
                {
                    if (digits == 0 && closed.Add(to))
                        open.Push(to);
                }
            }

            return [.. closed];
        }

        private int Node()
        {
            _nodes.Add([]);
            return _nodes.Count - 1;
        }

        private int Alternatives(int from)
        {
            var end = Node();
            while (true)
            {
                var start = Node();
                _nodes[from].Add((0, start));
                _nodes[Sequence(start)].Add((0, end));
                if (_position == pattern.Length || pattern[_position] != '|')
                    return end;
                _position++;
            }
        }

        private int Sequence(int from)
        {
            while (_position < pattern.Length && pattern[_position] is not ('|' or ')'))
            {
                var itemStart = _position;
                var to = Item(from);
                var itemEnd = _position;
                var (least, most) = Count();
                var afterCount = _position;
                var end = Node();
                if (least == 0)
                    _nodes[from].Add((0, end));
                if (least <= 1)
                    _nodes[to].Add((0, end));
                for (var i = 2; i <= most; i++)
                {
                    _position = itemStart;
                    to = Item(to);
                    if (_position != itemEnd)
                        throw new FormatException($"digit pattern {pattern}");
                    if (i >= least)
                        _nodes[to].Add((0, end));
                }

                _position = afterCount;
                from = end;
            }

            return from;
        }

        private int Item(int from)
        {
            var c = pattern[_position++];
            if (c == '(')
            {
                if (pattern.AsSpan(_position).StartsWith("?:"))
                    _position += 2;
                var end = Alternatives(from);
                _position++;
                return end;
            }

            var digits = c switch
            {
                '\\' when pattern[_position++] == 'd' => 0b11_1111_1111,
                '[' => Set(),
                >= '0' and <= '9' => 1 << (c - '0'),
                _ => throw new FormatException($"unexpected '{c}' in the digit pattern {pattern}"),
            };
            var to = Node();
            _nodes[from].Add((digits, to));
            return to;
        }

        private int Set()
        {
            var digits = 0;
            for (; pattern[_position] != ']'; _position++)
            {
                var first = pattern[_position] - '0';
                var last = first;
                if (pattern[_position + 1] == '-')
                {
                    last = pattern[_position + 2] - '0';
                    _position += 2;
                }

                for (var digit = first; digit <= last; digit++)
                    digits |= 1 << digit;
            }

            _position++;
            return digits;
        }

        private (int Least, int Most) Count()
        {
            if (_position == pattern.Length)
                return (1, 1);
            if (pattern[_position] == '?')
            {
                _position++;
                return (0, 1);
            }

            if (pattern[_position] != '{')
                return (1, 1);
            var end = pattern.IndexOf('}', _position);
            var parts = pattern[(_position + 1)..end].Split(',');
            _position = end + 1;
            return (int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
