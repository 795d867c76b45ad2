using Crm.Integration.Hub.Cli;

namespace Crm.Integration.Hub.Tests.Cli;

/// <summary>What a person reads who wants to know why, word by word: the texts stand beside the test.</summary>
public sealed class ExplainTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly FixedClock _clock = new(s_start);

    public ExplainTests()
    {
        _folder.Write("hub.json", "{ }");
        foreach (var source in (string[])["crm", "shop"])
        {
            _folder.Write($"connections/{source}.json", """{ "connector": "csv", "folder": "in" }""");
            _folder.Write($"pipelines/{source}.json", $$"""
                {
                  "from": { "connection": "{{source}}", "stream": "{{source}}.csv", "key": "id", "modified": "changed | date" },
                  "entity": "customer",
                  "map": { "name.given": "first", "name.family": "last", "birthDate": "born | date('yyyy-MM-dd')", "email": "email", "phone": "phone", "jobTitle": "job", "address.line": "street", "address.postalCode": "zip", "address.city": "city" }
                }
                """);
        }

        _folder.Write("in/crm.csv", """
            id,first,last,born,email,phone,job,street,zip,city,changed
            1,Anna,Featherstone,1980-02-03,anna@berg.at,+436641234567,CEO,Alte Gasse 1,1010,Wien,2026-01-05
            2,Richard,Clark,1950-05-06,,+12122043054,,258 Church St,10048,New York,2026-01-05
            3,Josef,Stein,1971-05-06,josef@stein.at,+43664765432,CFO,Berg 2,8010,Graz,2026-01-05

            """.Replace("\n\n", "\n", StringComparison.Ordinal));
        _folder.Write("in/shop.csv", """
            id,first,last,born,email,phone,job,street,zip,city,changed
            A1,Anna,Featherstone,1980-03-02,anna@berg.at,+436641234567,Chairwoman,Neue Gasse 9,4020,Linz,2026-02-01
            A2,Richard,Clark,1979-08-09,,+12122043054,,258 Church St,10048,New York,2026-02-01
            A3,Rosa,Wald,1990-01-02,rosa@wald.at,+436502223334,n/a,Feldweg 3,5020,Salzburg,2026-02-01

            """.Replace("\n\n", "\n", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_records_that_are_one() => Golden.Equal("explain-linked", await AfterRunAsync("explain", "crm/crm.csv/1", "shop/shop.csv/A1"));

    [Fact]
    public async Task Father_and_son() => Golden.Equal("explain-guard", await AfterRunAsync("explain", "crm/crm.csv/2", "shop/shop.csv/A2"));

    [Fact]
    public async Task Two_that_never_meet() => Golden.Equal("explain-strangers", await AfterRunAsync("explain", "crm/crm.csv/3", "shop/shop.csv/A3"));

    [Fact]
    public async Task A_golden_record_and_where_it_comes_from() => Golden.Equal("explain-lineage", await AfterRunAsync("explain", "C1"));

    [Fact]
    public async Task A_field_that_a_person_corrected()
    {
        await RunAsync("run");
        _clock.Set(new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero));
        await RunAsync("set", "C1", "jobTitle=Owner", "--reason", "asked her", "--until", "2026-12-31");

        Golden.Equal("explain-corrected", await RunAsync("explain", "C1", "jobTitle"));
        Golden.Equal("explain-address", await RunAsync("explain", "C1", "address"));
    }

    [Fact]
    public async Task A_record_as_it_was_and_how_it_came_about()
    {
        await RunAsync("run");
        _clock.Set(new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero));
        await RunAsync("set", "C1", "jobTitle=Owner");
        _clock.Set(new DateTimeOffset(2026, 3, 3, 9, 0, 0, TimeSpan.Zero));
        await RunAsync("merge", "C1", "C3", "--why", "married");
        _clock.Set(new DateTimeOffset(2026, 3, 4, 9, 0, 0, TimeSpan.Zero));
        await RunAsync("split", "C1", "crm/crm.csv/3");
        await RunAsync("unset", "C1", "jobTitle");

        Golden.Equal("history", await RunAsync("history", "C1"));
        Golden.Equal("show-before-merge", await RunAsync("show", "C3", "--as-of", "2026-03-02"));
        Golden.Equal("show-after-merge", await RunAsync("show", "C3", "--as-of", "2026-03-03"));
        Assert.Contains("was not known yet", (await HubAsync("show", "C1", "--as-of", "2026-02-01")).Error, StringComparison.Ordinal);
        Assert.Contains("is not a date", (await HubAsync("show", "C1", "--as-of", "lately")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crm/crm.csv/99", "there is no record crm/crm.csv/99")]
    [InlineData("C99", "there is no master C99")]
    [InlineData("nofield", "a customer has no field 'nofield'")]
    public async Task What_does_not_exist_is_named(string other, string message)
    {
        await RunAsync("run");

        var (code, _, error) = await HubAsync("explain", "C1", other);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    private async Task<string> AfterRunAsync(params string[] arguments)
    {
        await RunAsync("run");
        return await RunAsync(arguments);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, text, error) = await HubAsync(arguments);
        Assert.True(code == ExitCode.Done, error);
        return text.Replace(Environment.UserName, "USER", StringComparison.Ordinal);
    }

    private async Task<(ExitCode Code, string Out, string Error)> HubAsync(params string[] arguments)
    {
        var screen = new Screen();
        var code = await new HubProgram(screen.Terminal, _clock).RunAsync(["--hub", _folder.Path, .. arguments], TestContext.Current.CancellationToken);
        return (code, screen.Text, screen.ErrorText);
    }
}
