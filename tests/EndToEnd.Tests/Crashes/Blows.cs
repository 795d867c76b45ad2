using System.Globalization;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Crashes;

/// <summary>
/// kill -9 at many moments: after each the store is consistent, and the runs that follow end exactly where one that nobody
/// disturbed ends; the store fact by fact, the targets byte by byte. The moments are drawn from a seed, and spread so that
/// reading, matching, merging and pushing all have their turn.
/// </summary>
internal static class Blows
{
    /// <summary>
    /// Blow after blow. Each try has the program's start behind it and at most its share of the whole work before it, so that
    /// the tries together come through all of it and none comes too late.
    /// </summary>
    public static async Task<string> FallAsync(TimeSpan start, HubFolder folder, int seed, int blows, TimeSpan took, params string[] arguments)
    {
        var random = new Random(seed);
        var moments = new List<string>();
        for (var blow = 0; blow < blows; blow++)
        {
            var moment = start + ((took - start) * random.NextDouble() * 1.5 / blows);
            using var hub = folder.Start(arguments);
            await Task.Delay(moment);
            var late = hub.HasEnded;
            hub.Kill();
            await hub.EndAsync();
            moments.Add(string.Create(CultureInfo.InvariantCulture, $"{moment.TotalMilliseconds:0} ms{(late ? " (too late)" : "")}{Examine(folder)}"));
        }

        var killed = $"killed after {string.Join(", ", moments)}";
        TestContext.Current.TestOutputHelper?.WriteLine(killed);
        return killed;
    }

    /// <summary>One more run, and nothing shows that there was anything.</summary>
    public static async Task AssertHealedAsync(HubFolder folder, HubFolder undisturbed, string killed)
    {
        var last = (await folder.HubAsync("--json", "run")).With(0).Json;

        last.AssertAddsUp();
        Assert.Empty(StoreDump.Faults(folder));
        StoreDump.AssertSame(StoreDump.Of(undisturbed), StoreDump.Of(folder), killed);
        foreach (var (name, (bytes, _)) in undisturbed.Targets())
            Assert.True(bytes == folder.Targets()[name].Bytes, $"{name} differs, {killed}");
        Assert.Equal(undisturbed.Targets().Keys, folder.Targets().Keys);

        var quiet = (await folder.HubAsync("--json", "run")).With(0).Json;
        Assert.Equal(0, quiet.Effects());
    }

    /// <summary>How far it had come. Looks at a copy: opening the store itself would repair what the next run has to.</summary>
    public static string Examine(HubFolder folder)
    {
        if (!folder.HasStore)
            return "";
        if (folder.Schema is not null)
            return Seen(folder);
        using var copy = folder.Copy();
        return StoreDump.Count(copy, "sqlite_schema") == 0 ? "" : Seen(copy);
    }

    private static string Seen(HubFolder copy)
    {
        Assert.Empty(StoreDump.Faults(copy));
        return string.Create(
            CultureInfo.InvariantCulture,
            $" ({StoreDump.Count(copy, "source_record")} records, {StoreDump.Count(copy, "pending")} to be matched, {StoreDump.Count(copy, "delivery")} delivered)");
    }
}
