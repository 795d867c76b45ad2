using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Tests.Values;

public sealed class PlaceTests
{
    [Theory]
    [InlineData("DE", "DE")]
    [InlineData("de", "DE")]
    [InlineData("DEU", "DE")]
    [InlineData("276", "DE")]
    [InlineData("D", "DE")]
    [InlineData("Deutschland", "DE")]
    [InlineData("ALLEMAGNE", "DE")]
    [InlineData("Alemania", "DE")]
    [InlineData("Alemanha", "DE")]
    [InlineData("Germania", "DE")]
    [InlineData("ドイツ", "DE")]
    [InlineData("德国", "DE")]
    [InlineData("UK", "GB")]
    [InlineData("England", "GB")]
    [InlineData("U.S.A.", "US")]
    [InlineData("United States of America", "US")]
    [InlineData("the united states", "US")]
    [InlineData("EE. UU.", "US")]
    [InlineData("F", "FR")]
    [InlineData("中国", "CN")]
    [InlineData("中華人民共和國", "CN")]
    [InlineData("P.R. China", "CN")]
    [InlineData("España", "ES")]
    [InlineData("Espana", "ES")]
    [InlineData("Korea, Republic of", "KR")]
    [InlineData("Bosnia & Herzegovina", "BA")]
    [InlineData("Côte d'Ivoire", "CI")]
    [InlineData("Россия", "RU")]
    [InlineData("日本", "JP")]
    [InlineData("Congo", "CG")]
    [InlineData("Niger", "NE")]
    [InlineData("Nigeria", "NG")]
    [InlineData("Austria", "AT")]
    [InlineData("Australia", "AU")]
    [InlineData("Atlantis", null)]
    [InlineData("", null)]
    [InlineData("-", null)]
    public void Countries_are_known_by_their_codes_names_and_abbreviations(string text, string? code) => Assert.Equal(code, Countries.Find(text));

    [Fact]
    public void Every_country_is_found_by_each_of_its_own_names()
    {
        var wrong = from code in Countries.Codes
                    from language in Countries.Languages
                    let name = Countries.NameOf(code, language)
                    where name is not null && Countries.Find(name) != code
                    select $"{code} {language} {name} → {Countries.Find(name)}";
        // Two countries share this one; the other is called so in more languages.
        Assert.Equal(["CD nb Kongo → CG"], wrong);
    }

    [Theory]
    [InlineData("California", "US", "CA")]
    [InlineData("ca", "US", "CA")]
    [InlineData("US-CA", "US", "CA")]
    [InlineData("Calif.", "US", "CA")]
    [InlineData("Washington, D.C.", "US", "DC")]
    [InlineData("N.S.W.", "AU", "NSW")]
    [InlineData("Québec", "CA", "QC")]
    [InlineData("广东省", "CN", "GD")]
    [InlineData("广东", "CN", "GD")]
    [InlineData("Guangdong", "CN", "GD")]
    [InlineData("北京市", "CN", "BJ")]
    [InlineData("广西壮族自治区", "CN", "GX")]
    [InlineData("Nordrhein-Westfalen", "DE", "NW")]
    [InlineData("NRW", "DE", "NW")]
    [InlineData("São Paulo", "BR", "SP")]
    [InlineData("Sao Paulo", "BR", "SP")]
    [InlineData("Nuevo León", "MX", "NLE")]
    [InlineData("Maharashtra", "IN", "MH")]
    [InlineData("Milano", "IT", "MI")]
    [InlineData("Sevilla", "ES", "SE")]
    [InlineData("東京都", "JP", "13")]
    [InlineData("California", "CN", null)]
    [InlineData("California", null, null)]
    public void Regions_are_known_in_their_country(string text, string? country, string? code) => Assert.Equal(code, Regions.Find(text, country));

    [Theory]
    [InlineData("1234ab", "NL", "1234 AB")]
    [InlineData("sw1a1aa", "GB", "SW1A 1AA")]
    [InlineData("M1 1AE", "GB", "M1 1AE")]
    [InlineData("k1a0b1", "CA", "K1A 0B1")]
    [InlineData("123456789", "US", "12345-6789")]
    [InlineData("2138", "US", "02138")]
    [InlineData("１０００００", "CN", "100000")]
    [InlineData("00950", "PL", "00-950")]
    [InlineData("11455", "SE", "114 55")]
    [InlineData("D-10115", "DE", "10115")]
    [InlineData("D10115", "DE", "10115")]
    [InlineData("1067", "DE", "01067")]
    [InlineData("CH-8001", "CH", "8001")]
    [InlineData("01310100", "BR", "01310-100")]
    [InlineData("1000001", "JP", "100-0001")]
    [InlineData("1012", "LV", null)]
    [InlineData("LV1012", "LV", "LV-1012")]
    [InlineData("123", "DE", null)]
    [InlineData("ABCDE", "DE", null)]
    [InlineData("ab 12  c", null, "AB 12 C")]
    [InlineData("", "DE", null)]
    public void Postal_codes_take_the_form_of_their_country(string text, string? country, string? code) => Assert.Equal(code, PostalCode.Parse(text, country));
}
