using Crm.Integration.Hub.Configuration.Init;

namespace Crm.Integration.Hub.Tests.Configuration.Init;

public sealed class ValueFormsTests
{
    [Theory]
    [InlineData("24.12.2025;01.02.2026", null, "dd.MM.yyyy")]
    [InlineData("20251224", null, "yyyyMMdd")]
    [InlineData("12/24/2025;02/01/2026", null, "MM/dd/yyyy")]
    [InlineData("24/12/2025", "US", "dd/MM/yyyy")]
    [InlineData("01/02/2026", "GB", "dd/MM/yyyy")]
    [InlineData("01/02/2026", "US", "MM/dd/yyyy")]
    [InlineData("2025年3月9日", "CN", "yyyy年M月d日")]
    [InlineData("24.12.2025 13:45", null, "dd.MM.yyyy HH:mm")]
    [InlineData("soon", null, null)]
    [InlineData("", null, null)]
    public void A_date_format_fits_every_example(string examples, string? country, string? format) =>
        Assert.Equal(format, ValueForms.DateFormats(examples.Split(';'), country) is [var first, ..] ? first : null);

    [Fact]
    public void Days_and_months_that_could_be_swapped_are_noticed()
    {
        Assert.True(ValueForms.IsAmbiguous(ValueForms.DateFormats(["01/02/2026", "03/04/2026"], null)));
        Assert.False(ValueForms.IsAmbiguous(ValueForms.DateFormats(["01/02/2026", "13/04/2026"], null)));
    }

    [Fact]
    public void Forms_of_values_are_read_by_the_majority()
    {
        Assert.True(ValueForms.HavePlus(["+49 30 1234", "0049 30 1234", "030 1234"]));
        Assert.False(ValueForms.HavePlus(["030 1234", "+49 30 1234", "089 12"]));
        Assert.True(ValueForms.HaveComma(["Miller, Ann", "Smith, Bob", "ACME"]));
        Assert.True(ValueForms.BeginWithPostalCode(["70173 Stuttgart", "10115 Berlin"]));
        Assert.False(ValueForms.BeginWithPostalCode(["Bad Homburg", "Berlin", "St. Gallen"]));
        Assert.True(ValueForms.IsIso(["2026-01-31", "2026-01-31T10:00:00Z"]));
        Assert.False(ValueForms.IsIso([]));
    }
}
