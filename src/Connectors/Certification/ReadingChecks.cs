using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>Reading a stream from its beginning to its end.</summary>
internal static class ReadingChecks
{
    public static IEnumerable<Check> All { get; } =
    [
        new("R1", CertificationLevel.Bronze, "Every record arrives once and as it is", Records),
        new("R2", CertificationLevel.Bronze, "Any number of records around the page size arrives", Paging),
        new("R3", CertificationLevel.Silver, "Nothing is lost when records change while they are read", Changing),
        new("R4", CertificationLevel.Bronze, "Reading twice gives the same, and a pull that was cut off never counts as complete", Completeness),
    ];

    private static async Task Records(Stage stage)
    {
        await stage.System.SeedAsync(40, stage.CancellationToken);
        var field = stage.Stream.EditField;
        string[] odd = ["O'Brien, \"Pat\"; <b>", "张伟 𠮷野家 😀", "Grüße, Łódź, Ελλάδα", "00123", "=SUM(A1:A9)", new('é', Math.Min(field.MaxLength ?? 2000, 2000))];
        for (var i = 0; i < odd.Length; i++)
        {
            var values = new Dictionary<string, Value>(stage.UserValues(i)) { [field.Name] = odd[i] };
            await stage.System.CreateAsync(values, stage.CancellationToken);
        }

        var expected = await stage.System.RecordsAsync(stage.CancellationToken);
        var pulled = await stage.PullAsync(stage.Full);
        Expect.That(pulled.Rows.All(row => row.Fault is null), "a sound record comes as a faulty row");
        Expect.Same(expected.Select(record => record.Id), pulled.Ids, "records by their ids");
        var rows = pulled.Records.ToDictionary(pulled.Id);
        var readable = stage.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Discover)
            ? (await stage.DiscoverAsync(stage.Stream.Name)).Single().Fields.Where(each => each.Readable).Select(each => each.Name).ToHashSet(StringComparer.Ordinal)
            : stage.WrittenFields.ToHashSet(StringComparer.Ordinal);
        foreach (var record in expected)
        {
            foreach (var (name, value) in record.Values.Where(each => readable.Contains(each.Key)))
                Expect.That(Resemblance.Same(value, rows[record.Id][name]), $"{name} of record {record.Id} is {value.Kind} in the system, and a different {rows[record.Id][name].Kind} in its row");
        }

        Expect.That(readable.All(name => rows.Values.Any(row => row.Shape.Find(name) >= 0)), "a field that was discovered is in no row");
        var some = await stage.PullAsync(stage.Full with { Fields = [field.Name] });
        Expect.Same(pulled.Records.Select(row => $"{pulled.Id(row)}={row[field.Name]}"), some.Records.Select(row => $"{some.Id(row)}={row[field.Name]}"), "records, when only one field is asked for");
    }

    private static async Task Paging(Stage stage)
    {
        var page = stage.PageSize;
        List<int> counts = [0, 1, page - 1, page, page + 1, 3 * page + 1];
        if (stage.Stream.PagingLimit > 0)
            counts.Add(stage.Stream.PagingLimit + page + 1);
        foreach (var count in counts)
        {
            // Seeded at once: many records of the same age.
            await stage.System.SeedAsync(count, stage.CancellationToken);
            var expected = await stage.IdsAsync();
            Expect.That(expected.Count == count, $"the system was to hold {count} records and holds {expected.Count}: the rehearsal is at fault");
            Expect.Same(expected, (await stage.PullAsync(stage.Full)).Ids, $"records of {count}");
        }

        await stage.System.SeedAsync(page + 1, stage.CancellationToken);
        Expect.Same(await stage.IdsAsync(), (await stage.PullAsync(stage.Full with { PageSize = 7 })).Ids, "records in pages of 7");
    }

    private static async Task Changing(Stage stage)
    {
        await stage.System.SeedAsync(4 * stage.PageSize, stage.CancellationToken);
        await stage.TryAsync("changes of its own while paging", () => stage.BreakAsync(new RehearsedFault("mutate-while-paging")));
        var ids = await stage.IdsAsync();
        var (edited, deleted) = (new HashSet<string>(), new HashSet<string>());
        var pulled = await stage.TryPullAsync(stage.Full, afterPage: async page =>
        {
            if (page > 3)
                return;
            var now = await stage.IdsAsync();
            // From the front and from the back, so that offsets shift whichever way it reads.
            foreach (var id in now.Take(3).Concat(now.TakeLast(3)))
            {
                await stage.System.DeleteAsync(id, stage.CancellationToken);
                deleted.Add(id);
            }

            edited.Add(now[now.Count / 2]);
            await stage.EditAsync(now[now.Count / 2], page);
            await stage.System.CreateAsync(stage.UserValues(1000 + page), stage.CancellationToken);
        });
        if (pulled.Failure is not null)
        {
            Expect.That(pulled.Failure.Kind == FailureKind.Transient && !pulled.IsComplete, $"a change while reading ends the pull as {pulled.Failure.Kind}");
            stage.Notes.Add("a change while reading ends the pull, which is then done again");
            return;
        }

        var still = (await stage.IdsAsync()).ToHashSet(StringComparer.Ordinal);
        Expect.Has(ids.Where(id => still.Contains(id) && !deleted.Contains(id)), pulled.Ids, "records that were there all the time");
        foreach (var twice in pulled.Records.GroupBy(pulled.Id).Where(group => group.Count() > 1))
            Expect.That(twice.Select(Pulled.Content).Distinct().Count() == twice.Count(), $"record {twice.Key}, which did not change in between, is given twice");
    }

    private static async Task Completeness(Stage stage)
    {
        await stage.System.SeedAsync(2 * stage.PageSize + 3, stage.CancellationToken);
        var before = (await stage.System.CountersAsync(stage.CancellationToken)).Calls;
        var first = await stage.PullAsync(stage.Full);
        var calls = (await stage.System.CountersAsync(stage.CancellationToken)).Calls - before;
        Expect.Same(first.Contents, (await stage.PullAsync(stage.Full)).Contents, "rows of a second pull");
        Expect.That(first.Pages.SkipLast(1).All(page => !page.CompletesSnapshot), "a page that is not the last one says that the pull is complete");
        if (stage.Deletes is DeleteStrategy.AbsentFromSnapshot or DeleteStrategy.Swept)
        {
            var whole = stage.Deletes == DeleteStrategy.Swept ? await stage.PullAsync(stage.Full with { SweepDue = true }) : first;
            Expect.That(whole.Pages.Count > 0 && whole.Pages[^1].CompletesSnapshot, "the last page of a whole pull does not say that it is complete");
        }

        await stage.TryAsync("a page that is cut off", async () =>
        {
            foreach (var after in new[] { 0, Math.Max(0, (int)calls - 1) })
            {
                await stage.BreakAsync(new RehearsedFault("truncate") { After = after });
                var cut = await stage.TryPullAsync(stage.Full, await stage.OpenAsync(clock: stage.Hurried));
                var faulty = cut.Rows.Any(row => row.Fault is not null);
                Expect.That(cut.Failure is not null || faulty, "a pull whose data was cut off ends as if all were well");
                Expect.That(!cut.IsComplete && cut.Pages.All(page => page.Receipt is null), "a pull whose data was cut off says that it is complete");
            }
        });
    }
}
