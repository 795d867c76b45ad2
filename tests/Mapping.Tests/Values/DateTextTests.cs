using System.Globalization;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Tests.Values;

public sealed class DateTextTests
{
    [Theory]
    [InlineData("2024-01-31")]
    [InlineData("2024/1/31")]
    [InlineData("2024.01.31")]
    [InlineData("20240131")]
    [InlineData("2024年1月31日")]
    [InlineData("2024 年 1 月 31 日")]
    [InlineData("２０２４－０１－３１")]
    [InlineData("31.01.2024")]
    [InlineData("31.1.2024")]
    [InlineData("31/01/2024")]
    [InlineData("01/31/2024")]
    [InlineData("31-01-2024")]
    [InlineData("31 Jan 2024")]
    [InlineData("31-Jan-2024")]
    [InlineData("Jan 31, 2024")]
    [InlineData("January 31st, 2024")]
    [InlineData("31. Januar 2024")]
    [InlineData("31 janvier 2024")]
    [InlineData("31 de enero de 2024")]
    [InlineData("Wed, 31 Jan 2024 10:15:00 GMT")]
    [InlineData("2024-01-31T10:15:30.123+02:00")]
    [InlineData("2024-01-31 00:00:00")]
    [InlineData("31.01.2024 10:15")]
    [InlineData("1/31/2024 3:05 PM")]
    [InlineData("20240131T101530Z")]
    [InlineData("2024年1月31日 10时15分")]
    public void A_date_that_can_mean_one_thing_is_understood(string text) => Assert.Equal(new DateOnly(2024, 1, 31), DateText.Parse(text));

    [Theory]
    [InlineData("03/04/2024")]
    [InlineData("3-4-2024")]
    [InlineData("31.02.2024")]
    [InlineData("2024-13-01")]
    [InlineData("0000-00-00")]
    [InlineData("00.00.0000")]
    [InlineData("31.01.24")]
    [InlineData("12345678901")]
    [InlineData("45322")]
    [InlineData("2024-01-31x")]
    [InlineData("2024-01")]
    [InlineData("yesterday")]
    [InlineData("")]
    public void What_can_mean_two_things_or_none_is_not(string text) => Assert.Null(DateText.Parse(text));

    [Theory]
    [InlineData("2024-01-31T12:00:00Z", "2024-01-31T12:00:00Z")]
    [InlineData("2024-01-31T12:00:00+0800", "2024-01-31T04:00:00Z")]
    [InlineData("2024-01-31 12:00", "2024-01-31T04:00:00Z")]
    [InlineData("2024-01-31", "2024-01-30T16:00:00Z")]
    [InlineData("1/31/2024 12:00:00 AM", "2024-01-30T16:00:00Z")]
    [InlineData("2024-01-31T25:00:00Z", null)]
    public void Instants_take_the_zone_that_is_given_when_they_name_none(string text, string? expected)
    {
        var instant = DateText.ParseInstant(text, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        Assert.Equal(expected, instant?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("dd/MM/yyyy", "31/01/2024", true)]
    [InlineData("d/M/yyyy", "31/1/2024", true)]
    [InlineData("dd/MM/yyyy", "31/1/2024", false)]
    [InlineData("yyMMdd", "240131", true)]
    [InlineData("yyyyMMdd", "20240131", true)]
    [InlineData("dd-MMM-yyyy", "31-JAN-2024", true)]
    [InlineData("d. MMMM yyyy", "31. Jänner 2024", true)]
    [InlineData("yyyy-MM-dd HH:mm:ss", "2024-01-31 10:15:30", true)]
    [InlineData("M/d/yyyy h:mm tt", "1/31/2024 3:05 PM", true)]
    [InlineData("yyyy-MM-dd", "2024-02-30", false)]
    [InlineData("yyyy-MM-dd", "2024-01-31 ", true)]
    public void A_format_is_taken_at_its_word(string format, string text, bool fits)
    {
        Assert.Equal(fits, DateFormat.Compile(format).TryRead(text, out var parts));
        if (fits)
            Assert.Equal(new DateOnly(2024, 1, 31), parts.Date);
    }

    [Fact]
    public void Two_digit_years_are_1950_to_2049()
    {
        var format = DateFormat.Compile("dd.MM.yy");
        Assert.True(format.TryRead("01.02.49", out var late));
        Assert.True(format.TryRead("01.02.50", out var early));
        Assert.Equal((2049, 1950), (late.Year, early.Year));
    }
}
