using Crm.Integration.Mapping.Matching;
using static Crm.Integration.Mapping.Tests.Matching.Samples;

namespace Crm.Integration.Mapping.Tests.Matching;

public sealed class MatchKeyTests
{
    [Theory]
    [InlineData(MatchKeyKind.Mailbox, "email=Anna.Smith+crm@googlemail.com", "email=annasmith@gmail.com")]
    [InlineData(MatchKeyKind.Email, "email=jo@acme.example", "email=Jo@ACME.example")]
    [InlineData(MatchKeyKind.Mailbox, "email=a.featherstone@gmail.com", "email=afeatherstone@gmial.com")]
    [InlineData(MatchKeyKind.SharedMailbox, "name.given=Anna; email=info@acme.example", "name.given=Anna; email=info@acme.example")]
    [InlineData(MatchKeyKind.Phone, "phone=+4915112345670", "phone=0151 123 456 70")]
    [InlineData(MatchKeyKind.NationalId, "nationalId=AB 12 34 56", "nationalId=ab123456")]
    [InlineData(MatchKeyKind.TaxId, "taxId=DE123456788", "taxId=123456788")]
    [InlineData(MatchKeyKind.Name, "name.given=Anna; name.family=Müller", "name.full=MUELLER, Anna")]
    [InlineData(MatchKeyKind.Name, "name.given=Anna; name.family=Hall", "name.given=Hall; name.family=Anna")]
    [InlineData(MatchKeyKind.Name, "name.full=孙博", "name.given=Bo; name.family=Sun")]
    [InlineData(MatchKeyKind.Name, "name.full=欧阳文雨", "name.given=Wenyu; name.family=Ouyang")]
    [InlineData(MatchKeyKind.Name, "name.full=Cristina Cruz Navarro", "name.given=Cristina; name.family=Cruz Navarro")]
    [InlineData(MatchKeyKind.NameAndInitial, "name.given=Robert; name.family=Featherstone", "name.given=R.; name.family=Featherstone")]
    [InlineData(MatchKeyKind.NameAndInitial, "name.given=Nicholas; name.family=Featherstone", "name.given=Nichooas; name.family=Featherstone")]
    [InlineData(MatchKeyKind.NameAndInitial, "name.given=Nicholas; name.family=Featherstone", "name.given=Nicholas; name.family=Fetherston")]
    [InlineData(MatchKeyKind.NameAndInitial, "name.given=Nicholas; name.family=Featherstone", "name.given=Fetherston; name.family=Nicholas")]
    [InlineData(MatchKeyKind.BirthDate, "name.family=Hall; birthDate=1971-06-24", "name.full=Karl Hill; birthDate=1971-06-24")]
    [InlineData(MatchKeyKind.PrefixAndPlace, "name.full=Nicholas Featherstone; address.postalCode=89073", "name.family=Fetherston; address.postalCode=89 073")]
    [InlineData(MatchKeyKind.PrefixAndPlace, "name.given=Nicholas; address.city=Leeds", "name.full=Nichooas Hall; address.city=Leeds")]
    [InlineData(MatchKeyKind.PrefixAndBirthYear, "name.given=Nicholas; birthDate=1971-01-01", "name.full=Nichooas Hall; birthDate=1971-06-24")]
    [InlineData(MatchKeyKind.Address, "address.line=12 Main Street; address.postalCode=02103", "address.line=12 Main St; address.postalCode=02103")]
    [InlineData(MatchKeyKind.Address, "address.line=12 Forest Drive; address.postalCode=90079", "address.line=12 Forestdr; address.postalCode=90097")]
    public void Records_that_should_meet_share_a_key(MatchKeyKind kind, string a, string b) =>
        Assert.Contains(Keys(a), key => key.Kind == kind && Keys(b).Contains(key));

    [Theory]
    [InlineData(MatchKeyKind.CompanyName, "name=杭州金中信息技术有限公司", "name=Hangzhou Jinzhong Information Technology Co., Ltd.")]
    [InlineData(MatchKeyKind.CompanyName, "name=Textiles, Penhale Ltd.", "name=Penhale Textiles")]
    [InlineData(MatchKeyKind.Host, "name=A; website=https://www.acme.example/x", "name=B; email=anna@acme.example")]
    [InlineData(MatchKeyKind.CompanyAndCity, "name=Penhale Textiles; address.city=Leeds", "name=Penhale; address.city=Leeds")]
    [InlineData(MatchKeyKind.RegistrationId, "name=A; registrationId=HRB 123456", "name=B; registrationId=HRB123456")]
    public void Organisations_that_should_meet_share_a_key(MatchKeyKind kind, string a, string b) =>
        Assert.Contains(FirmKeys(a), key => key.Kind == kind && FirmKeys(b).Contains(key));

    [Theory]
    [InlineData("email=test@test.com")]
    [InlineData("email=noreply@acme.example")]
    [InlineData("email=not an address")]
    [InlineData("phone=000000")]
    [InlineData("phone=123456789")]
    [InlineData("phone=+49 1111111")]
    [InlineData("phone=n/a")]
    [InlineData("birthDate=1900-01-01; address.postalCode=89073")]
    [InlineData("name.full=Test")]
    [InlineData("company=N/A")]
    [InlineData("nationalId=000000000")]
    [InlineData("address.postalCode=00000")]
    public void Placeholders_give_no_key(string fields) => Assert.Empty(Keys(fields));

    [Theory]
    [InlineData("name.family=Hall")]
    [InlineData("name.given=Anna")]
    [InlineData("birthDate=1971-01-01")]
    [InlineData("address.city=Boston")]
    [InlineData("address.line=12 Main St")]
    public void A_part_alone_gives_no_key(string fields) => Assert.Empty(Keys(fields));

    [Fact]
    public void Who_has_a_whole_address_needs_no_key_for_sparse_records() =>
        Assert.DoesNotContain(Keys("name.full=Anna Hall; birthDate=1971-06-24; address.line=Waldweg 12; address.postalCode=89073"), key => key.Kind is MatchKeyKind.PrefixAndPlace or MatchKeyKind.PrefixAndBirthYear);

    [Fact]
    public void A_shared_mailbox_is_no_key_of_a_person() =>
        Assert.DoesNotContain(Keys("name.given=Anna; email=info@acme.example"), key => key.Kind == MatchKeyKind.Email);

    [Fact]
    public void A_free_mail_host_is_no_key() => Assert.DoesNotContain(FirmKeys("name=Acme; email=acme77@gmail.com"), key => key.Kind == MatchKeyKind.Host);

    [Fact]
    public void A_full_record_has_a_handful_of_keys_each_once()
    {
        var keys = Keys("name.given=Anna; name.family=Featherstone; email=a.featherstone@gmail.com; phone=+4915112345670; birthDate=1971-06-24; address.line=Waldweg 12; address.postalCode=89073; address.city=Ulm");
        Assert.InRange(keys.Count, 7, 11);
        Assert.Equal(keys.Count, keys.Select(key => key.Hash).Distinct().Count());
    }
}
