using System.Globalization;
using System.Text;

namespace Crm.Integration.Sandbox.Seeding;

/// <summary>A town with its region and country.</summary>
internal sealed record Place(string City, string Region, string Country, string CountryCode, string Code)
{
    /// <summary>A postal code of this town; <paramref name="number"/> is below 9,000.</summary>
    public string PostalCode(int number) => CountryCode == "GB"
        ? string.Create(CultureInfo.InvariantCulture, $"{Code}{1 + (number % 9)} {1 + (number / 9 % 9)}AB")
        : string.Create(CultureInfo.InvariantCulture, $"{Code}{number % (Code.Length == 2 ? 1000 : 100):00}");
}

/// <summary>What people, streets and companies are called. Composed by hand; common names of many countries.</summary>
internal static class Names
{
    public static readonly string[] Givens =
    [
        "Ngozi", "Anna", "Peter", "Maria", "James", "Zoë", "Łukasz", "Søren", "Fatima", "Omar", "Ingrid", "José", "François", "Grace", "Henry", "Olivia",
        "Noah", "Emma", "Liam", "Sofia", "Mateo", "Chiara", "Björn", "Aoife", "Siobhán", "Yusuf", "Priya", "Arjun", "Hanna", "Jakub", "Elif", "Dmitri",
        "Olga", "Thomas", "Claire", "Victor", "Irene", "Samuel", "Ruth", "Daniel", "Judith", "Martin", "Helen", "Oscar", "Alice", "George", "Nina", "Paul",
    ];

    public static readonly string[] Families =
    [
        "Okafor", "Smith", "Müller", "O'Brien", "García", "Nowak", "Jensen", "Rossi", "Dubois", "Schmidt", "Johnson", "Brown", "Novák", "Kowalski", "Andersson",
        "Hernández", "Silva", "Costa", "Ivanova", "Petrov", "Yılmaz", "Demir", "Patel", "Sharma", "Khan", "Ahmed", "Mensah", "Nkosi", "van der Berg", "de Vries",
        "Murphy", "Walsh", "Fraser", "MacDonald", "Taylor", "Wilson", "Evans", "Thomas", "Roberts", "Walker", "Wright", "Hughes", "Green", "Hall", "Wood", "Clarke",
        "Jackson", "Harris", "Cooper", "King", "Lee", "Martin", "Ward", "Turner", "Hill", "Moore", "Clark", "Baker", "Morgan", "Reid", "Bailey", "Lindström",
    ];

    public static readonly (string Han, string Latin)[] HanFamilies =
    [
        ("王", "wang"), ("李", "li"), ("张", "zhang"), ("刘", "liu"), ("陈", "chen"), ("杨", "yang"), ("黄", "huang"), ("赵", "zhao"), ("吴", "wu"), ("周", "zhou"),
        ("徐", "xu"), ("孙", "sun"), ("马", "ma"), ("朱", "zhu"), ("胡", "hu"), ("郭", "guo"), ("何", "he"), ("高", "gao"), ("林", "lin"), ("欧阳", "ouyang"),
        ("罗", "luo"), ("郑", "zheng"), ("梁", "liang"), ("谢", "xie"), ("宋", "song"), ("唐", "tang"), ("许", "xu"), ("韩", "han"), ("冯", "feng"), ("诸葛", "zhuge"),
    ];

    public static readonly (string Han, string Latin)[] HanGivens =
    [
        ("伟", "wei"), ("芳", "fang"), ("娜", "na"), ("敏", "min"), ("静", "jing"), ("丽", "li"), ("强", "qiang"), ("磊", "lei"), ("军", "jun"), ("洋", "yang"),
        ("勇", "yong"), ("艳", "yan"), ("杰", "jie"), ("娟", "juan"), ("涛", "tao"), ("明", "ming"), ("超", "chao"), ("霞", "xia"), ("平", "ping"), ("刚", "gang"),
        ("桂", "gui"), ("华", "hua"), ("文", "wen"), ("建", "jian"), ("志", "zhi"), ("雪", "xue"), ("晓", "xiao"), ("宇", "yu"), ("欣", "xin"), ("怡", "yi"),
    ];

