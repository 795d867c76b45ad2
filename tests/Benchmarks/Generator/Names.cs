using System.Globalization;
using System.Text;

namespace Crm.Integration.Benchmarks.Generator;

/// <summary>The names that made-up people are given: common ones first, rarer ones put together from syllables.</summary>
internal sealed record NameLists(string[] Men, string[] Women, string[] Families, string[] Stems, string[] Endings)
{
    private static readonly Dictionary<string, string> s_nicknames = new()
    {
        ["William"] = "Bill", ["Robert"] = "Bob", ["James"] = "Jim", ["Michael"] = "Mike", ["Thomas"] = "Tom", ["Richard"] = "Dick", ["Joseph"] = "Joe",
        ["Edward"] = "Ted", ["Daniel"] = "Dan", ["Anthony"] = "Tony", ["Andrew"] = "Andy", ["Elizabeth"] = "Liz", ["Margaret"] = "Peggy", ["Katherine"] = "Kate",
        ["Jennifer"] = "Jenny", ["Susan"] = "Sue", ["Patricia"] = "Pat", ["Deborah"] = "Debbie", ["Rebecca"] = "Becky", ["Christopher"] = "Chris",
        ["Johannes"] = "Hannes", ["Alexander"] = "Alex", ["Katharina"] = "Kathi", ["Sebastian"] = "Basti", ["Maximilian"] = "Max", ["Susanne"] = "Susi",
        ["Francisco"] = "Paco", ["José"] = "Pepe", ["Ignacio"] = "Nacho", ["Dolores"] = "Lola", ["Guadalupe"] = "Lupe", ["Frédéric"] = "Fred",
    };

    public static NameLists English { get; } = new(
        Split("James Robert John Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark Steven Paul Andrew Joshua Kenneth Kevin Brian George Edward Ronald Timothy Jason Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Frank Patrick Raymond Jack Dennis Oliver Harry Callum"),
        Split("Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Margaret Sandra Ashley Kimberly Emily Donna Michelle Carol Amanda Dorothy Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia Kathleen Amy Angela Shirley Anna Brenda Pamela Emma Nicole Helen Samantha Katherine Christine Rachel Carolyn Janet Catherine Maria Heather Olivia Imogen"),
        Split("Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Jackson Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson Baker Hall Campbell Mitchell Carter Roberts Turner Phillips Parker Evans Edwards Collins Stewart Morris Murphy Cook Rogers Morgan Cooper Peterson Bailey Reed Kelly Howard Ward Cox Richardson Wood Watson Brooks Bennett Gray Hughes Price Myers Long Foster Sanders Ross O'Brien O'Connor McCarthy MacDonald"),
        Split("Ash Black Brad Bran Broad Bur Cald Carl Chat Clif Cope Crab Cran Dal Dun East Elm Fair Farn Feather Gar Gil Grand Hal Hart Haw Hol Hunt Kim Lang Lock Marsh Mel Nor Oak Pem Rad Red Sel Shel Stan Sut Thorn Wake Wal Web Whit Wind Wood Wyn"),
        Split("ton ford ley well worth field man son wood by ham stone croft gate more land er brook burn shaw"));

    public static NameLists German { get; } = new(
        Split("Peter Michael Thomas Andreas Wolfgang Klaus Jürgen Stefan Christian Uwe Werner Frank Markus Matthias Alexander Martin Johannes Sebastian Tobias Florian Daniel Jan Philipp Lukas Maximilian Felix Leon Paul Jonas Björn Günter Karl Heinz Ralf Bernd Dieter Jörg Torsten Oliver Simon"),
        Split("Ursula Monika Petra Sabine Renate Andrea Claudia Susanne Birgit Gabriele Julia Katharina Anna Christina Stefanie Nicole Sandra Anja Melanie Lena Laura Sarah Lea Marie Sophie Hannah Käthe Jutta Heike Silke Martina Barbara Karin Ingrid Angelika Ute Tanja Eva Franziska Johanna"),
        Split("Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Meier Lehmann Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Vogel Friedrich Keller Günther Berger Winkler Roth Beck Lorenz Baumann Franke Böhm Schuster Ludwig"),
        Split("Acker Alt Bach Berg Birken Brand Buch Eber Eichen Engel Feld Fels Gold Grün Hage Hasel Heide Hirsch Hoch Hohen Kirch Kalt Kron Linden Löwen Moos Neu Ober Ohl Rosen Sand Schön Stein Stern Tal Unter Wald Weiden Wester Ziegel"),
        Split("mann bauer meier berg bach hof hauer feld stein müller thal brunn kamp rath burg er ler ner weg hardt"));

    public static NameLists French { get; } = new(
        Split("Jean Pierre Michel Philippe Alain Nicolas Christophe Patrick Frédéric Laurent Stéphane David Pascal Éric Thierry Julien Olivier Sébastien Thomas François Antoine Hugo Louis Gabriel Mathéo"),
        Split("Marie Nathalie Isabelle Sylvie Catherine Françoise Valérie Christine Sandrine Véronique Céline Sophie Stéphanie Julie Aurélie Émilie Camille Léa Manon Chloé Hélène Inès Zoé Élodie Anne"),
        Split("Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Müller Lefèvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Perrin"),
        Split("Beau Bel Bois Bon Bour Cha Cler Cour Dela Des Fau Font Gar Grand Gui Lam Lan Mar Mont Per Pois Ran Ro Saint Val Ver Vil"),
        Split("champ mont ville court din geot gnon chard let lin nard net quet reau rier sard teau ton val vin"));

