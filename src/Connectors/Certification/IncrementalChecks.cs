using System.Text;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Certification;

/// <summary>Reading only what changed, and going on where a pull stopped.</summary>
internal static class IncrementalChecks
{
    private static readonly TimeSpan s_lag = TimeSpan.FromMinutes(5);

    public static IEnumerable<Check> All { get; } =
    [
        new("I1", CertificationLevel.Bronze, "A pull when nothing changed gives nothing new", NothingNew),
        new("I2", CertificationLevel.Bronze, "All that changed arrives, and what is older than the lag does not", BothBounds),
        new("I3", CertificationLevel.Silver, "A pull can be resumed from every checkpoint", EveryCheckpoint),
        new("I4", CertificationLevel.Silver, "A record that is committed late arrives within the lag", LateCommit),
        new("I5", CertificationLevel.Silver, "Zones, summer time and fractions of a second lose and repeat nothing", Zones),
        new("I6", CertificationLevel.Silver, "A cursor that makes no sense is told of, or the pull begins anew", Nonsense),
        new("I7", CertificationLevel.Silver, "Deleted and merged records show as the declaration says", Gone),
    ];

    private static async Task NothingNew(Stage stage)
    {
        stage.NeedsCursor();
        await stage.System.SeedAsync(60, stage.CancellationToken);
        var first = await stage.PullAsync(stage.Since(null));
        Expect.That(first.Ids.Distinct().Count() == 60, $"a first pull gives {first.Ids.Distinct().Count()} of 60 records");
        Expect.That(first.Cursor is not null, "a whole pull gives no cursor");
        var second = await stage.PullAsync(stage.Since(first.Cursor) with { Lag = s_lag });
        var known = first.Contents.ToHashSet(StringComparer.Ordinal);
        Expect.That(second.Rows.All(row => known.Contains(Pulled.Content(row))), "a second pull gives rows that differ from the first although nothing changed");
        Expect.That(!second.IsComplete || second.Ids.Distinct().Count() == 60, "a pull of changes says that it is complete");
        var third = await stage.PullAsync(stage.Since(second.Cursor ?? first.Cursor) with { Lag = s_lag });
        Expect.That(third.Rows.All(row => known.Contains(Pulled.Content(row))), "a third pull gives rows that differ from the first although nothing changed");
    }

    private static async Task BothBounds(Stage stage)
    {
        stage.NeedsCursor();
        await stage.System.SeedAsync(80, stage.CancellationToken);
        var ids = await stage.IdsAsync();
        var (early, late) = (ids[5..10], ids[30..35]);
        await stage.System.AdvanceAsync(TimeSpan.FromHours(3), stage.CancellationToken);
        await Edit(stage, early, 1);
        await stage.System.AdvanceAsync(TimeSpan.FromSeconds(1), stage.CancellationToken);
        var whole = await stage.PullAsync(stage.Since(null));
        Expect.Has(ids, whole.Ids, "records of the first pull");
        await stage.System.AdvanceAsync(TimeSpan.FromHours(3), stage.CancellationToken);
        await Edit(stage, late, 2);
        await stage.System.AdvanceAsync(TimeSpan.FromSeconds(1), stage.CancellationToken);

        var changed = await stage.PullAsync(stage.Since(whole.Cursor) with { Lag = s_lag });
        Expect.Has(late, changed.Ids, "records that changed since the cursor");
        Expect.That(changed.Records.Where(row => late.Contains(changed.Id(row))).Any(row => row[stage.Stream.EditField.Name].ToText()!.StartsWith(stage.Witness.Canary, StringComparison.Ordinal)), "a changed record arrives as it was before");
        var old = changed.Ids.Except(late).Except(early).ToList();
        Expect.That(old.Count == 0, $"{old.Count} records arrive that are hours older than cursor and lag: the cursor is not heeded");

        // What the last pull gave, and the lag covers, comes again.
        var behind = await stage.PullAsync(stage.Since(whole.Cursor) with { Lag = TimeSpan.FromHours(1) });
        Expect.Has(early.Concat(late), behind.Ids, "records that are not older than cursor and lag");
    }

