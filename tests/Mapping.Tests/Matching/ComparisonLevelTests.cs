using static Crm.Integration.Mapping.Tests.Matching.Samples;

namespace Crm.Integration.Mapping.Tests.Matching;

public sealed class ComparisonLevelTests
{
    // Each level is hit by a pair made for it: a comparison that is turned the wrong way round shows at once.
    [Theory]
    [InlineData("given name", "same", "name.given=Henrietta", "name.given=HENRIETTA")]
    [InlineData("given name", "same", "name.given=Zoë", "name.given=Zoe")]
    [InlineData("given name", "same first word", "name.given=Anna Maria; name.family=Hall", "name.given=Anna; name.family=Hall")]
    [InlineData("given name", "nickname", "name.given=Robert", "name.given=Bob")]
    [InlineData("given name", "nickname", "name.given=Johannes", "name.given=Hans")]
    [InlineData("given name", "nickname", "name.given=Aleksandr", "name.given=Sasha")]
    [InlineData("given name", "spelling variant", "name.given=Jörgen", "name.given=Joergen")]
    [InlineData("given name", "one letter off", "name.given=Nicholas", "name.given=Nichooas")]
    [InlineData("given name", "alike", "name.given=Theodorick", "name.given=Teodorcik")]
    [InlineData("given name", "cut off", "name.given=Wilhelmine", "name.given=Wilhel")]
    [InlineData("given name", "same initial", "name.given=Maria", "name.given=M.")]
    [InlineData("given name", "male and female form", "name.given=Mario", "name.given=Maria")]
    [InlineData("given name", "one letter off, but another name", "name.given=Mary; name.family=Hall", "name.given=Gary; name.family=Hall")]
    [InlineData("given name", "given and family swapped", "name.given=Caleb; name.family=Scott", "name.given=Scott")]
    [InlineData("given name", "is the other's middle name", "name.given=Friedrich; name.middle=Otto", "name.given=Otto")]
    [InlineData("given name", "same in pinyin", "name.given=文雨; name.family=叶", "name.given=Wenyu; name.family=Ye")]
    [InlineData("given name", "different", "name.given=Anna", "name.given=Karl")]
    [InlineData("given name", "different", "name.given=Yumin; name.family=Wang", "name.given=Yuming; name.family=Wang")]
    [InlineData("given name", "given and family swapped", "name.given=Anna; name.family=Featherstone", "name.given=Featherstone; name.family=Anna")]
    [InlineData("given name", "same initial", "name.given=M.; name.family=Hall", "name.given=M; name.family=Hall")]
    [InlineData("given name", "given and family swapped", "name.given=健太; name.family=田中", "name.given=太田中; name.family=健")]
    [InlineData("given name", "given and family swapped", "name.given=拓也; name.family=村上", "name.given=上拓也; name.family=村")]
    [InlineData("given name", "given and family swapped", "name.given=Visser; name.family=Johannes", "name.given=Hans; name.family=Visser")]
    [InlineData("middle name", "same initial", "name.given=John; name.middle=Quincy", "name.given=John; name.middle=Q")]
    [InlineData("family name", "same", "name.family=Müller", "name.family=MULLER")]
    [InlineData("family name", "spelling variant", "name.family=Müller", "name.family=Mueller")]
    [InlineData("family name", "same", "name.family=al-Ahmad", "name.family=Alahmad")]
    [InlineData("family name", "same", "name.family=van der Velde", "name.family=Velde")]
    [InlineData("family name", "half of it", "name.family=Bergmann-König", "name.family=König")]
    [InlineData("family name", "one letter off", "name.family=Featherstone", "name.family=Fetherstone")]
    [InlineData("family name", "cut off", "name.family=Featherstonehaugh", "name.family=Featherst")]
    [InlineData("family name", "same in pinyin", "name.family=曾", "name.family=Zeng")]
    [InlineData("family name", "same in pinyin", "name.family=單", "name.family=Shan")]
    [InlineData("family name", "same", "name.family=劉", "name.family=刘")]
    [InlineData("family name", "different", "name.family=Featherstone", "name.family=Kowalski")]
    [InlineData("birth date", "same", "birthDate=1971-06-24", "birthDate=1971-06-24")]
    [InlineData("birth date", "same, but a 1 January", "birthDate=1971-01-01", "birthDate=1971-01-01")]
    [InlineData("birth date", "day and month swapped", "birthDate=1971-06-05", "birthDate=1971-05-06")]
    [InlineData("birth date", "one digit off", "birthDate=1971-06-24", "birthDate=1971-06-29")]
    [InlineData("birth date", "two digits off", "birthDate=1971-06-24", "birthDate=1982-06-24")]
    [InlineData("birth date", "two digits off", "birthDate=1971-06-24", "birthDate=1938-06-24")]
    [InlineData("birth date", "a few weeks apart", "birthDate=1971-06-24", "birthDate=1971-07-05")]
    [InlineData("birth date", "about a year apart", "birthDate=1971-06-24", "birthDate=1971-11-30")]
    [InlineData("birth date", "different", "birthDate=1971-06-24", "birthDate=1938-11-05")]
    [InlineData("e-mail", "same", "email=Anna.Smith+crm@googlemail.com", "email=annasmith@gmail.com")]
    [InlineData("e-mail", "same shared mailbox", "email=info@acme.example", "email=INFO@acme.example")]
    [InlineData("e-mail", "one letter off", "email=featherstone@gmail.com", "email=fetherstone@gmail.com")]
    [InlineData("e-mail", "one letter off", "email=oc34@phelps-harper.biz", "email=oc34@phelp-harper.biz")]
    [InlineData("e-mail", "alike", "email=a.featherstone@miller.com", "email=a.faetherstoen@millr.com")]
    [InlineData("e-mail", "same before the @", "email=a.featherstone@gmail.com", "email=a.featherstone@acme.example")]
    [InlineData("e-mail", "same firm", "email=anna.b@acme.example", "email=karl.c@acme.example")]
    [InlineData("e-mail", "different", "email=anna@gmail.com", "email=karl@yahoo.com")]
    [InlineData("phone", "same mobile", "phone=+4915112345670", "phone=0151 123 456 70")]
    [InlineData("phone", "same landline", "phone=+493012987654", "phone=+49 (0)30 12987654")]
    [InlineData("phone", "same", "phone=+16125550199", "phone=(612) 555-0199")]
    [InlineData("phone", "one digit off", "phone=+4915112345670", "phone=+4915112345678")]
    [InlineData("phone", "different", "phone=+4915112345670", "phone=+4917698765432")]
    [InlineData("address", "same", "address.line=12 Main Street; address.city=Boston", "address.line=12 Main St.; address.city=BOSTON")]
    [InlineData("address", "same", "address.line=Schillerplatz 12; address.postalCode=90292", "address.line=Schillerpl. 12; address.postalCode=90292")]
    [InlineData("address", "same", "address.line=淮海大道205号505室; address.city=深圳市", "address.line=205 Huaihai Dadao; address.city=Shenzhen")]
    [InlineData("address", "same building, other unit", "address.line=12 Main St, Apt 4; address.city=Boston", "address.line=12 Main St, Apt 9; address.city=Boston")]
    [InlineData("address", "same street and number", "address.line=12 Main St", "address.line=12 Main St; address.city=Boston")]
    [InlineData("address", "same street", "address.line=Waldweg 12; address.city=Ulm", "address.line=Waldweg 19; address.city=Ulm")]
    [InlineData("address", "same postal code", "address.line=Waldweg 12; address.postalCode=89073", "address.line=Marktplatz 1; address.postalCode=89073")]
    [InlineData("address", "same city", "address.city=Köln", "address.city=Cologne")]
    [InlineData("address", "same city", "address.city=Liverpool", "address.city=Lioerpovl")]
    [InlineData("address", "different", "address.city=Boston", "address.city=Denver")]
    [InlineData("national id", "same", "nationalId=AB 12 34 56", "nationalId=ab123456")]
    [InlineData("national id", "one letter off", "nationalId=AB123456", "nationalId=AB132456")]
    [InlineData("national id", "two digits off", "nationalId=A9445847", "nationalId=A1445867")]
    [InlineData("national id", "different", "nationalId=AB123456", "nationalId=XY987654")]
    [InlineData("tax id", "same", "taxId=DE123456788", "taxId=123456788")]
    [InlineData("gender", "different", "gender=F", "gender=male")]
    [InlineData("Jr/Sr", "different", "name.full=John Hall Jr.", "name.full=John Hall Sr.")]
    [InlineData("company", "same", "company=Acme Foods GmbH; name.given=A", "company=ACME Food Ltd; name.given=A")]
    public void A_pair_made_for_a_level_hits_it(string comparison, string level, string a, string b)
    {
        var step = Assert.Single(Explain(a, b).Steps, step => step.Comparison == comparison);
        Assert.Equal(level, step.Level);
    }

