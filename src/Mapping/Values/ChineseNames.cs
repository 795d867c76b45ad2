using System.Buffers;
using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Values;

/// <summary>Chinese personal names: the family name first, one character or one of the known compounds, then one or two given characters.</summary>
public static class ChineseNames
{
    private static readonly FrozenSet<string> s_compounds = FrozenSet.Create(StringComparer.Ordinal,
        "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "司徒", "东方", "東方", "独孤", "獨孤", "南宫", "南宮", "夏侯", "尉迟", "尉遲", "公孙", "公孫", "轩辕", "軒轅", "令狐", "皇甫", "宇文", "长孙", "長孫", "慕容",
        "鲜于", "鮮于", "闾丘", "閭丘", "司空", "端木", "百里", "呼延", "东郭", "東郭", "申屠", "太史", "赫连", "赫連", "澹台", "澹臺", "公冶", "宗政", "濮阳", "濮陽", "淳于", "单于", "單于", "太叔", "仲孙", "仲孫", "万俟", "拓跋", "完颜", "完顏", "第五", "西门", "西門", "东门", "東門", "南门", "南門", "左丘", "谷梁", "穀梁", "钟离", "鍾離", "闻人", "聞人", "亓官", "司寇", "子车", "子車", "颛孙", "顓孫", "巫马", "巫馬", "公西", "漆雕", "乐正", "樂正", "壤驷", "壤駟", "公良", "夹谷", "夾谷", "宰父", "段干", "梁丘", "爱新", "愛新", "叶赫", "葉赫", "那拉");

    private static readonly SearchValues<char> s_surnames = SearchValues.Create(
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封"
        + "張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭蔣葉蘇魏呂盧鍾譚陸範賈韋鄒閆龍賀顧龔萬錢嚴湯溫齊喬龐顏莊聶魯歐關蘭寧紀畢單塗駱藍華饒時農繆簡車項連蘆麥婁竇黨宮費衛應閔鄔邊師欒榮叢鞏遲鄺");

    /// <summary>Whether a text is written in Chinese characters only.</summary>
    /// <param name="text">The text.</param>
    public static bool IsHan(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is not ((>= '\u4E00' and <= '\u9FFF') or (>= '\u3400' and <= '\u4DBF') or '\u3007' or '々' or (>= '\uF900' and <= '\uFAFF')) && !char.IsSurrogate(c))
                return false;
        }

        return !text.IsEmpty;
    }

    /// <summary>Whether a character is one of the few hundred that nearly all Chinese people have as their family name.</summary>
    /// <param name="c">The character, simplified or traditional.</param>
    public static bool IsSurname(char c) => s_surnames.Contains(c);

    /// <summary>How many characters of a name in Chinese characters are the family name.</summary>
    /// <param name="name">The name without blanks.</param>
    public static int SurnameLength(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length <= 1)
            return name.Length;
        if (name.Length >= 3 && s_compounds.Contains(name[..2]))
            return 2;
        // 陈冯富珍: a married woman's two family names.
        return name.Length == 4 && IsSurname(name[0]) && IsSurname(name[1]) ? 2 : 1;
    }
}
