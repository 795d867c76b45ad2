using System.Diagnostics;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Certification;

/// <summary>Reading from a system that is busy, broken, or far away.</summary>
internal static class FailureChecks
{
    // More tries than any policy of ours makes.
    private const int MostCalls = 25;

    private const int MostBudgeted = 250;

    private static readonly int[] s_after = [0, 2];

    public static IEnumerable<Check> All { get; } =
    [
        new("E1", CertificationLevel.Silver, "Refusals for too many requests are heeded; a used-up quota pauses the run with its state", Limits),
        new("E2", CertificationLevel.Bronze, "Broken answers are tried again, a bounded number of times, and never taken for data", BrokenAnswers),
        new("E3", CertificationLevel.Silver, "Tokens end, rotate and are renewed by two at once without a failure; a new one is durable before it is used", Tokens),
        new("E4", CertificationLevel.Silver, "A pull can be stopped at once, leaves nothing running, and memory stays flat", StopAndMemory),
        new("E5", CertificationLevel.Silver, "The limits of the account are kept by all that use it together", Budget),
    ];

    private static async Task Limits(Stage stage)
    {
        await stage.System.SeedAsync(2 * stage.PageSize, stage.CancellationToken);
        var ids = await stage.IdsAsync();
        var shown = 0;
        foreach (var fault in new[]
        {
            new RehearsedFault("limit") { Count = 1, Arguments = Seconds(2) },
            new RehearsedFault("limit") { Count = 1, After = 1, Arguments = Seconds(3) },
            new RehearsedFault("status") { Count = 2, Arguments = new Dictionary<string, object> { ["status"] = 429 } },
        })
        {
            shown += await stage.TryAsync($"{fault.Kind}", async () =>
            {
                await stage.BreakAsync(fault);
                var since = await LastCallAsync(stage);
                var pulled = await stage.TryPullAsync(stage.Full);
                Expect.That(pulled.Failure is null, $"a refusal for too many requests ends the pull: {pulled.Failure?.Message}");
                Expect.Same(ids, pulled.Ids, "records after a refusal for too many requests");
                Expect.That((await stage.System.CountersAsync(stage.CancellationToken)).Violations == 0, "a call is made within the time in which the system asked for quiet");
                if (fault.Kind == "limit" && stage.Stream.RefusalsSayHowLong)
                    await QuietAsync(stage, since, (int)fault.Arguments["seconds"]);
            }) ? 1 : 0;
        }

        shown += await stage.TryAsync("a used-up quota", () => Exhausted(stage, ids)) ? 1 : 0;
        if (shown == 0)
            throw new NotShownException("the system sets no limits");
    }

