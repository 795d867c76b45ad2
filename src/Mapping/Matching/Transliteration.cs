namespace Crm.Integration.Mapping.Matching;

/// <summary>Reads letters that are not Latin as Latin ones: Hangul, kana, Arabic and Hebrew, one letter after the other.</summary>
/// <remarks>The text is folded: kana are hiragana, forms of one Arabic letter are one.</remarks>
internal static class Transliteration
{
    private static readonly string[] s_initials = ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"];
    private static readonly string[] s_vowels = ["a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"];
    private static readonly string[] s_finals = ["", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"];

    private static readonly Dictionary<char, string> s_letters = [];

    static Transliteration()
    {
        Rows("あいうえお", "a i u e o", "かきくけこ", "ka ki ku ke ko", "がぎぐげご", "ga gi gu ge go", "さしすせそ", "sa shi su se so", "ざじずぜぞ", "za ji zu ze zo",
            "たちつてと", "ta chi tsu te to", "だぢづでど", "da ji zu de do", "なにぬねの", "na ni nu ne no", "はひふへほ", "ha hi fu he ho", "ばびぶべぼ", "ba bi bu be bo",
            "ぱぴぷぺぽ", "pa pi pu pe po", "まみむめも", "ma mi mu me mo", "やゆよ", "ya yu yo", "らりるれろ", "ra ri ru re ro", "わゐゑをん", "wa i e o n", "ぁぃぅぇぉ", "a i u e o", "ゔ", "vu");
        // Vowels that Arabic and Hebrew do not write are missing here, too; only consonants are compared.
        Rows("ابتثجحخدذرزسشصضطظعغفقكلمنهويپچژگ", "a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y p ch zh g");
        Rows("אבגדהוזחטיכךלמםנןסעפףצץקרשת", "a b g d h v z h t y k k l m m n n s a f f ts ts k r sh t");
    }

    /// <summary>Whether text holds letters that are read here.</summary>
    public static bool Knows(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (ScriptOf(letter) is not (NameScript.Latin or NameScript.Han or NameScript.Other))
                return true;
        }

        return false;
    }

    /// <summary>The script of a folded letter.</summary>
    public static NameScript ScriptOf(char letter) => letter switch
    {
        < (char)0x0250 => NameScript.Latin,
        >= '가' and <= '힣' => NameScript.Hangul,
        >= 'ぁ' and <= 'ゟ' or 'ー' => NameScript.Japanese,
        >= (char)0x0620 and <= (char)0x06FF => NameScript.Arabic,
        >= 'א' and <= 'ת' => NameScript.Hebrew,
        _ => HanNames.IsHan(letter) ? NameScript.Han : NameScript.Other,
    };

    /// <summary>Writes text in Latin letters, without blanks; what cannot be read here stays.</summary>
    public static int Read(ReadOnlySpan<char> text, Span<char> into)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter is >= '가' and <= '힣')
            {
                var code = letter - '가';
                Add(s_initials[code / 588], into, ref length);
                Add(s_vowels[code % 588 / 28], into, ref length);
                Add(s_finals[code % 28], into, ref length);
            }
            else if (letter is 'ゃ' or 'ゅ' or 'ょ' && length > 1)
            {
                // し + ゃ is sha, き + ゃ is kya.
                length--;
                if (into[length - 1] is not ('h' or 'j'))
                    Add("y", into, ref length);
                Add(letter == 'ゃ' ? "a" : letter == 'ゅ' ? "u" : "o", into, ref length);
            }
            else if (letter == 'っ' && i + 1 < text.Length && s_letters.TryGetValue(text[i + 1], out var next))
            {
                Add(next.AsSpan(0, 1), into, ref length);
            }
            else if (s_letters.TryGetValue(letter, out var latin))
            {
                Add(latin, into, ref length);
            }
            else if (letter is not (' ' or 'ー' or 'っ'))
            {
                Add([letter], into, ref length);
            }
        }

        return length;
    }

    private static void Add(ReadOnlySpan<char> latin, Span<char> into, ref int length)
    {
        var fits = Math.Min(latin.Length, into.Length - length);
        latin[..fits].CopyTo(into[length..]);
        length += fits;
    }

    private static void Rows(params string[] rows)
    {
        for (var i = 0; i + 1 < rows.Length; i += 2)
        {
            var latin = rows[i + 1].Split(' ');
            for (var j = 0; j < latin.Length; j++)
                s_letters[rows[i][j]] = latin[j];
        }
    }
}
