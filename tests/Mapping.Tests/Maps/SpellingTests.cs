using Crm.Integration.Mapping.Maps;

namespace Crm.Integration.Mapping.Tests.Maps;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("trmi", "trim")]
    [InlineData("TRIM", "trim")]
    [InlineData("phon", "phone")]
    [InlineData("emial", "email")]
    [InlineData("conection", "connection")]
    public void The_nearest_word_is_found(string word, string expected) =>
        Assert.Equal(expected, Spelling.Nearest(word, ["email", "trim", "phone", "connection"]));

    [Theory]
    [InlineData("x")]
    [InlineData("banana")]
    [InlineData("")]
    public void Far_away_words_have_no_nearest(string word) => Assert.Null(Spelling.Nearest(word, ["email", "trim", "phone", "if"]));
}