    public static NameLists Spanish { get; } = new(
        Split("Antonio José Manuel Francisco Juan David Javier Daniel Carlos Jesús Alejandro Miguel Rafael Pedro Ángel Pablo Sergio Fernando Luis Jorge Alberto Álvaro Diego Adrián Ignacio Raúl Iván Rubén Óscar Andrés"),
        Split("María Carmen Ana Isabel Dolores Pilar Teresa Rosa Cristina Laura Lucía Marta Elena Mercedes Paula Raquel Sara Silvia Patricia Beatriz Rocío Andrea Nuria Inés Guadalupe Julia Irene Alba Sofía Noelia"),
        Split("García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil Ramírez Serrano Blanco Molina Morales Suárez Ortega Delgado Castro Ortiz Rubio Marín Sanz Núñez Iglesias Medina Garrido Cortés Castillo Santos Lozano Guerrero Cano Prieto Méndez Cruz Calvo Gallego Vidal León Márquez Herrera Peña Flores"),
        [], []);

    private static readonly (string Han, string Pinyin)[] s_hanFamilies = Han("王Wang 李Li 张Zhang 刘Liu 陈Chen 杨Yang 黄Huang 赵Zhao 吴Wu 周Zhou 徐Xu 孙Sun 马Ma 朱Zhu 胡Hu 郭Guo 何He 高Gao 林Lin 罗Luo 郑Zheng 梁Liang 谢Xie 宋Song 唐Tang 许Xu 韩Han 冯Feng 邓Deng 曹Cao 彭Peng 曾Zeng 萧Xiao 田Tian 董Dong 袁Yuan 潘Pan 于Yu 蒋Jiang 蔡Cai 余Yu 杜Du 叶Ye 程Cheng 苏Su 魏Wei 吕Lü 丁Ding 任Ren 沈Shen 姚Yao 卢Lu 姜Jiang 崔Cui 钟Zhong 谭Tan 陆Lu 汪Wang 范Fan 金Jin 石Shi 廖Liao 贾Jia 夏Xia 韦Wei 付Fu 方Fang 白Bai 邹Zou 孟Meng 熊Xiong 秦Qin 邱Qiu 江Jiang 尹Yin 薛Xue 闫Yan 段Duan 雷Lei 侯Hou 龙Long 史Shi 陶Tao 黎Li 贺He 顾Gu 毛Mao 郝Hao 龚Gong 邵Shao 万Wan 钱Qian 欧阳Ouyang 司马Sima 上官Shangguan 诸葛Zhuge");

    private static readonly (string Han, string Pinyin)[] s_hanMen = Han("伟wei 强qiang 磊lei 军jun 洋yang 勇yong 杰jie 涛tao 明ming 超chao 平ping 刚gang 文wen 辉hui 建jian 国guo 海hai 波bo 宁ning 浩hao 宇yu 轩xuan 子zi 鹏peng 飞fei 志zhi 俊jun 斌bin 晨chen 峰feng 亮liang 健jian 威wei 鑫xin 凯kai 成cheng 康kang 光guang 天tian 达da 安an 乐le 东dong 博bo 思si 嘉jia 振zhen 永yong 家jia 昊hao");

    private static readonly (string Han, string Pinyin)[] s_hanWomen = Han("芳fang 娜na 敏min 静jing 丽li 艳yan 娟juan 霞xia 桂gui 玲ling 华hua 梓zi 涵han 欣xin 怡yi 佳jia 雪xue 梅mei 兰lan 红hong 玉yu 云yun 诗shi 雅ya 婷ting 琳lin 颖ying 倩qian 萍ping 莉li 洁jie 慧hui 春chun 秋qiu 月yue 星xing 晓xiao 小xiao 美mei 淑shu 秀xiu 英ying 珍zhen 燕yan 丹dan 蕾lei 薇wei 瑶yao 璐lu 思si");

    public string Given(Draw draw, bool man) => draw.Common(man ? Men : Women);

    public string Family(Draw draw)
    {
        if (Stems.Length == 0)
            return $"{draw.Common(Families)} {draw.Common(Families)}";
        return draw.Chance(0.45) ? draw.Common(Families) : draw.Of(Stems) + draw.Of(Endings);
    }

    public static (string Han, string Pinyin) HanFamily(Draw draw) => draw.Common(s_hanFamilies);

    public static (string Han, string Pinyin) HanGiven(Draw draw, bool man)
    {
        var list = man ? s_hanMen : s_hanWomen;
        var first = draw.Common(list);
        if (draw.Chance(0.3))
            return (first.Han, Capital(first.Pinyin));
        var second = draw.Of(list);
        return (first.Han + second.Han, Capital(first.Pinyin + second.Pinyin));
    }

    public static string? Nickname(string given) => s_nicknames.GetValueOrDefault(given);

    /// <summary>The letters and digits a mailbox or host name would be made of.</summary>
    public static string Slug(string text)
    {
        var slug = new StringBuilder(text.Length);
        foreach (var c in text.Replace("ß", "ss", StringComparison.Ordinal).Replace("ü", "ue", StringComparison.Ordinal).Replace("ö", "oe", StringComparison.Ordinal).Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(char.ToLowerInvariant(c));
        }

        return slug.ToString();
    }

    private static string Capital(string pinyin) => char.ToUpper(pinyin[0], CultureInfo.InvariantCulture) + pinyin[1..];

    private static string[] Split(string words) => words.Split(' ');

    private static (string, string)[] Han(string words) =>
        [.. words.Split(' ').Select(word => (word[..^word.SkipWhile(c => c > 0x2E80).Count()], new string([.. word.SkipWhile(c => c > 0x2E80)])))];
}
