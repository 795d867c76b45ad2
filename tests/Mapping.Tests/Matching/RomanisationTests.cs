using static Crm.Integration.Mapping.Tests.Matching.Samples;

namespace Crm.Integration.Mapping.Tests.Matching;

public sealed class RomanisationTests
{
    [Theory]
    [InlineData("하은|김", "Ha-eun|Kim")]
    [InlineData("하은|김", "Haeun|Gim")]
    [InlineData("시우|조", "Siwoo|Cho")]
    [InlineData("시우|조", "Si-woo|Jo")]
    [InlineData("지훈|이", "Ji Hoon|Lee")]
    [InlineData("지훈|이", "Jihun|Rhee")]
    [InlineData("지훈|이", "Jihoon|Yi")]
    [InlineData("현우|박", "Hyun-Woo|Park")]
    [InlineData("현우|박", "Hyeonu|Bak")]
    [InlineData("경희|정", "Kyung Hee|Jung")]
    [InlineData("경희|정", "Gyeonghui|Jeong")]
    [InlineData("영수|최", "Young-soo|Choi")]
    [InlineData("민준|안", "Min-joon|Ahn")]
    [InlineData("陽子|佐藤", "Yoko|Sato")]
    [InlineData("陽子|佐藤", "Youko|Satou")]
    [InlineData("拓也|村上", "Takuya|Murakami")]
    [InlineData("健一|佐々木", "Ken'ichi|Sasaki")]
    [InlineData("翔太|大野", "Shōta|Ohno")]
    [InlineData("隆|松本", "Takashi|Matsumoto")]
    [InlineData("さとみ|いとう", "Satomi|Itoh")]
    [InlineData("ケンタ|サトウ", "Kenta|Sato")]
    [InlineData("محمد|حسن", "Mohammed|Hassan")]
    [InlineData("محمد|حسن", "Muhammad|Hasan")]
    [InlineData("أحمد|النجار", "Ahmed|El-Naggar")]
    [InlineData("أحمد|النجار", "Ahmad|Al-Najjar")]
    [InlineData("ليلى|الأحمد", "Layla|Alahmad")]
    [InlineData("خالد|المصري", "Khalid|El Masry")]
    [InlineData("مصطفى|الخطيب", "Moustafa|Alkhatib")]
    [InlineData("יצחק|כהן", "Yitzhak|Cohen")]
    [InlineData("שלמה|לוי", "Shlomo|Levy")]
    [InlineData("文雨|叶", "Wenyu|Ye")]
    [InlineData("明|张", "Ming|Chang")]
    [InlineData("志明|蔡", "Chih-ming|Tsai")]
    [InlineData("建国|徐", "Chien-kuo|Hsu")]
    [InlineData("丽|吕", "Li|Lv")]
    [InlineData("丽|单", "Li|Shan")]
    [InlineData("强|曾", "Qiang|Zeng")]
    public void A_name_in_its_own_letters_meets_its_Latin_spellings(string native, string latin)
    {
        var steps = Explain(Fields(native), Fields(latin)).Steps;
        Assert.StartsWith("same in ", Assert.Single(steps, step => step.Comparison == "given name").Level, StringComparison.Ordinal);
        Assert.StartsWith("same in ", Assert.Single(steps, step => step.Comparison == "family name").Level, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("文雨|叶", "Wenyu|Ye", "same in pinyin")]
    [InlineData("하은|김", "Ha-eun|Kim", "same in romanised Korean")]
    [InlineData("陽子|佐藤", "Yoko|Sato", "same in rōmaji")]
    [InlineData("ケンタ|サトウ", "Kenta|Sato", "same in rōmaji")]
    [InlineData("محمد|حسن", "Mohammed|Hassan", "same in romanised Arabic")]
    [InlineData("יצחק|כהן", "Yitzhak|Cohen", "same in romanised Hebrew")]
    public void What_sounds_the_same_is_named_by_its_script(string native, string latin, string word)
    {
        foreach (var (a, b) in new[] { (native, latin), (latin, native) })
            Assert.Equal(word, Assert.Single(Explain(Fields(a), Fields(b)).Steps, step => step.Comparison == "family name").Level);
    }

    [Theory]
    [InlineData("하은|김", "Jimin|Park")]
    [InlineData("지훈|이", "Sung-min|Lee")]
    [InlineData("陽子|佐藤", "Takuya|Murakami")]
    [InlineData("حسن|المصري", "Khaled|El Masry")]
    [InlineData("حسين|حداد", "Mahmoud|Haddad")]
    [InlineData("יעל|כהן", "David|Levi")]
    [InlineData("文雨|叶", "Yu|Wang")]
    public void Another_name_stays_another_name(string native, string latin) =>
        Assert.DoesNotContain(Explain(Fields(native), Fields(latin)).Steps, step => step.Comparison == "given name" && step.Bits > 0);

    [Theory]
    [InlineData("Natalya", "Natalia")]
    [InlineData("Алексей", "Alexey")]
    [InlineData("Aleksei", "Alexey")]
    [InlineData("Ελένη", "Eleni")]
    [InlineData("Сергей", "Sergej")]
    [InlineData("Евгений", "Yevgeny")]
    [InlineData("Юлия", "Julia")]
    [InlineData("Михаил", "Mihail")]
    [InlineData("Søren", "Soeren")]
    [InlineData("Jörg", "Joerg")]
    [InlineData("Mohamed", "Muhammad")]
    [InlineData("Sarah", "Sara")]
    [InlineData("Youko", "Yoko")]
    public void Spellings_of_one_given_name_are_variants(string a, string b) =>
        Assert.Contains(Assert.Single(Explain("name.given=" + a, "name.given=" + b).Steps, step => step.Comparison == "given name").Level, new[] { "same", "spelling variant" });

    [Theory]
    [InlineData("Hsu", "Xu")]
    [InlineData("Tsai", "Cai")]
    [InlineData("Schulz", "Schultz")]
    [InlineData("Groß", "Gross")]
    [InlineData("Weiß", "Weiss")]
    [InlineData("Gim", "Kim")]
    [InlineData("Pak", "Park")]
    [InlineData("Jeong", "Jung")]
    [InlineData("Schneider", "Shneider")]
    [InlineData("Satou", "Sato")]
    [InlineData("Mohammad", "Muhammed")]
    public void Spellings_of_one_family_name_are_variants(string a, string b) =>
        Assert.Contains(Assert.Single(Explain("name.family=" + a, "name.family=" + b).Steps, step => step.Comparison == "family name").Level, new[] { "same", "spelling variant" });

    [Theory]
    [InlineData("name.given=村; name.family=上拓也", "name.given=拓也; name.family=村上")]
    [InlineData("name.given=拓也; name.family=村上", "name.full=村上拓也")]
    [InlineData("name.given=阳明; name.family=欧", "name.given=明; name.family=欧阳")]
    [InlineData("name.given=谭; name.family=晓雪", "name.full=谭晓雪")]
    [InlineData("name.given=晓; name.family=雪谭", "name.full=谭晓雪")]
    public void Characters_that_were_cut_elsewhere_are_one_name(string a, string b)
    {
        var steps = Explain(a, b).Steps;
        Assert.All(steps.Where(step => step.Comparison is "given name" or "family name"), step => Assert.True(step.Bits > 2));
        Assert.NotEmpty(Keys(a).Select(key => key.Hash).Intersect(Keys(b).Select(key => key.Hash)));
    }

    [Theory]
    [InlineData("하은|김", "Ha-eun|Kim")]
    [InlineData("지우|이", "Ji-woo|Lee")]
    [InlineData("陽子|佐藤", "Yoko|Sato")]
    [InlineData("محمد|حسن", "Muhammad|Hasan")]
    [InlineData("أحمد|النجار", "Ahmad|Al-Najjar")]
    [InlineData("Сергей|Иванов", "Sergey|Ivanov")]
    [InlineData("文雨|叶", "Wen-yu|Ye")]
    public void They_meet_by_name_alone(string native, string latin) =>
        Assert.NotEmpty(Keys(Fields(native)).Select(key => key.Hash).Intersect(Keys(Fields(latin)).Select(key => key.Hash)));

    private static string Fields(string parts) => $"name.given={parts.Split('|')[0]}; name.family={parts.Split('|')[1]}";
}
