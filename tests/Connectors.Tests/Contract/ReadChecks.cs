using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Tests.Contract;

/// <summary>What the hub relies on when it reads. Each check can be run against a mutant, which must fail it.</summary>
internal static class ReadChecks
{
    /// <summary>C2: a check writes nothing.</summary>
    public static async Task Check_writes_nothing(ContractSubject subject)
    {
        subject.Put(Customer.Many(3));
        var before = subject.FolderState();
        var lines = await subject.Connection.CheckAsync(TestContext.Current.CancellationToken);
        Assert.All(lines, line => Assert.True(line.Passed, line.Message));
        Assert.Equal(before, subject.FolderState());
    }

    /// <summary>D1: two discoveries give the same, with types and the key first.</summary>
    public static async Task Discovery_is_deterministic(ContractSubject subject)
    {
        subject.Put(Customer.Many(50));
        var first = await DiscoverAsync(subject);
        var second = await DiscoverAsync(subject);
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(first), System.Text.Json.JsonSerializer.Serialize(second));
        var stream = Assert.Single(first);
        Assert.Equal(["id", "name", "modified"], stream.Fields.Select(field => field.Name));
        Assert.Equal([StreamFieldType.Text, StreamFieldType.Text, StreamFieldType.Instant], stream.Fields.Select(field => field.Type));
        Assert.Equal("id", stream.KeyCandidates[0]);
        Assert.Equal(50, stream.ApproximateCount);
        Assert.All(stream.Fields, field => Assert.Equal((1.0, 5), (field.FillRate!.Value, field.Examples.Count)));
    }

    /// <summary>R1: every record arrives as it is, once.</summary>
    public static async Task Records_arrive_as_they_are(ContractSubject subject)
    {
        Customer[] odd =
        [
            new("1", "O'Brien, \"Pat\"", "2024-01-01T00:00:00Z"),
            new("2", "张伟 𠮷野家 😀", "2024-01-02T00:00:00Z"),
            new("3", "line\nbreak", "2024-01-03T00:00:00Z"),
            new("4", new string('é', 20_000), "2024-01-04T00:00:00Z"),
            new("005", "00123", "2024-01-05T00:00:00Z"),
            new("6", "=SUM(A1:A9)", "2024-01-06T00:00:00Z"),
        ];
        var rows = await subject.PullAsync(new PullRequest(subject.Put(odd)));
        Assert.Equal(odd, rows);
    }

    /// <summary>R2: any number of records around the page size.</summary>
    public static async Task Pages_hold_any_number_of_records(ContractSubject subject)
    {
        foreach (var count in new[] { 1, 9, 10, 11, 35 })
        {
            var expected = Customer.Many(count);
            var pages = await subject.Connection.PagesAsync(new PullRequest(subject.Put(expected)) { PageSize = 10 });
            Assert.All(pages, page => Assert.True(page.Rows.Count <= 10));
            Assert.Equal(expected, ContractSubject.Read(pages));
        }
    }

    /// <summary>R4: a full pull twice gives the same, and only its last page says that it is all.</summary>
    public static async Task Only_the_last_page_completes_the_snapshot(ContractSubject subject)
    {
        var request = new PullRequest(subject.Put(Customer.Many(25))) { PageSize = 10 };
        var first = await subject.Connection.PagesAsync(request);
        Assert.Equal(ContractSubject.Read(first), await subject.PullAsync(request));
        Assert.All(first.SkipLast(1), page => Assert.False(page.CompletesSnapshot));
        Assert.True(first[^1].CompletesSnapshot);
        Assert.Equal(25, first.Sum(page => page.Rows.Count));
    }

    /// <summary>I1 and I2: with a cursor all that changed arrives, what is older than the lag does not, and the mark grows.</summary>
    public static async Task A_cursor_bounds_what_arrives_on_both_sides(ContractSubject subject)
    {
        var all = Customer.Many(600);
        var request = new PullRequest(subject.Put(all)) { CursorField = "modified", KeyField = "id", PageSize = 100, Lag = TimeSpan.FromMinutes(5) };
        var pages = await subject.Connection.PagesAsync(request);
        Assert.Equal(600, pages.Sum(page => page.Rows.Count));
        Assert.DoesNotContain(pages, page => page.CompletesSnapshot);
        var cursor = pages[^1].Cursor;
        Assert.NotNull(cursor);
        Assert.True(cursor.Length < 1024);

        Assert.Equal(all.Skip(594), await subject.PullAsync(request with { Cursor = cursor }));
        Assert.Equal(all.Skip(599), await subject.PullAsync(request with { Cursor = cursor, Lag = TimeSpan.Zero }));
        Customer[] later = [.. all.Select((customer, i) => i == 3 ? customer with { Name = "Changed", Modified = "2024-05-02T00:00:00Z" } : customer), Customer.Number(700)];
        subject.Put(later);
        var changed = await subject.PullAsync(request with { Cursor = cursor });
        Assert.Contains(later[3], changed);
        Assert.Contains(later[^1], changed);
        Assert.Equal(8, changed.Count);
    }

    /// <summary>I3: from every checkpoint both halves together are the whole.</summary>
    public static async Task A_pull_resumes_from_every_checkpoint(ContractSubject subject)
    {
        var all = Customer.Many(60).Reverse().ToList();
        var request = new PullRequest(subject.Put(all)) { CursorField = "modified", KeyField = "id", PageSize = 10 };
        var pages = await subject.Connection.PagesAsync(request);
        for (var cut = 1; cut <= pages.Count; cut++)
        {
            var saved = pages[..cut].LastOrDefault(page => page.Cursor is not null)?.Cursor;
            var rest = await subject.PullAsync(request with { Cursor = saved });
            Assert.Empty(all.Except(ContractSubject.Read(pages[..cut]).Concat(rest)));
        }
    }

    /// <summary>I6: a cursor that makes no sense loses nothing.</summary>
    public static async Task A_senseless_cursor_starts_over(ContractSubject subject)
    {
        var all = Customer.Many(20);
        var request = new PullRequest(subject.Put(all)) { CursorField = "modified", KeyField = "id" };
        foreach (var cursor in new[] { "", "nonsense", "{}", "[1]", "{\"kind\":\"instant\",\"after\":7}", "{\"kind\":\"instant\",\"after\":\"9999-12-31T00:00:00Z\"}", "{\"kind\":\"number\",\"after\":\"5\"}" })
        {
            var pages = await subject.Connection.PagesAsync(request with { Cursor = cursor });
            Assert.Equal(all, ContractSubject.Read(pages));
            Assert.NotEmpty(pages.SelectMany(page => page.Notes));
        }
    }

    /// <summary>L1: what people put into records stays out of notes, messages and cursors.</summary>
    public static async Task Messages_hold_no_personal_data(ContractSubject subject, string? cursorField)
    {
        const string canary = "Kanarienvogel";
        var stream = subject.Put([new("1", canary, "2024-01-01T00:00:00Z"), new("2", canary, canary)]);
        var pages = await subject.Connection.PagesAsync(new PullRequest(stream) { CursorField = cursorField, KeyField = "id" });
        Assert.Equal(2, pages.Sum(page => page.Rows.Count));
        var said = pages.SelectMany(page => page.Notes.Append(page.Cursor ?? ""))
            .Concat((await subject.Connection.CheckAsync(TestContext.Current.CancellationToken)).Select(line => line.Message))
            .Concat((await DiscoverAsync(subject)).SelectMany(described => described.Notes.Append(described.Problem ?? "")));
        Assert.DoesNotContain(said, text => text.Contains(canary, StringComparison.Ordinal));
    }

    /// <summary>E4: memory does not grow with the number of rows: pages that were consumed are let go of, and few are read ahead.</summary>
    public static async Task Memory_is_flat(ContractSubject subject, int rows)
    {
        // Counted by weak references: the size of the heap belongs to all tests that run at the same time.
        var stream = subject.Put(Enumerable.Range(0, rows).Select(Customer.Number));
        var given = new List<WeakReference>();
        long count = 0;
        await foreach (var page in subject.Connection.PullAsync(new PullRequest(stream), TestContext.Current.CancellationToken))
        {
            count += page.Rows.Count;
            given.Add(new WeakReference(page.Rows));
            if (given.Count % 80 != 0)
                continue;
            GC.Collect();
            Assert.InRange(given.Count(rows => rows.IsAlive), 0, 4);
        }

        Assert.Equal(rows, count);
        Assert.True(given.Count >= 80, "too few pages to tell");
    }

    /// <summary>E4: a pull that is cancelled ends at once, and one that is left early leaves nothing running.</summary>
    public static async Task A_pull_can_be_cancelled(ContractSubject subject)
    {
        var stream = subject.Put(Customer.Many(20_000));
        using var stop = new CancellationTokenSource();
        var pages = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var page in subject.Connection.PullAsync(new PullRequest(stream) { PageSize = 10 }, stop.Token))
            {
                if (++pages == 3)
                    await stop.CancelAsync();
            }
        });
        Assert.InRange(pages, 3, 10);

        await foreach (var page in subject.Connection.PullAsync(new PullRequest(stream) { PageSize = 10 }, TestContext.Current.CancellationToken))
            break;
        // On Windows an open handle would stop this.
        subject.Put([]);
    }

    public static async Task<List<StreamDescription>> DiscoverAsync(ContractSubject subject)
    {
        var streams = new List<StreamDescription>();
        await foreach (var stream in subject.Connection.DiscoverAsync(null, TestContext.Current.CancellationToken))
            streams.Add(stream);
        return streams;
    }
}
