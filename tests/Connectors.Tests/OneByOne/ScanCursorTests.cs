using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.OneByOne;

namespace Crm.Integration.Connectors.Tests.OneByOne;

public sealed class ScanCursorTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_a_cursor_everything_is_asked_for()
    {
        var cursor = Resume(null);

        Assert.Null(cursor.From);
        Assert.Null(cursor.At);
        Assert.Empty(cursor.Notes);
    }

    [Fact]
    public void The_next_look_begins_the_lag_before_the_newest_record()
    {
        var cursor = Resume(null);
        cursor.Begun(s_noon);
        cursor.Saw(s_noon.AddHours(-3));
        cursor.Saw(s_noon.AddHours(-2));
        cursor.Saw(null);

        Assert.Equal(s_noon.AddHours(-2).AddMinutes(-5), Resume(cursor.Done(), lagMinutes: 5).From);
    }

    [Fact]
    public void A_record_that_changed_during_the_look_does_not_move_it_past_its_beginning()
    {
        var cursor = Resume(null);
        cursor.Begun(s_noon);
        cursor.Saw(s_noon.AddMinutes(7));

        Assert.Equal(s_noon, Resume(cursor.Done()).From);
    }

    [Fact]
    public void A_look_that_saw_nothing_leaves_it_where_it_was()
    {
        var first = Resume(null);
        first.Begun(s_noon);
        first.Saw(s_noon.AddHours(-2));
        var second = Resume(first.Done());
        second.Begun(s_noon.AddHours(1));

        Assert.Equal(first.Done(), second.Done());
    }

    [Fact]
    public void It_never_goes_back()
    {
        var first = Resume(null);
        first.Begun(s_noon);
        first.Saw(s_noon.AddHours(-1));
        var second = Resume(first.Done(), lagMinutes: 60);
        second.Begun(s_noon);
        second.Saw(s_noon.AddHours(-2));

        Assert.Equal(first.Done(), second.Done());
    }

    [Fact]
    public void An_interrupted_look_goes_on_where_it_was_and_ends_as_if_nothing_had_happened()
    {
        var whole = Resume(null);
        whole.Begun(s_noon);
        whole.Saw(s_noon.AddHours(-2));
        var rest = Resume(whole.Midway("17"));
        rest.Begun(s_noon.AddHours(1));
        rest.Saw(s_noon.AddHours(-4));

        Assert.Equal("17", rest.At);
        Assert.Null(rest.From);
        Assert.Equal(whole.Done(), rest.Done());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("""{"scan":"1"}""")]
    [InlineData("""{"scan":2,"since":"2026-03-01T00:00:00.000Z"}""")]
    [InlineData("""{"scan":1}""")]
    [InlineData("""{"scan":1,"since":"yesterday"}""")]
    [InlineData("""{"scan":1,"since":"9999-12-31T00:00:00.000Z"}""")]
    [InlineData("""{"scan":1,"since":"2026-03-01T00:00:00.000Z","at":7}""")]
    public void A_cursor_that_makes_no_sense_starts_over_and_says_so(string text)
    {
        var cursor = Resume(text);

        Assert.Null(cursor.From);
        Assert.Null(cursor.At);
        Assert.Contains("read from its beginning", Assert.Single(cursor.Notes), StringComparison.Ordinal);
    }

    private static ScanCursor Resume(string? cursor, int lagMinutes = 0) =>
        ScanCursor.Resume(new PullRequest("Contacts") { Cursor = cursor, Lag = TimeSpan.FromMinutes(lagMinutes) }, s_noon);
}