    [Theory]
    [InlineData("same", "company=Acme Foods", "name=Acme Foods Ltd", "name=ACME Foods GmbH & Co. KG")]
    [InlineData("same", "words", "name=Textiles, Penhale Ltd.", "name=Penhale Textiles")]
    [InlineData("same", "abbreviation", "name=Harrow Mfg Ltd", "name=Harrow Manufacturing")]
    [InlineData("one letter off", "typo", "name=Featherstone Logistics", "name=Fetherstone Logistics")]
    [InlineData("spelling variant", "blanks", "name=Data Base Works", "name=Database Works")]
    [InlineData("spelling variant", "Chinese", "name=杭州金中信息技术有限公司", "name=Hangzhou Jinzhong Information Technology Co., Ltd.")]
    [InlineData("one has more words", "short form", "name=Featherstone", "name=Featherstone Logistics")]
    [InlineData("initials of the other", "acronym", "name=AP Corp", "name=Ashcroft Plastics")]
    [InlineData("branch or sister", "number", "name=Featherstone 2", "name=Featherstone")]
    [InlineData("branch or sister", "holding", "name=Featherstone Holding AG", "name=Featherstone AG")]
    [InlineData("different", "different", "name=Featherstone", "name=Kowalski")]
    public void A_pair_of_names_made_for_a_level_of_organisations_hits_it(string level, string why, string a, string b)
    {
        var explanation = Firms.Explain(Firm(a), Firm(b), Mapping.Matching.TermFrequencies.None);
        var step = Assert.Single(explanation.Steps, step => step.Comparison == "company");
        Assert.True(level == step.Level, $"{why}: {step.Level} instead of {level}");
    }

