using System.Text;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.BadInput;

/// <summary>
/// A source that comes broken tonight: the message says what and where, the exit code tells a scheduler, nobody is lost, and
/// with a good file the next run goes on as if nothing had happened.
/// </summary>
public sealed class BadFileTests
{
    private const int People = 100;

    [Fact]
    public async Task Rows_that_are_malformed_wait_in_quarantine_and_the_others_go_on()
    {
        using var folder = HubFolder.OfPeople(HubFolder.People(People) + "101,Ragged\n102,Open \"quote,\"Last\"x,o@mail.example\n,No,Key,n@mail.example\n7,Once,More,m@mail.example\n");

        var run = (await folder.HubAsync("--json", "run")).With(0).Json;

        run.AssertAddsUp();
        Assert.Equal((100, 4), (run.Pipelines()["shop"].Count("created"), run.Pipelines()["shop"].Count("rejected")));
        Assert.Equal(
            ["bad-quotes 103", "missing-key 104", "ragged-row 102", "repeated-key 105"],
            (await folder.HubAsync("--json", "quarantine", "list")).With(0).Json.GetProperty("rows").EnumerateArray()
                .Select(row => $"{row.GetProperty("rule").GetString()} {row.GetProperty("position").GetString()!.Split(' ')[^1]}").Order());

        Assert.Equal(1, (await folder.HubAsync("--json", "run", "--fail-on-reject")).ExitCode);
        await AssertGoesOnAsync(folder);
        Assert.Equal(0, (await folder.HubAsync("--json", "quarantine", "list")).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_field_of_100_MB_fails_the_pipeline_and_does_not_fill_the_memory()
    {
        using var folder = await RanAsync();
        using (var file = new StreamWriter(folder.In("in/people.csv"), append: true))
        {
            var megabyte = new string('x', 1 << 20);
            await file.WriteAsync("101,\"");
            for (var i = 0; i < 100; i++)
                await file.WriteAsync(megabyte);
            await file.WriteAsync("\",Keller,x@mail.example\n");
        }

        // As text in memory it would be 200 MB.
        (await HubProcess.RunWithinAsync(heapMegabytes: 100, folder.Path, "run")).With(1);
        await AssertBrokenAsync(folder, 1, "failed", "people.csv: the row that begins at line 102 has a value of more than 1,024 KB");
    }

    [Theory]
    [InlineData("", 1, "failed", "people.csv is empty: it has not even a header line")]
    [InlineData("id,first,last,email\n", 3, "stopped", "100 of 100 records are gone from shop/people.csv; 10 may go without being asked (limits.deletePercent). None was removed")]
    [InlineData("id,first,last,e_mail\n1,Anna1,Keller1,anna.1@mail1.example\n", 1, "failed", "people.csv has no column 'email', which pipelines/shop.json reads")]
    [InlineData("number,first,last,email\n1,Anna1,Keller1,anna.1@mail1.example\n", 1, "failed", "people.csv has no column 'id', which pipelines/shop.json reads")]
    [InlineData("1,Anna1,Keller1,anna.1@mail1.example\n2,Anna2,Keller2,anna.2@mail2.example\n", 1, "failed", "people.csv has none of the columns that pipelines/shop.json reads")]
    [InlineData("id,first,last,email\n,Anna1,Keller1,a@mail.example\n", 3, "stopped", "are gone from shop/people.csv")]
    public async Task A_file_that_cannot_be_meant_stops_the_pipeline_and_takes_nobody_away(string csv, int exitCode, string state, string message)
    {
        using var folder = await RanAsync();
        folder.Write("in/people.csv", csv);

        await AssertBrokenAsync(folder, exitCode, state, message);
    }

    [Fact]
    public async Task A_renamed_column_is_told_with_the_nearest_name()
    {
        using var folder = await RanAsync();
        folder.Edit("in/people.csv", "last,email\n", "last,e_mail\n");

        var shop = (await folder.HubAsync("--json", "run")).With(1).Json.Pipelines()["shop"];

        Assert.StartsWith("did you mean 'e_mail'?", shop.GetProperty("fix").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_its_header_shows_nobody_s_data()
    {
        using var folder = await RanAsync();
        folder.Edit("in/people.csv", "id,first,last,email\n", "");

        var run = (await folder.HubAsync("--json", "run")).With(1);

        Assert.DoesNotContain("anna.1@", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_binary_file_is_named_as_what_it_is()
    {
        using var folder = await RanAsync();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "hub.dll"), folder.In("in/people.csv"), overwrite: true);

        await AssertBrokenAsync(folder, 1, "failed", "people.csv is not a text file");
    }

    [Fact]
    public async Task Noise_in_place_of_a_file_takes_nobody_away()
    {
        using var folder = await RanAsync();
        var noise = new byte[200_000];
        new Random(1).NextBytes(noise);
        File.WriteAllBytes(folder.In("in/people.csv"), noise);

        await AssertBrokenAsync(folder, 1, "failed", "people.csv");
    }

    [Fact]
    public async Task A_file_in_another_encoding_than_the_connection_says_stops_before_names_are_spoilt()
    {
        using var folder = await RanAsync();
        folder.Write("connections/shop.json", """{ "connector": "csv", "folder": "in", "encoding": "utf-8" }""");
        File.WriteAllText(folder.In("in/people.csv"), HubFolder.People(People).Replace("Keller", "Kähler", StringComparison.Ordinal), Encoding.Latin1);

        await AssertBrokenAsync(folder, 3, "stopped", "of the first 100 rows of shop/people.csv were rejected; 50% may be (limits.rejectPercent)");
    }

    [Fact]
    public async Task A_file_that_did_not_come_is_missed()
    {
        using var folder = await RanAsync();
        File.Delete(folder.In("in/people.csv"));

        await AssertBrokenAsync(folder, 1, "failed", "There is no file people.csv in in");
    }

    private static async Task<HubFolder> RanAsync()
    {
        var folder = HubFolder.OfPeople(HubFolder.People(People));
        (await folder.HubAsync("run")).With(0);
        return folder;
    }

    private static async Task AssertBrokenAsync(HubFolder folder, int exitCode, string state, string message)
    {
        var targets = folder.Targets();

        var run = (await folder.HubAsync("--json", "run")).With(exitCode).Json;

        var shop = run.Pipelines()["shop"];
        Assert.Equal(state, shop.GetProperty("state").GetString());
        Assert.Contains(message, shop.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(shop.GetProperty("fix").GetString()!);
        Assert.Equal((0, 0), (shop.Count("changed"), shop.Count("deleted")));
        Assert.Equal(targets, folder.Targets());
        await AssertGoesOnAsync(folder);
    }

    /// <summary>With a good file again everybody is where they were.</summary>
    private static async Task AssertGoesOnAsync(HubFolder folder)
    {
        folder.Write("in/people.csv", HubFolder.People(People));
        folder.Write("connections/shop.json", """{ "connector": "csv", "folder": "in" }""");
        var targets = folder.Targets();

        var run = (await folder.HubAsync("--json", "run")).With(0).Json;

        run.AssertAddsUp();
        Assert.Equal((0, 0, People), (run.Pipelines()["shop"].Count("changed"), run.Pipelines()["shop"].Count("deleted"), run.Pipelines()["shop"].Count("unchanged")));
        Assert.Equal(targets, folder.Targets());
        Assert.Equal(People, folder.Read("out/people.csv").TrimEnd().Split('\n').Length - 1);
        Assert.Empty(StoreDump.Faults(folder));
    }
}
