using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Tests.Values;

public sealed class PersonNameTests
{
    [Theory]
    [InlineData("Ann Lee", "Ann", null, "Lee")]
    [InlineData("Ann Mary Lee", "Ann", "Mary", "Lee")]
    [InlineData("Lee, Ann Mary", "Ann", "Mary", "Lee")]
    [InlineData("van der Berg, Jan", "Jan", null, "van der Berg")]
    [InlineData("Jan van der Berg", "Jan", null, "van der Berg")]
    [InlineData("Juan Carlos de la Cruz", "Juan", "Carlos", "de la Cruz")]
    [InlineData("Ahmed al-Rashid", "Ahmed", null, "al-Rashid")]
    [InlineData("Prof. Dr. Anna Müller", "Anna", null, "Müller")]
    [InlineData("Herr Karl Maier", "Karl", null, "Maier")]
    [InlineData("Ann Lee, PhD", "Ann", null, "Lee")]
    [InlineData("Martin Luther King Jr.", "Martin", "Luther", "King")]
    [InlineData("LEE Ann", "Ann", null, "LEE")]
    [InlineData("Yo-Yo Ma", "Yo-Yo", null, "Ma")]
    [InlineData("Pan Wei", "Pan", null, "Wei")]
    [InlineData("Madonna", null, null, "Madonna")]
    [InlineData("张三", "三", null, "张")]
    [InlineData("张 三", "三", null, "张")]
    [InlineData("张三丰", "三丰", null, "张")]
    [InlineData("欧阳修", "修", null, "欧阳")]
    [InlineData("诸葛孔明", "孔明", null, "诸葛")]
    [InlineData("陈冯富珍", "富珍", null, "陈冯")]
    [InlineData("王小明先生", "小明", null, "王")]
    [InlineData("卡尔·马克思", "卡尔", null, "马克思")]
    [InlineData("김민준", "민준", null, "김")]
    [InlineData("田中 太郎", "太郎", null, "田中")]
    [InlineData("たなかたろう", null, null, "たなかたろう")]
    [InlineData("  ", null, null, null)]
    public void A_whole_name_is_taken_apart(string text, string? given, string? middle, string? family) =>
        Assert.Equal(new PersonName(given, middle, family), PersonName.Parse(text));

    [Theory]
    [InlineData("三", "张", "张三")]
    [InlineData("Ann", "Lee", "Ann Lee")]
    [InlineData("Ann", null, "Ann")]
    [InlineData(" ", "", null)]
    public void Composing_follows_the_order_of_the_script(string? given, string? family, string? expected) => Assert.Equal(expected, PersonName.Compose(given, family));
}
