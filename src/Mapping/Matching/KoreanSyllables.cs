using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Matching;

/// <summary>The syllables of Korean given names in the spellings that people use: seo, hyun, woo.</summary>
internal static class KoreanSyllables
{
    private static readonly FrozenSet<string> s_syllables =
        ("a ah ae an ahn bae baek beom bin bo bok bong bum byung byeong chae chan chang chul cheol cheon choon chun da dae dal dam dan do dong duk deok eun euna eon eul ga ga gang geon geun gi goo gu guk gun gwang gyeong gyu ha hae hak han "
        + "he hee hi ho hong hoon hun hui hwa hwan hye hyeok hyeon hyo hyuk hyun hyung hyeong i il im in ja jae jang je jee jeong ji jin jo jong joo joon ju jun jung ka kang ki kook kuk kun kwang kwon kyeong kyoung kyu kyun kyung lee lim man mi min "
        + "mo moon mu mun myeong myung na nam nan nari no noh nyeo o ok pil ra ran re rae rang ri rim rin ro ru ryang ryong ryul sa sae sang se seo seok seol seon seong seul seung shik shin si sik sin so sol son song soo sook soon su suk sul sun sung "
        + "tae taek tak u ui uk un wan wang wi won woo wook woon ya yang ye yea yeol yeon yeong yeop yi yo yong yoo yoon youn young yu yul yun yung").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a folded Latin word is one of them.</summary>
    public static bool Has(ReadOnlySpan<char> word) => s_syllables.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    /// <summary>Whether a folded Latin word is made of at most so many of them.</summary>
    public static bool Make(ReadOnlySpan<char> word, int most)
    {
        if (word.IsEmpty || most == 0)
            return word.IsEmpty;
        for (var length = Math.Min(6, word.Length); length > 0; length--)
        {
            if (Has(word[..length]) && Make(word[length..], most - 1))
                return true;
        }

        return false;
    }
}