    private static async Task Exhausted(Stage stage, List<string> ids)
    {
        await stage.BreakAsync(new RehearsedFault("daily-limit") { After = 2 });
        var connection = await stage.OpenAsync(clock: stage.Hurried);
        var request = stage.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.IncrementalPull) ? stage.Since(null) with { PageSize = 20 } : stage.Full;
        var paused = await stage.TryPullAsync(request, connection);
        Expect.That(paused.Failure is not null, "with its quota used up a pull ends as if all were well");
        Expect.That(paused.Failure.PausedUntil is not null, $"with its quota used up a pull fails as {paused.Failure.Kind}, and does not pause until a time");
        Expect.That(!paused.IsComplete, "a pull that was paused says that it is complete");
        await stage.BreakAsync();
        await stage.System.AdvanceAsync(TimeSpan.FromHours(25), stage.CancellationToken);
        var rest = await stage.PullAsync(request with { Cursor = paused.Cursor }, await stage.OpenAsync());
        Expect.Has(ids, paused.Ids.Concat(rest.Ids), "records of a pull that was paused and went on");
    }

    private static async Task<long> LastCallAsync(Stage stage) =>
        await stage.System.CallsAsync(0, stage.CancellationToken) is { Count: > 0 } calls ? calls[^1].N : 0;

    private static async Task QuietAsync(Stage stage, long since, int seconds)
    {
        var calls = await stage.System.CallsAsync(since, stage.CancellationToken);
        var refused = calls.FirstOrDefault(call => call.Fault == "limit");
        Expect.That(refused is not null, "the refusal never came: the rehearsal is at fault");
        // A little less than asked: the log notes when a call came, the refusal was sent just before.
        var next = calls.FirstOrDefault(call => call.N > refused.N);
        Expect.That(next is null || next.At - refused.At >= TimeSpan.FromSeconds(seconds) * 0.95, $"asked for {seconds} s of quiet, the connector calls again after {(next?.At - refused.At)?.TotalSeconds:0.0} s");
    }

    private static async Task BrokenAnswers(Stage stage)
    {
        var shown = 0;
        foreach (var (name, fault) in Broken())
        {
            shown += await stage.TryAsync(name, async () =>
            {
                // Anew each time: systems give so many tokens in a while, and every connection here asks for one.
                await stage.System.SeedAsync(2 * stage.PageSize, stage.CancellationToken);
                var ids = await stage.IdsAsync();
                foreach (var after in s_after)
                {
                    // A while later: systems limit how often one may sign in.
                    await stage.System.AdvanceAsync(TimeSpan.FromMinutes(1), stage.CancellationToken);
                    await stage.BreakAsync(fault with { Count = 1, After = after });
                    var once = await stage.TryPullAsync(stage.Full, await stage.OpenAsync(clock: stage.Hurried));
                    Expect.That(once.Failure is null, $"{name}, once, ends the pull: {once.Failure?.Message}");
                    Expect.Same(ids, once.Ids, $"records after {name}");
                }
            }) ? 1 : 0;
        }

        foreach (var (name, fault) in Broken().Where(each => each.Fault.Kind is not ("slow" or "drip")))
        {
            shown += await stage.TryAsync($"{name}, always", async () =>
            {
                await stage.System.SeedAsync(2 * stage.PageSize, stage.CancellationToken);
                await stage.System.AdvanceAsync(TimeSpan.FromMinutes(1), stage.CancellationToken);
                await stage.BreakAsync(fault);
                var before = (await stage.System.CountersAsync(stage.CancellationToken)).Calls;
                var watch = Stopwatch.StartNew();
                var always = await stage.TryPullAsync(stage.Full, await stage.OpenAsync(clock: stage.Hurried));
                var calls = (await stage.System.CountersAsync(stage.CancellationToken)).Calls - before;
                Expect.That(always.Failure is not null && !always.IsComplete || always.Rows.Any(row => row.Fault is not null), $"with {name}, always, a pull ends as if all were well");
                Expect.That(always.Failure is null or { Kind: FailureKind.Transient } || fault.Kind is "html" or "truncate", $"{name}, always, is reported as {always.Failure?.Kind}");
                Expect.That(calls <= MostCalls, $"{name}, always, is tried {calls} times");
                Expect.That(always.Failure is null || always.Failure.Fix.Length > 10, $"{name}, always: the failure does not say what to do");
            }) ? 1 : 0;
        }

        if (shown == 0)
            throw new NotShownException("the system shows no broken answers");
    }

    private static IEnumerable<(string Name, RehearsedFault Fault)> Broken() =>
    [
        ("status 500", new("status") { Arguments = new Dictionary<string, object> { ["status"] = 500 } }),
        ("status 503", new("status") { Arguments = new Dictionary<string, object> { ["status"] = 503 } }),
        ("a lost connection", new("reset")),
        ("a slow answer", new("slow") { Arguments = new Dictionary<string, object> { ["ms"] = 300 } }),
        ("an answer in drops", new("drip") { Arguments = new Dictionary<string, object> { ["ms"] = 5, ["bytes"] = 2_000 } }),
        ("a cut-off answer", new("truncate")),
        ("an HTML page", new("html")),
        ("a broken compression", new("bad-gzip")),
    ];

    private static async Task Tokens(Stage stage)
    {
        await stage.System.SeedAsync(3 * stage.PageSize, stage.CancellationToken);
        var ids = await stage.IdsAsync();
        var shown = await stage.TryAsync("an expired token", async () =>
        {
            var connection = await stage.OpenAsync();
            var pulled = await stage.TryPullAsync(stage.Full with { PageSize = 20 }, connection, page => page == 1 ? stage.BreakAsync(new RehearsedFault("expire-token") { Count = 1 }) : Task.CompletedTask);
            Expect.That(pulled.Failure is null, $"a token that ends in the middle ends the pull: {pulled.Failure?.Message}");
            Expect.Same(ids, pulled.Ids, "records although the token ended in the middle");
            await stage.BreakAsync(new RehearsedFault("expire-token") { Count = 1 });
            Expect.Same(ids, (await stage.PullAsync(stage.Full, connection)).Ids, "records although the token ended between two pulls");
        });

        shown |= await stage.TryAsync("rotated refresh tokens", async () =>
        {
            await stage.System.SeedAsync(2 * stage.PageSize, stage.CancellationToken);
            await stage.BreakAsync(new RehearsedFault("rotate-refresh"));
            var memory = new WatchedMemory(stage.Witness);
            var used = 0L;
            memory.DuringSecretWrite = async () =>
            {
                // Until this has ended the token is not durable: a call made now would be lost with the process.
                var before = (await stage.System.CountersAsync(stage.CancellationToken)).Calls;
                await Task.Delay(stage.Options.HoldUp, TimeProvider.System, stage.CancellationToken);
                used += (await stage.System.CountersAsync(stage.CancellationToken)).Calls - before;
            };
            await stage.PullAsync(stage.Full, await stage.OpenAsync(memory: memory));
            Expect.That(used == 0, "a rotated token is used before it is durable");
            memory.DuringSecretWrite = null;
            for (var round = 0; round < 3; round++)
            {
                await stage.BreakAsync(new RehearsedFault("rotate-refresh"), new RehearsedFault("expire-token") { Count = 1 });
                var both = await Task.WhenAll((await Task.WhenAll(stage.OpenAsync(memory: memory), stage.OpenAsync(memory: memory))).Select(connection => stage.TryPullAsync(stage.Full, connection)));
                Expect.That(both.All(pulled => pulled.Failure is null), $"two that renew a single-use token at once spoil it for each other: {both.FirstOrDefault(pulled => pulled.Failure is not null)?.Failure?.Message}");
            }
        });
        if (!shown)
            throw new NotShownException("the system has no tokens that end");
    }

    private static async Task StopAndMemory(Stage stage)
    {
        await stage.System.SeedAsync(stage.Options.MemoryRows, stage.CancellationToken);
        var connection = await stage.OpenAsync();
        await StopAsync(stage, connection, 3);
        await stage.TryAsync("a stop while waiting", async () =>
        {
            await stage.BreakAsync(new RehearsedFault("slow") { Arguments = new Dictionary<string, object> { ["ms"] = 20_000 } });
            await StopAsync(stage, await stage.OpenAsync(), 0);
            await stage.BreakAsync();
        });
        await foreach (var page in stage.PagesAsync(stage.Full, connection, stage.CancellationToken))
            break;
        await Task.Delay(stage.Options.HoldUp, TimeProvider.System, stage.CancellationToken);
        var calls = await LastCallAsync(stage);
        await Task.Delay(stage.Options.HoldUp, TimeProvider.System, stage.CancellationToken);
        Expect.That(await LastCallAsync(stage) == calls, "calls go on although nobody reads any more");

        // Counted by weak references: the size of the heap belongs to everything else as well.
        var given = new List<WeakReference>();
        var rows = 0;
        var most = 0;
        await foreach (var page in stage.PagesAsync(stage.Full, connection, stage.CancellationToken))
        {
            rows += page.Rows.Count;
            given.Add(new WeakReference(page.Rows));
            if (given.Count % 50 != 0)
                continue;
            GC.Collect();
            most = Math.Max(most, given.Count(each => each.IsAlive));
        }

        Expect.That(rows == stage.Options.MemoryRows, $"{rows} of {stage.Options.MemoryRows} rows arrive");
        Expect.That(given.Count >= 50, "the pages are too few to tell whether memory stays flat");
        Expect.That(most <= 12, $"{most} pages of {given.Count} are still in memory although they have been given");
        stage.Notes.Add($"{rows:N0} rows, {most} pages in memory at most");
    }

    private static async Task StopAsync(Stage stage, IConnection connection, int pages)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stage.CancellationToken);
        var watch = new Stopwatch();
        var pull = Task.Run(
            async () =>
            {
                var seen = 0;
                await foreach (var page in stage.PagesAsync(stage.Full with { PageSize = 10 }, connection, stop.Token))
                {
                    if (++seen != pages)
                        continue;
                    watch.Start();
                    await stop.CancelAsync();
                }
            },
            stage.CancellationToken);
        if (pages == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, stage.CancellationToken);
            watch.Start();
            await stop.CancelAsync();
        }

        try
        {
            await pull.WaitAsync(stage.Options.StopWithin + TimeSpan.FromSeconds(pages == 0 ? 1 : 30), TimeProvider.System, stage.CancellationToken);
            throw new CheckFailedException("a pull that was stopped goes on to its end");
        }
        catch (TimeoutException)
        {
            throw new CheckFailedException("a pull that was stopped does not end");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !stage.CancellationToken.IsCancellationRequested)
        {
            Expect.That(watch.Elapsed < stage.Options.StopWithin, $"a pull that was stopped ends only after {watch.Elapsed.TotalSeconds:0.0} s");
        }
    }

    private static async Task Budget(Stage stage)
    {
        if (stage.Connector.Declaration.Limits is { RequestsPerWindow: null, Concurrency: null, PerDay: null })
            throw new NotShownException("the system sets no limits");
        // Enough calls to use up a window several times over, and no more: here every limit is waited for.
        await stage.System.SeedAsync(Math.Min(5 * stage.PageSize, MostBudgeted), stage.CancellationToken);
        var ids = await stage.IdsAsync();
        var memory = new WatchedMemory(stage.Witness);
        var takes = stage.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Push);
        var work = new List<Task>();
        for (var worker = 0; worker < 4; worker++)
        {
            var (connection, first) = (await stage.OpenAsync(memory: memory), worker * 1000);
            work.Add(Task.Run(async () =>
            {
                for (var round = 0; round < 3; round++)
                    Expect.Has(ids, (await stage.PullAsync(stage.Full with { PageSize = 10 }, connection)).Ids, "records read by several at once");
                if (takes)
                    (await stage.PushAsync([.. Enumerable.Range(1, 10).Select(n => stage.Create(n, first + n))], connection)).AllDone(10);
            }, stage.CancellationToken));
        }

        await Task.WhenAll(work);
        var counters = await stage.System.CountersAsync(stage.CancellationToken);
        Expect.That(counters.Violations == 0, $"{counters.Violations} of {counters.Calls} calls are over a limit of the account");
        stage.Notes.Add($"{counters.Calls} calls by four at once, none over a limit");
    }

    private static Dictionary<string, object> Seconds(int seconds) => new() { ["seconds"] = seconds };
}