    public static readonly string[] MailDomains = ["example.com", "example.org", "example.net", "mail.example.com", "post.example.org"];

    public static readonly string[] Titles = ["Buyer", "Head of Sales", "Engineer", "Office Manager", "CFO", "Designer", "Consultant, Senior", "Director"];

    public static readonly string[] HanTitles = ["采购经理", "销售总监", "工程师", "财务", "总经理", "设计师"];

    public static readonly string[] Streets = ["Park Row", "High Street", "Station Road", "Mill Lane", "Church Hill", "King's Parade", "Harbour View", "Victoria Square"];

    public static readonly string[] HanStreets = ["人民路", "中山北路", "解放大道", "工业园区星湖街", "建设路", "南京西路"];

    public static readonly Place[] Places =
    [
        new("Leeds", "West Yorkshire", "United Kingdom", "GB", "LS"), new("London", "Greater London", "United Kingdom", "GB", "SE"),
        new("Manchester", "Greater Manchester", "United Kingdom", "GB", "M"), new("Zürich", "Zürich", "Switzerland", "CH", "80"),
        new("München", "Bayern", "Germany", "DE", "803"), new("Kraków", "Małopolskie", "Poland", "PL", "310"),
        new("Lyon", "Auvergne-Rhône-Alpes", "France", "FR", "690"), new("Austin", "Texas", "United States", "US", "787"),
        new("Boston", "Massachusetts", "United States", "US", "021"), new("Göteborg", "Västra Götaland", "Sweden", "SE", "411"),
    ];

    public static readonly Place[] HanPlaces =
    [
        new("苏州市", "江苏省", "China", "CN", "2150"), new("上海市", "上海市", "China", "CN", "2000"), new("北京市", "北京市", "China", "CN", "1000"),
        new("深圳市", "广东省", "China", "CN", "5180"), new("成都市", "四川省", "China", "CN", "6100"), new("杭州市", "浙江省", "China", "CN", "3100"),
    ];

    public static readonly string[] Trades =
    [
        "Precision", "Foods", "Logistics", "Printing", "Textiles", "Software", "Instruments", "Packaging", "Energy", "Furniture", "Optics", "Paper", "Marine",
        "Chemicals", "Tools", "Glass", "Media", "Garden", "Motors", "Plastics",
    ];

    public static readonly string[] HanTrades = ["机电", "科技", "贸易", "物流", "食品", "纺织", "软件", "包装", "能源", "家具", "光电", "仪器", "化工", "建材", "传媒"];

    public static readonly string[] HanBrands = ["明远", "华盛", "鼎新", "恒通", "瑞丰", "金桥", "东方", "天成", "百川", "永兴", "宏达", "锦绣", "安泰", "长城", "飞鹤", "蓝海", "启明", "德润", "凯旋", "新源"];

    public static readonly string[] Forms = ["Ltd", "GmbH", "Inc.", "S.A.", "LLC", "AB"];

    public static readonly string[] Remarks = ["Met at the fair in spring.", "Wants the new price list.", "Pays late.", "Send samples first.", "Introduced by a colleague.", "喜欢电话联系"];

    /// <summary>The same names as they stand in an e-mail address, in the same places.</summary>
    public static readonly string[] LatinGivens = [.. Givens.Select(Fold)];

    /// <summary>As <see cref="LatinGivens"/>.</summary>
    public static readonly string[] LatinFamilies = [.. Families.Select(Fold)];

    private static string Fold(string name)
    {
        var letters = name.Replace("ł", "l", StringComparison.Ordinal).Replace("Ł", "L", StringComparison.Ordinal)
            .Replace("ø", "o", StringComparison.Ordinal).Replace("ı", "i", StringComparison.Ordinal).Normalize(NormalizationForm.FormD);
        return new string([.. letters.Where(char.IsAsciiLetter)]).ToLowerInvariant();
    }
}
