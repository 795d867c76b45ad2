namespace Crm.Integration.Mapping.Values;

/// <summary>
/// A date format: yyyy, yy (1950 to 2049), M, MM, MMM or MMMM (a name, in any language known), d, dd, H, HH, h, hh with tt, m, mm, s, ss, f… and K or zzz (an offset); other
/// characters stand for themselves. Single-letter forms take one or two digits. Compiled once, as it is used for every row.
/// </summary>
internal sealed class DateFormat
{
    private readonly List<(char Kind, int Count)> _parts = [];

    private DateFormat()
    {
    }

    /// <summary>Whether it gives a time of day.</summary>
    public bool HasTime => _parts.Exists(part => part.Kind is 'H' or 'h');

    /// <summary>Compiles a format.</summary>
    /// <exception cref="FormatException">It has no year, month or day.</exception>
    public static DateFormat Compile(string format)
    {
        var compiled = new DateFormat();
        var parts = compiled._parts;
        for (var i = 0; i < format.Length;)
        {
            var c = format[i];
            var count = 1;
            while (i + count < format.Length && format[i + count] == c)
                count++;
            var kind = c switch
            {
                'y' or 'M' or 'd' or 'H' or 'h' or 'm' or 's' or 'f' or 'F' or 't' => c == 'F' ? 'f' : c,
                'z' or 'K' => 'z',
                _ => '\0',
            };
            if (kind != '\0')
                parts.Add((kind, count));
            else if (c is not ('\'' or '\\'))
                parts.AddRange(Enumerable.Repeat(('"', (int)c), count));
            i += count;
        }

        foreach (var (needed, name) in (ReadOnlySpan<(char, string)>)[('y', "year (yyyy)"), ('M', "month (MM; small mm is minutes)"), ('d', "day (dd)")])
        {
            if (!parts.Exists(part => part.Kind == needed))
                throw new FormatException($"the format '{format}' has no {name}");
        }

        return compiled;
    }

    public bool TryRead(string text, out DateParts parts)
    {
        parts = new DateParts { HasTime = HasTime };
        var scanner = new DateScanner(text.AsSpan().Trim());
        for (var i = 0; i < _parts.Count; i++)
        {
            if (!Read(ref scanner, _parts[i].Kind, _parts[i].Count, ref parts))
                return false;
        }

        return scanner.IsAtEnd && parts.IsValidDate && parts.IsValidTime;
    }

    private static bool Read(ref DateScanner scanner, char kind, int count, ref DateParts parts)
    {
        var digits = 0;
        switch (kind)
        {
            case '"':
                return scanner.Skip((char)count);
            case 'y' when count <= 2:
                var year = scanner.Number(2, out digits);
                parts.Year = year + (year < 50 ? 2000 : 1900);
                return digits == 2;
            case 'y':
                parts.Year = scanner.Number(4, out digits);
                return digits == 4;
            case 'M' when count > 2:
                parts.Month = scanner.PeekMonth() ? scanner.NumberOrMonth() : 0;
                return parts.Month > 0;
            case 'M':
                parts.Month = scanner.Number(2, out digits);
                break;
            case 'd' when count > 2:
                scanner.SkipLetters();
                return true;
            case 'd':
                parts.Day = scanner.Number(2, out digits);
                break;
            case 'H' or 'h':
                parts.Hour = scanner.Number(2, out digits);
                break;
            case 'm':
                parts.Minute = scanner.Number(2, out digits);
                break;
            case 's':
                parts.Second = scanner.Number(2, out digits);
                break;
            case 'f':
                parts.Ticks = scanner.Fraction();
                return parts.Ticks >= 0;
            case 't':
                return scanner.Meridiem(ref parts);
            default:
                return scanner.Offset(ref parts);
        }

        return count >= 2 ? digits == 2 : digits >= 1;
    }
}
