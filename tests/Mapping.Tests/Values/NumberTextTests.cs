using System.Globalization;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Tests.Values;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData("12", null, "12")]
    [InlineData("-12.5", null, "-12.5")]
    [InlineData("12-", null, "-12")]
    [InlineData("12,5", null, "12.5")]
    [InlineData("1.234,56", null, "1234.56")]
    [InlineData("1,234.56", null, "1234.56")]
    [InlineData("1.234.567", null, "1234567")]
    [InlineData("12,34,567.8", null, "1234567.8")]
    [InlineData("1'234.50 CHF", null, "1234.50")]
    [InlineData("1 234,50 €", null, "1234.50")]
    [InlineData("US$ 99", null, "99")]
    [InlineData("¥１２３", null, "123")]
    [InlineData("12 %", null, "12")]
    [InlineData("(1,234.56)", null, "-1234.56")]
    [InlineData("1,234", null, null)]
    [InlineData("1,234", '.', "1234")]
    [InlineData("1,234", ',', "1.234")]
    [InlineData("1.234", ',', "1234")]
    [InlineData("1,2,3", '.', null)]
    [InlineData("1.2.3", ',', null)]
    [InlineData("12E5", null, null)]
    [InlineData("1-2", null, null)]
    [InlineData("abc", null, null)]
    [InlineData(".", null, null)]
    [InlineData("", null, null)]
    [InlineData("99999999999999999999999999999999999", null, null)]
    public void Numbers_are_read_when_they_mean_one_thing(string text, char? sign, string? expected) =>
        Assert.Equal(expected is null ? null : decimal.Parse(expected, CultureInfo.InvariantCulture), NumberText.Parse(text, sign));

    [Theory]
    [InlineData("de", ',')]
    [InlineData("de-CH", '.')]
    [InlineData("en-US", '.')]
    [InlineData("zh", '.')]
    [InlineData(",", ',')]
    [InlineData("nonsense", null)]
    public void Locales_know_their_decimal_sign(string locale, char? sign) => Assert.Equal(sign, NumberText.DecimalSign(locale));
}
