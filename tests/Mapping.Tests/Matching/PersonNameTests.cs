using Crm.Integration.Mapping.Matching;
using static Crm.Integration.Mapping.Tests.Matching.Samples;

namespace Crm.Integration.Mapping.Tests.Matching;

public sealed class PersonNameTests
{
    // Which words are the given and which the family name, however the name is written.
    [Theory]
    [InlineData("anna|hall", "Anna Hall")]
    [InlineData("anna|hall", "Hall, Anna")]
    [InlineData("anna|hall", "Hall, Mrs. Anna")]
    [InlineData("anna|hall", "HALL Anna")]
    [InlineData("anna|hall", "Dr. Anna Hall")]
    [InlineData("anna|hall", "Prof. Dr. med. Anna Hall")]
    [InlineData("anna|hall", "Frau Dipl.-Ing. Anna Hall")]
    [InlineData("anna|hall", "Mme Anna Hall")]
    [InlineData("anna|hall", "Sig.ra Anna Hall")]
    [InlineData("anna|hall", "Anna Hall, PhD")]
    [InlineData("anna|hall", "Anna Hall, MBA, CPA")]
    [InlineData("anna|hall", "Anna Hall (Acme Ltd)")]
    [InlineData("anna|hall", "Anna \"Annie\" Hall")]
    [InlineData("jan|vandervelde", "Jan van der Velde")]
    [InlineData("maria|delacruz", "Maria de la Cruz")]
    [InlineData("jose|garcia", "Don José Garcia")]
    [InlineData("don|garcia", "Don Garcia")]
    [InlineData("phil|collins", "Phil Collins")]
    [InlineData("omar|binladen", "Omar bin Laden")]
    [InlineData("brittany|jonesdunman", "Brittany Jones-Dunman")]
    [InlineData("jr|smith", "J. R. Smith")]
    [InlineData("jr|smith", "JR Smith")]
    [InlineData("ivan|ivanov", "Иванов Иван Иванович")]
    [InlineData("ivan|ivanov", "Иван Иванович Иванов")]
    [InlineData("wei|zhang", "ZHANG Wei")]
    [InlineData("wei|zhang", "zhang1 wei3")]
    [InlineData("wei|zhang", "Zhāng Wěi")]
    [InlineData("wenyu|ye", "Ye Wenyu")]
    [InlineData("wenyu|ye", "Ye Wen-yu")]
    [InlineData("wenyu|ye", "Wen-Yu Ye")]
    [InlineData("|madonna", "Madonna")]
    public void A_whole_name_is_taken_apart(string parts, string full) => Assert.Equal(parts, Parts("name.full=" + full));

    [Theory]
    [InlineData("文雨|叶", "叶文雨")]
    [InlineData("文雨|叶", "叶 文雨")]
    [InlineData("文雨|叶", "文雨 叶")]
    [InlineData("文雨|叶", "葉文雨")]
    [InlineData("伟|张", "张伟先生")]
    [InlineData("|王", "王总")]
    [InlineData("明|欧阳", "欧阳明")]
    [InlineData("|欧阳", "欧阳")]
    [InlineData("晓雪|谭", "晓雪谭")]
    [InlineData("诚|高桥", "高橋誠")]
    [InlineData("拓也|村上", "村上拓也")]
    [InlineData("健太|田中", "健太田中")]
    [InlineData("健太|佐佐木", "佐々木健太")]
    [InlineData("하은|김", "김하은")]
    [InlineData("하은|김", "김 하은님")]
    [InlineData("미영|김", "미영김")]
    [InlineData("민수|남궁", "남궁민수")]
    public void A_whole_name_in_Eastern_letters_is_taken_apart(string parts, string full)
    {
        var features = Person("name.full=" + full);
        Assert.Equal(parts, $"{features[features.NameRef.GivenHan]}|{features[features.NameRef.FamilyHan]}");
    }

    [Theory]
    [InlineData("anna|hall", "name.given=Anna Hall; name.family=Hall")]
    [InlineData("anna|hall", "name.given=Anna; name.family=Anna Hall")]
    [InlineData("anna|hall", "name.family=Hall, Anna")]
    [InlineData("anna|hall", "name.given=Anna Hall")]
    [InlineData("seoyun|kim", "name.given=Seo-yun; name.family=Kim")]
    [InlineData("seoyun|kim", "name.given=Seo Yun; name.family=Kim")]
    [InlineData("annamaria|hall", "name.given=Anna Maria; name.family=Hall")]
    [InlineData("pat|obrien", "name.given=Pat; name.family=O Brien")]
    [InlineData("pat|obrien", "name.given=Pat; name.family=O'Brien")]
    [InlineData("ron|mcdonald", "name.given=Ron; name.family=Mc Donald")]
    [InlineData("christopher|guest", "name.given=Christopher; name.family=Guest")]
    [InlineData("na|li", "name.given=Na; name.family=Li")]
    public void Parts_are_cleaned_of_what_does_not_belong(string parts, string fields) => Assert.Equal(parts, Parts(fields));

    [Theory]
    [InlineData("name.full=Unknown")]
    [InlineData("name.full=Test Guest")]
    [InlineData("name.full=N/A")]
    [InlineData("name.full=TBD Guest")]
    [InlineData("name.full=keine Angabe")]
    [InlineData("name.full=- Customer")]
    [InlineData("name.full=不详")]
    [InlineData("name.full=xxx xxx")]
    [InlineData("name.full=anna@gmail.com")]
    [InlineData("name.given=Unknown; name.family=N/A")]
    [InlineData("name.given=TEST; name.family=Kunde")]
    [InlineData("name.given=-; name.family=.")]
    public void A_stopgap_is_no_name(string fields)
    {
        var features = Person(fields);
        Assert.False(features.NameRef.HasGiven || features.NameRef.HasFamily);
    }

    [Theory]
    [InlineData(Generation.Junior, "John Hall Jr.")]
    [InlineData(Generation.Junior, "Hall, Jr., John")]
    [InlineData(Generation.Junior, "John Hall II")]
    [InlineData(Generation.Senior, "John Hall, Sr.")]
    [InlineData(Generation.Third, "John Hall III")]
    [InlineData(Generation.Junior, "João Silva Filho")]
    [InlineData(Generation.None, "JR Smith")]
    [InlineData(Generation.None, "Sr. Pedro Garcia")]
    internal void Generations_are_read(Generation generation, string full) => Assert.Equal(generation, Person("name.full=" + full).NameRef.Generation);

    [Fact]
    public void A_contact_with_a_stopgap_for_a_name_is_not_the_company_he_works_for()
    {
        Assert.Equal(PartyKind.Unknown, Person("name.given=Unknown; name.family=N/A; company=Golden Energy S.L.").Kind);
        Assert.Equal(PartyKind.Company, Person("company=Golden Energy S.L.").Kind);
    }

    private static string Parts(string fields)
    {
        var features = Person(fields);
        return $"{features[features.NameRef.Given]}|{features[features.NameRef.FamilyWhole]}";
    }
}
