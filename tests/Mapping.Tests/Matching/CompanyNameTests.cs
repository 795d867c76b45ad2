using Crm.Integration.Mapping.Matching;
using static Crm.Integration.Mapping.Tests.Matching.Samples;

namespace Crm.Integration.Mapping.Tests.Matching;

public sealed class CompanyNameTests
{
    [Theory]
    [InlineData("featherstone", "Featherstone Ltd")]
    [InlineData("featherstone", "Featherstone Ltd.")]
    [InlineData("featherstone", "Featherstone Pvt. Ltd.")]
    [InlineData("featherstone", "Featherstone GmbH & Co. KG")]
    [InlineData("featherstone", "Featherstone GmbH und Co KG")]
    [InlineData("featherstone", "FEATHERSTONE GMBH AND CO. KG")]
    [InlineData("featherstone", "Featherstone S.p.A.")]
    [InlineData("featherstone", "Featherstone Sp. z o.o.")]
    [InlineData("featherstone", "Featherstone, Inc.")]
    [InlineData("featherstone", "ООО Featherstone")]
    [InlineData("featherstone", "PT Featherstone")]
    [InlineData("featherstone", "Featherstone 주식회사")]
    [InlineData("featherstone", "(주) Featherstone")]
    [InlineData("featherstone", "株式会社 Featherstone")]
    [InlineData("featherstone sons", "Featherstone & Sons")]
    [InlineData("featherstone sons", "Featherstone and Sons Co.")]
    [InlineData("wolf chemical", "Wolf Chemicals GmbH and Co. KG")]
    [InlineData("northern coffee", "Northern Coffee orp.")]
    [InlineData("northern coffee", "Northern Coffee Limtied")]
    [InlineData("hernandez western trading", "HERNANDEZ WESTERN TRADING COMP")]
    [InlineData("hangzhou chuangke trading", "HANGZHOU CHUANGKE TRADING CO., L")]
    [InlineData("featherstone international", "Featherstone Int'l Ltd")]
    [InlineData("featherstone branch berlin", "Featherstone GmbH Branch Berlin")]
    public void The_legal_form_is_no_part_of_a_name(string core, string name)
    {
        var features = Firm("name=" + name);
        Assert.Equal(Singular(core), Singular(features[features.CompanyRef.Core].ToString()));
    }

    [Theory]
    [InlineData("西安中金机械有限公司", "西安中金机械")]
    [InlineData("西安中金机械有限公司", "西安中金机械有限司")]
    [InlineData("西安中金机械股份有限公司", "西安市中金机械有限责任公司")]
    [InlineData("西安中金机械有限公司", "XI'AN ZHONGJIN MACHINERY")]
    [InlineData("西安中金机械有限公司", "Xi'an Zhongjin Machinery 股份有限")]
    [InlineData("Ромашка ООО", "ООО Romashka")]
    [InlineData("Acme Foods", "ACME Food Ltd")]
    [InlineData("Müller Maschinenbau GmbH", "Mueller Maschinenbau")]
    [InlineData("Featherstone Logistics", "Fetherstone Logistics Ltd")]
    [InlineData("Kingsham & Sons Sports", "KINGSHAM AND SONS SPORTS S.")]
    public void Spellings_of_one_firm_agree(string a, string b)
    {
        var step = Assert.Single(Firms.Explain(Firm("name=" + a), Firm("name=" + b), TermFrequencies.None).Steps, step => step.Comparison == "company");
        Assert.Contains(step.Level, new[] { "same", "spelling variant", "one letter off" });
    }

    [Theory]
    [InlineData("Featherstone AG", "Featherstone Holding AG")]
    [InlineData("Featherstone GmbH", "Featherstone GmbH Niederlassung Berlin")]
    [InlineData("Featherstone Deutschland GmbH", "Featherstone France SAS")]
    [InlineData("Featherstone 2", "Featherstone")]
    [InlineData("北京星信实业有限公司", "北京星信实业有限公司上海分公司")]
    [InlineData("Featherstone Group plc", "Featherstone plc")]
    public void Houses_of_one_group_are_told_apart(string a, string b) => Assert.Equal(MatchGuard.Branches, FirmScore("name=" + a, "name=" + b).Guard);

    [Theory]
    [InlineData("CONTI UNITED TOOLS")]
    [InlineData("FARNLO CONTINENTAL MACHINERY")]
    [InlineData("Kingsham & Sons Sports")]
    [InlineData("Fiorini and Partner Printing S")]
    [InlineData("Acme S.A.")]
    [InlineData("Volvo AB")]
    [InlineData("Bäckerei Huber")]
    [InlineData("Hotel Zur Post")]
    [InlineData("广州新金信息技术")]
    [InlineData("杭州达恒电子")]
    [InlineData("삼성전자 주식회사")]
    [InlineData("株式会社森")]
    public void An_organisation_in_a_field_for_names_is_known_for_one(string name) => Assert.Equal(PartyKind.Company, Person("name.full=" + name).Kind);

    [Theory]
    [InlineData("Hofkamp, Sem")]
    [InlineData("Danielle Steel")]
    [InlineData("Charlotte Church")]
    [InlineData("Anna & Karl Smith")]
    [InlineData("Anna Hall (Acme Ltd)")]
    [InlineData("Anna Hall, CPA")]
    [InlineData("Peter Bauer")]
    [InlineData("Kim, Ag")]
    [InlineData("佐々木健太")]
    [InlineData("欧阳明月")]
    [InlineData("José María de la Cruz")]
    public void A_person_is_no_organisation(string name) => Assert.Equal(PartyKind.Person, Person("name.full=" + name).Kind);

    [Theory]
    [InlineData("n/a")]
    [InlineData("-")]
    [InlineData("Private")]
    [InlineData("k.A.")]
    [InlineData("keine Angabe")]
    [InlineData("Self-employed")]
    [InlineData("xxx")]
    [InlineData("无")]
    [InlineData("不详")]
    public void A_stopgap_is_no_firm(string name) => Assert.False(Person("name.full=Anna Hall; company=" + name).CompanyRef.IsKnown);

    private static string Singular(string words) => string.Join(' ', words.Split(' ').Select(word => word.TrimEnd('s')));
}