    private static async Task EveryCheckpoint(Stage stage)
    {
        stage.NeedsCursor();
        await stage.System.SeedAsync(65, stage.CancellationToken);
        var ids = await stage.IdsAsync();
        for (var i = 0; i < 20; i++)
        {
            await stage.EditAsync(ids[i * 3], i);
            await stage.System.AdvanceAsync(TimeSpan.FromSeconds(i % 3), stage.CancellationToken);
        }

        var request = stage.Since(null) with { PageSize = 10 };
        var whole = await stage.PullAsync(request);
        Expect.Has(ids, whole.Ids, "records");
        var rest = int.MaxValue;
        for (var cut = 1; cut <= whole.Pages.Count; cut++)
        {
            var part = whole with { Pages = [.. whole.Pages.Take(cut)] };
            if (whole.Pages[cut - 1].Cursor is not { } cursor)
                continue;
            Expect.That(Encoding.UTF8.GetByteCount(cursor) < 64 * 1024, $"a cursor has {cursor.Length} characters");
            Expect.That(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cursor)) == cursor, "a cursor is not sound text");

            // A connection of its own: what a dead process knew is gone.
            var resumed = await stage.PullAsync(request with { Cursor = cursor });
            Expect.Has(ids, part.Ids.Concat(resumed.Ids), $"records after a cut behind page {cut} of {whole.Pages.Count}");
            var count = resumed.Ids.Distinct().Count();
            Expect.That(count <= rest, $"a pull from the checkpoint of page {cut} gives more than one from an earlier checkpoint");
            rest = count;
        }

        Expect.That(rest < int.MaxValue, "no page has a cursor");
        Expect.That(rest < ids.Count, "a pull from the last checkpoint gives everything again");
    }

    private static async Task LateCommit(Stage stage)
    {
        stage.NeedsCursor();
        await stage.System.SeedAsync(30, stage.CancellationToken);
        var ids = await stage.IdsAsync();
        await stage.System.AdvanceAsync(TimeSpan.FromHours(1), stage.CancellationToken);
        await stage.BreakAsync(new RehearsedFault("late-commit") { Arguments = new Dictionary<string, object> { ["seconds"] = 60 } });
        await stage.EditAsync(ids[3], 77);
        await stage.BreakAsync();
        await stage.System.AdvanceAsync(TimeSpan.FromSeconds(5), stage.CancellationToken);
        await stage.EditAsync(ids[4], 78);
        await stage.System.AdvanceAsync(TimeSpan.FromSeconds(5), stage.CancellationToken);
        var before = await stage.PullAsync(stage.Since(null) with { Lag = s_lag });
        Expect.Has(ids, before.Ids, "records");
        await stage.System.AdvanceAsync(TimeSpan.FromMinutes(2), stage.CancellationToken);
        var after = await stage.PullAsync(stage.Since(before.Cursor) with { Lag = s_lag });
        var row = after.Records.FirstOrDefault(row => after.Id(row) == ids[3]);
        Expect.That(row is not null && row[stage.Stream.EditField.Name].ToText()!.EndsWith(" 77", StringComparison.Ordinal), "a change that was committed late, with a time before the cursor and within the lag, never arrives");
    }

    private static async Task Zones(Stage stage)
    {
        stage.NeedsCursor();
        await stage.System.SeedAsync(20, stage.CancellationToken);
        var ids = await stage.IdsAsync();
        await stage.System.AdvanceAsync(TimeSpan.FromHours(1), stage.CancellationToken);
        await stage.EditAsync(ids[0], 1);
        await stage.System.AdvanceAsync(TimeSpan.FromHours(1), stage.CancellationToken);
        var edit = 0;
        foreach (var zone in new[] { "America/Los_Angeles", "UTC", "Asia/Shanghai", "Europe/Berlin" })
        {
            var connection = await stage.OpenAsync(clock: new ZonedClock(stage.System.Clock, TimeZoneInfo.FindSystemTimeZoneById(zone)));
            var cursor = (await stage.PullAsync(stage.Since(null), connection)).Cursor;
            for (var round = 0; round < 3; round++)
            {
                await stage.System.AdvanceAsync(Until(stage.System.Clock.GetUtcNow(), zone, round), stage.CancellationToken);
                var id = ids[edit++ % ids.Count];
                await stage.EditAsync(id, edit);
                await stage.System.AdvanceAsync(TimeSpan.FromMilliseconds(1), stage.CancellationToken);
                await stage.EditAsync(ids[(edit + 9) % ids.Count], edit);
                await stage.System.AdvanceAsync(TimeSpan.FromSeconds(2), stage.CancellationToken);
                var pulled = await stage.PullAsync(stage.Since(cursor) with { Lag = TimeSpan.FromMinutes(1) }, connection);
                Expect.Has([id, ids[(edit + 9) % ids.Count]], pulled.Ids, $"changes seen by a hub in {zone}");
                Expect.That(pulled.Ids.Distinct().Count() < 6, $"a hub in {zone} is given {pulled.Ids.Distinct().Count()} records though two changed");
                cursor = pulled.Cursor ?? cursor;
            }
        }
    }

    // Into the hour before the next change of summer time, and past it; in a zone without one, half a day.
    private static TimeSpan Until(DateTimeOffset now, string name, int round)
    {
        if (round > 0 || TimeZoneInfo.FindSystemTimeZoneById(name) is not { SupportsDaylightSavingTime: true } zone)
            return TimeSpan.FromMinutes(70);
        for (var ahead = TimeSpan.Zero; ahead < TimeSpan.FromDays(366); ahead += TimeSpan.FromMinutes(30))
        {
            if (zone.GetUtcOffset(now + ahead) != zone.GetUtcOffset(now + ahead + TimeSpan.FromMinutes(30)))
                return ahead - TimeSpan.FromMinutes(20);
        }

        return TimeSpan.FromHours(12);
    }

    private static async Task Nonsense(Stage stage)
    {
        stage.NeedsCursor();
        await stage.System.SeedAsync(20, stage.CancellationToken);
        var ids = await stage.IdsAsync();
        foreach (var cursor in new[] { "", "nonsense", "{}", "[1]", "{\"v\":99}", "{\"after\":7,\"kind\":\"instant\"}", "\u0000", "9999-12-31T23:59:59Z", new('x', 5000) })
        {
            var pulled = await stage.TryPullAsync(stage.Since(cursor), await stage.OpenAsync(clock: stage.Hurried));
            if (pulled.Failure is not null)
                Expect.That(pulled.Failure.Kind == FailureKind.Configuration && pulled.Failure.Fix.Length > 10, $"a senseless cursor fails as {pulled.Failure.Kind}, without saying what to do");
            else
                Expect.Has(ids, pulled.Ids, $"records after a senseless cursor ({cursor.Length} characters)");
        }
    }

    private static async Task Gone(Stage stage)
    {
        if (stage.Deletes == DeleteStrategy.None)
            throw new NotShownException("the connector declares that it never sees what is gone");
        await stage.System.SeedAsync(30, stage.CancellationToken);
        var before = await stage.PullAsync(stage.Since(null));
        await stage.System.AdvanceAsync(TimeSpan.FromMinutes(10), stage.CancellationToken);
        var ids = await stage.IdsAsync();
        await stage.System.DeleteAsync(ids[7], stage.CancellationToken);
        var merged = await stage.TryAsync("a merge", () => stage.System.MergeAsync(ids[8], ids[9], stage.CancellationToken));
        await stage.System.AdvanceAsync(TimeSpan.FromMinutes(10), stage.CancellationToken);
        string[] gone = merged ? [ids[7], ids[9]] : [ids[7]];

        if (stage.Deletes == DeleteStrategy.Reported)
        {
            stage.NeedsCursor();
            var pulled = await stage.PullAsync(stage.Since(before.Cursor) with { Lag = s_lag });
            var reported = pulled.Rows.Where(row => row.IsDelete).ToList();
            Expect.Same(gone.Distinct(), reported.Select(pulled.Id).Distinct(), "records reported as gone");
            if (merged)
                Expect.That(reported.Any(row => pulled.Id(row) == ids[9] && row.AliasOf == ids[8]), "a merged record is reported as gone, but not in favour of which one (AliasOf)");
            return;
        }

        var whole = await stage.PullAsync(stage.Deletes == DeleteStrategy.Swept ? stage.Since(before.Cursor) with { SweepDue = true } : stage.Full);
        Expect.That(whole.Pages.Count > 0 && whole.Pages[^1].CompletesSnapshot, "a look over all records does not end as complete");
        Expect.Same(ids.Except(gone), whole.Rows.Where(row => !row.IsDelete).Select(whole.Id).Distinct(), "records that are still there");
    }

    private static async Task Edit(Stage stage, IEnumerable<string> ids, int n)
    {
        foreach (var id in ids)
            await stage.EditAsync(id, n);
    }
}