    [Theory]
    [InlineData("name.given=Theodora", "name.given=Theodora|name.given=Theodorra|name.given=T|name.given=Karl")]
    [InlineData("name.family=Featherstone", "name.family=Featherstone|name.family=Fetherstone|name.family=Featherst|name.family=Kowalski")]
    [InlineData("birthDate=1971-06-05", "birthDate=1971-06-05|birthDate=1971-05-06|birthDate=1971-06-09|birthDate=1971-06-17|birthDate=1938-11-27")]
    [InlineData("email=a.featherstone@gmail.com", "email=a.featherstone@gmail.com|email=a.fetherstone@gmail.com|email=karl@yahoo.com")]
    [InlineData("phone=+4915112345670", "phone=+4915112345670|phone=+4915112345678|phone=+4917698765432")]
    [InlineData("address.line=12 Main St; address.city=Boston", "address.line=12 Main St; address.city=Boston|address.line=19 Main St; address.city=Boston|address.city=Boston|address.city=Denver")]
    [InlineData("nationalId=AB123456", "nationalId=AB123456|nationalId=AB132456|nationalId=XY987654")]
    public void The_less_a_value_agrees_the_fewer_bits_it_gives(string value, string others)
    {
        var bits = others.Split('|').Select(other => Score(value, other).Bits).ToArray();
        Assert.Equal(bits.OrderDescending(), bits);
        Assert.Equal(bits.Length, bits.Distinct().Count());
    }

    [Theory]
    [InlineData("name.given=Ahmed; name.family=Zhuang", "name.given=ዮሐንስ; name.family=ኃይሌ")]
    [InlineData("name.given=Yoko; name.family=Nakasone", "name.given=洋佑; name.family=仲宗根")]
    [InlineData("name.given=Anna; name.family=Smith", "name.given=文雨; name.family=叶")]
    public void Names_in_letters_that_cannot_be_compared_say_nothing(string a, string b) =>
        Assert.DoesNotContain(Explain(a, b).Steps, step => step.Comparison.Contains("name", StringComparison.Ordinal));

    [Fact]
    public void Missing_values_say_nothing() => Assert.Single(Explain("name.given=Anna", "email=anna@gmail.com").Steps);
}
