using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Values;

/// <summary>Walks along the text of a date.</summary>
internal ref struct DateScanner(ReadOnlySpan<char> text)
{
    private static readonly FrozenDictionary<string, int> s_months = Months();
    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> s_monthSpans = s_months.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly ReadOnlySpan<char> _text = text;
    private int _position;

    public readonly bool IsAtEnd => _position == _text.Length;

    /// <summary>A number without a sign; 0 digits when there is none, more than 8 when it cannot be part of a date.</summary>
    public int Number(out int digits)
    {
        var number = 0;
        for (digits = 0; _position < _text.Length && char.IsAsciiDigit(_text[_position]); _position++)
        {
            if (++digits <= 8)
                number = (number * 10) + (_text[_position] - '0');
        }

        return number;
    }

    /// <summary>At most so many digits, for formats without separators.</summary>
    public int Number(int most, out int digits)
    {
        var number = 0;
        for (digits = 0; digits < most && _position < _text.Length && char.IsAsciiDigit(_text[_position]); _position++, digits++)
            number = (number * 10) + (_text[_position] - '0');
        return number;
    }

    public int NumberOrMonth()
    {
        var word = Word();
        if (word.IsEmpty)
            return Number(out _);
        _position += word.Length;
        Skip('.');
        return s_monthSpans.TryGetValue(word, out var month) ? month : 0;
    }

    public readonly bool PeekMonth()
    {
        var copy = this;
        copy.Separators();
        copy.SkipWord("de");
        return s_monthSpans.TryGetValue(copy.Word(), out _);
    }

    /// <summary>One separator with blanks around it; a blank when there is nothing else, 0 when there is none at all.</summary>
    public char Separator()
    {
        var separator = '\0';
        while (_position < _text.Length && !char.IsAsciiDigit(_text[_position]) && !IsWordPart(_text[_position]))
        {
            var c = _text[_position];
            if (c != ' ')
            {
                if (separator is not ('\0' or ' '))
                    return '\0';
                separator = c;
            }
            else if (separator == '\0')
            {
                separator = ' ';
            }

            _position++;
        }

        if (separator is '\0' or ' ' && _position < _text.Length && _text[_position] is '年' or '月' or '년' or '월')
        {
            separator = _text[_position++];
            Skip(' ');
        }

        return separator;
    }

    public void Separators()
    {
        while (_position < _text.Length && _text[_position] is ' ' or ',' or '.' or '-' or '/' or '\u00A0' or '\t')
            _position++;
    }

    public bool Skip(char c)
    {
        if (_position >= _text.Length || _text[_position] != c)
            return false;
        _position++;
        return true;
    }

    public void SkipWord(string word)
    {
        Separators();
        var found = Word();
        if (found.Equals(word, StringComparison.OrdinalIgnoreCase))
            _position += found.Length;
        Separators();
    }

    public void SkipLetters() => _position += Word().Length;

    /// <summary>1st, 2nd, 3rd, 4th, 1er, 1.º</summary>
    public void SkipOrdinal()
    {
        if (Word() is "st" or "nd" or "rd" or "th" or "er" or "º" or "ST" or "ND" or "RD" or "TH")
            _position += Word().Length;
        if (_position + 1 < _text.Length && _text[_position] == '.' && PeekMonth())
            _position++;
        if (PeekMonth())
        {
            Separators();
            SkipWord("de");
        }
    }

    /// <summary>The fraction of a second in ticks, or -1.</summary>
    public int Fraction()
    {
        var ticks = 0;
        var digits = 0;
        for (; _position < _text.Length && char.IsAsciiDigit(_text[_position]); _position++, digits++)
        {
            if (digits < 7)
                ticks = (ticks * 10) + (_text[_position] - '0');
        }

        for (var i = digits; i < 7; i++)
            ticks *= 10;
        return digits == 0 ? -1 : ticks;
    }

    public bool Meridiem(ref DateParts parts)
    {
        Skip(' ');
        var word = Word();
        var isMorning = word.Equals("AM", StringComparison.OrdinalIgnoreCase) || word is "a";
        if (!isMorning && !word.Equals("PM", StringComparison.OrdinalIgnoreCase) && word is not "p")
            return true;
        _position += word.Length;
        if (parts.Hour is < 1 or > 12)
            return false;
        parts.Hour = (parts.Hour % 12) + (isMorning ? 0 : 12);
        Skip(' ');
        return true;
    }

    /// <summary>Z, UTC, GMT, +01:00, +0100, +01, or nothing.</summary>
    public bool Offset(ref DateParts parts)
    {
        if (IsAtEnd)
            return true;
        var word = Word();
        if (word is "Z" or "z" or "UTC" or "GMT" or "utc")
        {
            _position += word.Length;
            parts.OffsetMinutes = 0;
            if (IsAtEnd)
                return true;
        }

        var isNegative = Skip('-') || Skip('−');
        if (!isNegative && !Skip('+'))
            return false;
        var hours = Number(out var digits);
        var minutes = 0;
        if (digits == 4)
            (hours, minutes) = (hours / 100, hours % 100);
        else if (digits is not (1 or 2))
            return false;
        else if (Skip(':'))
            minutes = Number(out _);
        if (hours > 14 || minutes > 59)
            return false;
        parts.OffsetMinutes = (isNegative ? -1 : 1) * ((hours * 60) + minutes);
        return true;
    }

    private readonly ReadOnlySpan<char> Word()
    {
        var end = _position;
        while (end < _text.Length && IsWordPart(_text[end]))
            end++;
        return _text[_position..end];
    }

    // CJK units stand without blanks: each is a separator of its own.
    private static bool IsWordPart(char c) => char.IsLetter(c) && c is not ('年' or '月' or '日' or '号' or '时' or '時' or '分' or '秒' or '년' or '월' or '일');

    private static FrozenDictionary<string, int> Months()
    {
        string[] names =
        [
            "january jan jän jän januar jänner janvier janv enero ene januari gennaio gen janeiro styczeń stycznia sty янв января январь ocak",
            "february feb februar feber février fevrier févr fevr fév febrero februari febbraio fevereiro fev luty lutego lut фев февраля февраль şubat",
            "march mar mär märz mrz maerz mars marzo maart marts março marco marzec marca мар марта март mart",
            "april apr avril avr abril abr aprile kwiecień kwietnia kwi апр апреля апрель nisan",
            "may mai mayo mei maj maggio mag maio maja мая май mayıs",
            "june jun juni juin junio giugno giu junho czerwiec czerwca cze июн июня июнь haziran",
            "july jul juli juillet juil julio luglio lug julho lipiec lipca lip июл июля июль temmuz",
            "august aug août aout agosto ago augustus augusti sierpień sierpnia sie авг августа август ağustos",
            "september sep sept septembre septiembre set settembre setembro wrzesień września wrz сен сентября сентябрь eylül",
            "october oct okt oktober octobre octubre ottobre ott outubro out październik października paź окт октября октябрь ekim",
            "november nov novembre noviembre novembro listopad listopada lis ноя ноября ноябрь kasım",
            "december dec dez dezember décembre decembre déc diciembre dic dicembre dezembro grudzień grudnia gru дек декабря декабрь aralık",
        ];
        var months = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var month = 0; month < names.Length; month++)
        {
            foreach (var name in names[month].Split(' '))
            {
                months.TryAdd(name, month + 1);
                months.TryAdd(TextFold.ToAscii(name), month + 1);
            }
        }

        return months.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
