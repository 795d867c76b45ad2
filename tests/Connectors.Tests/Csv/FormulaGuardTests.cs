using Crm.Integration.Connectors.Csv;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Integration.Connectors.Tests.Csv;

public sealed class FormulaGuardTests
{
    [Fact]
    public void Every_text_comes_back_as_it_was()
    {
        var piece = Gen.Elements('\'', '=', '+', '-', '@', '\t', '\r', ' ', '\n', '1', 'a', '＝', '.', 'E');
        Check.QuickThrowOnFailure(Prop.ForAll(piece.ArrayOf().Select(chars => new string(chars)).ToArbitrary(), text =>
            FormulaGuard.Unescape(FormulaGuard.Escape(text)) == text));
    }

    [Theory]
    [InlineData("=1")]
    [InlineData("  @x")]
    [InlineData("\n+cmd")]
    [InlineData("-A1")]
    [InlineData("+1;2")]
    [InlineData("''=x")]
    public void What_a_spreadsheet_would_run_is_disarmed(string text) => Assert.Equal("'" + text, FormulaGuard.Escape(text));

    [Theory]
    [InlineData("-5")]
    [InlineData("-1.234,50")]
    [InlineData("+1.5E-7")]
    [InlineData("+49 (0)30/123-456")]
    [InlineData("")]
    [InlineData("'")]
    [InlineData("O'Brien")]
    public void Numbers_and_phones_and_plain_words_stay(string text) => Assert.Equal(text, FormulaGuard.Escape(text));
}
