using System.Globalization;
using System.Text;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Crashes;

/// <summary>Many real processes want to write to one store at the same time, each with customers of its own and some that others bring, too.</summary>
public sealed class ManyAtOnceTests
{
    private const int Sources = 7;
    private const int RowsEach = 120;

    [Fact]
    public Task On_SQLite_no_customer_is_made_twice() => CheckAsync(HubOfMany(), HubOfMany());

    [Fact]
    public Task On_PostgreSQL_no_customer_is_made_twice() => CheckAsync(HubOfMany().OnPostgreSql(), HubOfMany().OnPostgreSql());

    [Fact]
    public async Task Who_does_not_want_to_wait_is_told_who_is_at_work()
    {
        using var folder = HubOfMany().OnPostgreSql();
        (await folder.HubAsync("run", "source1")).With(0);
        using var session = folder.Schema!.Open();
        using (var command = new Npgsql.NpgsqlCommand("select pg_advisory_lock(6845794, hashtext(current_schema()::text))", session))
            command.ExecuteNonQuery();

        var refused = (await folder.HubAsync("--json", "run", "--wait", "1")).With(1);

        Assert.Contains("another hub is at work on this store", refused.Error, StringComparison.Ordinal);
    }

    private static async Task CheckAsync(HubFolder many, HubFolder one)
    {
        using var _ = many;
        using var __ = one;
        HubProcess[] hubs = [.. Enumerable.Range(1, Sources).Select(source => many.Start("--json", "run", "--wait", "110", $"source{source}"))];
        foreach (var hub in hubs)
        {
            using (hub)
                (await hub.EndAsync()).With(0).Json.AssertAddsUp();
        }

        (await one.HubAsync("--json", "run")).With(0);

        Assert.Empty(StoreDump.Faults(many));
        Assert.Equal(Clusters(one), Clusters(many));
        Assert.Equal(0, (await many.HubAsync("--json", "run")).With(0).Json.Effects());
    }

    // Which records are together, whatever number they got.
    private static IEnumerable<string> Clusters(HubFolder folder) =>
        StoreDump.Of(folder).Where(fact => fact.StartsWith("member | ", StringComparison.Ordinal))
            .Select(fact => fact.Split(" | "))
            .GroupBy(fact => fact[1], fact => fact[2])
            .Select(group => string.Join(' ', group.Order(StringComparer.Ordinal)))
            .Order(StringComparer.Ordinal);

    private static HubFolder HubOfMany()
    {
        var folder = HubFolder.Empty();
        folder.Write("hub.json", "{}");
        folder.Write("connections/files.json", """{ "connector": "csv", "folder": "in" }""");
        for (var source = 1; source <= Sources; source++)
        {
            folder.Write($"pipelines/source{source}.json", $$"""
                {
                  "from": { "connection": "files", "stream": "source{{source}}.csv", "key": "id" },
                  "entity": "customer",
                  "map": { "name.given": "first", "name.family": "last", "email": "email | email" }
                }
                """);
            var csv = new StringBuilder("id,first,last,email\n");
            for (var row = 0; row < RowsEach; row++)
            {
                // A third of them are everybody's, a third a neighbour's.
                var person = row % 3 == 0 ? row : row % 3 == 1 ? (source / 2 * 1000) + row : (source * 1000) + row;
                csv.Append(CultureInfo.InvariantCulture, $"s{source}-{row},{Letters(person)}anna,{Letters(person * 7)}keller,{Letters(person)}.{person}@mail{person % 50}.example\n");
            }

            folder.Write($"in/source{source}.csv", csv.ToString());
        }

        return folder;
    }

    private static string Letters(int number) => string.Concat($"{number}".Select(digit => (char)('a' + digit - '0')));
}
