using Crm.Integration.Hub.Cli;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Integration.Hub.Tests.Cli;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "a moment")]
    [InlineData(240, "240 ms")]
    [InlineData(12_400, "12.4 s")]
    [InlineData(59_960, "1 min 00 s")]
    [InlineData(185_000, "3 min 05 s")]
    [InlineData(7_620_000, "2 h 07 min")]
    public void A_duration_is_said_as_people_say_it(int milliseconds, string said) =>
        Assert.Equal(said, Words.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData("customer", "customers")]
    [InlineData("company", "companies")]
    [InlineData("key", "keys")]
    [InlineData("address", "addresses")]
    public void A_word_has_its_plural(string one, string many) => Assert.Equal(many, Words.Plural(one));

    [Fact]
    public void Wrapping_loses_no_word_and_keeps_the_width() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonEmptyArray<PositiveInt>>(),
        lengths =>
        {
            var words = lengths.Get.Select(length => new string('x', (length.Get % 15) + 1)).ToList();
            var lines = Words.Wrap(string.Join(' ', words), 20).ToList();
            return lines.TrueForAll(line => line.Length <= 20) && string.Join(' ', lines) == string.Join(' ', words);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_value_cannot_steer_the_terminal() =>
        Assert.Equal("red\uFFFD[31m⏎ end", Tables.Visible("red\u001b[31m\r\n end"));
}
