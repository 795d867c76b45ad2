using System.Text.RegularExpressions;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Customers;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Cli;

/// <summary>How a check went.</summary>
internal enum Verdict
{
    /// <summary>In order.</summary>
    Ok,

    /// <summary>Works, but somebody should look.</summary>
    Warn,

    /// <summary>Does not work.</summary>
    Fail,
}

/// <summary>One thing looked at.</summary>
/// <param name="Subject">What.</param>
/// <param name="Verdict">How it is.</param>
/// <param name="Message">What was found.</param>
/// <param name="Fix">What to do, or null.</param>
internal sealed record Finding(string Subject, Verdict Verdict, string Message, string? Fix = null);

/// <summary>Looks at a hub from all sides without changing it.</summary>
/// <param name="hubFolder">The hub folder.</param>
/// <param name="read">Reads the configuration with its mistakes.</param>
/// <param name="secrets">Masks secrets.</param>
/// <param name="clock">The time.</param>
internal sealed partial class Examination(string hubFolder, Func<LoadedConfiguration> read, SecretRedactor secrets, TimeProvider clock)
{
    private const long LeastFreeBytes = 1L << 30;
    private const int OldQuarantineDays = 14;
    private const int MostSuspicious = 10;
    private const int MostNamed = 5;

    private readonly List<Finding> _findings = [];

    /// <summary>Everything found.</summary>
    public IReadOnlyList<Finding> All()
    {
        Folder();
        if (!File.Exists(Path.Combine(hubFolder, ConfigurationLoader.HubFile)))
            return _findings;
        Configuration();
        var settings = Settings();
        Clock(settings);
        if (settings is not null)
            Store(settings);
        return _findings;
    }

    private void Ok(string subject, string message) => _findings.Add(new(subject, Verdict.Ok, message));

    private void Warn(string subject, string message, string fix) => _findings.Add(new(subject, Verdict.Warn, message, fix));

    private void Fail(string subject, string message, string? fix) => _findings.Add(new(subject, Verdict.Fail, message, fix));

    private void Folder()
    {
        if (!File.Exists(Path.Combine(hubFolder, ConfigurationLoader.HubFile)))
        {
            Fail("folder", $"{hubFolder} has no hub.json", "name the hub folder with --hub DIR, or make one with `hub init`");
            return;
        }

        try
        {
            var probe = Path.Combine(hubFolder, $".doctor-{Guid.NewGuid():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            Ok("folder", $"{hubFolder} can be read and written");
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            Fail("folder", $"{hubFolder} cannot be written: {exception.Message}", $"give the account '{Environment.UserName}' the right to write there");
        }

        var drive = new DriveInfo(hubFolder);
        var free = Invariant($"{drive.AvailableFreeSpace / 1e9:N1} GB free of {drive.TotalSize / 1e9:N1} GB");
        if (drive.AvailableFreeSpace < LeastFreeBytes)
            Warn("disk", free, "free some space: a run stops, and loses nothing, when the disk is full");
        else
            Ok("disk", free);
    }

    private void Configuration()
    {
        var loaded = read();
        if (loaded.Configuration is { } configuration)
            Ok("configuration", $"{Words.Count(configuration.Connections.Count, "connection")}, {Words.Count(configuration.Pipelines.Count, "pipeline")}, no mistakes");
        else
            Fail("configuration", $"{Words.Count(loaded.Problems.Count, "mistake")}, the first: {loaded.Problems[0]}", "`hub validate` shows them all");
        foreach (var secret in loaded.ClearSecrets)
            Warn("secrets", $"{secret.Place}: {secret.Message}", secret.Fix!);
        var storePassword = ClearPassword().IsMatch(File.ReadAllText(Path.Combine(hubFolder, ConfigurationLoader.HubFile)));
        if (storePassword)
            Warn("secrets", "the password of the store stands in hub.json in clear text", "write Password=${env:NAME} in store.connectionString, and set that variable for the account that runs hub");
        if (loaded.ClearSecrets.Count == 0 && !storePassword)
            Ok("secrets", "none stands in clear text");
    }

    private HubSettings? Settings()
    {
        try
        {
            return HubView.ReadSettings(hubFolder, secrets);
        }
        catch (ConfigurationException)
        {
            // Said by the check of the configuration.
            return null;
        }
    }

    private void Clock(HubSettings? settings)
    {
        var now = clock.GetUtcNow();
        var zone = settings?.Defaults.TimeZone ?? "UTC";
        var newest = File.GetLastWriteTimeUtc(Path.Combine(hubFolder, ConfigurationLoader.HubFile));
        if (newest > now.UtcDateTime.AddMinutes(5))
            Fail("clock", $"it is {Words.Time(now, clock)}, before hub.json was written", "set the machine's clock, and let it follow a time server");
        else
            Ok("clock", $"{Words.Time(now, clock)} here ({clock.LocalTimeZone.Id}); sources without a zone are read as {zone}");
    }

    private void Store(HubSettings settings)
    {
        StoreEngine engine;
        try
        {
            engine = MasterStore.EngineOf(settings.Store, hubFolder);
            if (!engine.Exists())
            {
                Ok("store", $"{engine.Place} does not exist yet: the first `hub run` makes it");
                return;
            }

            using var store = MasterStore.Open(engine, clock);
            Ok("store", Invariant($"{engine.Place} ({engine.Name}), schema version {store.SchemaVersion}, {store.Size / 1e6:N1} MB"));
            foreach (var (what, fix) in store.Advice())
                Warn("store", what, fix);
            Integrity(store);
            Holder(engine);
            Runs(store);
            Quarantine(store);
            HotKeys(store);
            Masters(store);
        }
        catch (StoreException exception)
        {
            Fail("store", exception.Message, exception.Fix);
        }
    }

    private void Integrity(MasterStore store)
    {
        var found = store.Check();
        if (found.Count == 0)
            Ok("integrity", "the store is sound");
        else
            Fail("integrity", $"the store is damaged: {string.Join("; ", found)}", "stop all runs, keep a copy of the store, and restore the last backup");
    }

    private void Holder(StoreEngine engine)
    {
        var holder = engine.Holder();
        if (holder is null)
            Ok("lock", "no other hub is at work");
        else
            Warn("lock", $"at work: {holder}", "wait for it; if it hangs, stop that process: nothing is lost");
    }

    private void Runs(MasterStore store)
    {
        var last = Hub.Runs.RunHistory.Last(store, 1);
        if (last is not [var run])
            Ok("runs", "nothing has run yet");
        else if (run.State is "done" or "running")
            Ok("runs", $"run {run.Id} {run.State}, began {Words.Ago(run.StartedAt, clock)}");
        else
            Warn("runs", $"run {run.Id}, {Words.Ago(run.StartedAt, clock)}: {run.State}", $"`hub runs {run.Id}` says why");
    }

    private void Quarantine(MasterStore store)
    {
        var (count, oldest) = store.First<(long, long?)>("select count(*), min(opened_at) from quarantine where state = 'open'");
        if (count == 0)
            Ok("quarantine", "empty");
        else if (oldest < clock.GetUtcNow().AddDays(-OldQuarantineDays).ToUnixTimeMilliseconds())
            Warn("quarantine", $"{Words.Count(count, "row")}, the oldest {Words.Ago(oldest.Value, clock)}", "`hub quarantine list` shows the causes; put them right, or discard what is junk");
        else
            Ok("quarantine", $"{Words.Count(count, "row")}, the oldest {Words.Ago(oldest!.Value, clock)}");
    }

    private void HotKeys(MasterStore store)
    {
        var hot = store.Query<(string Entity, string Kind, long Keys, long Records)>(
            "select entity, kind, count(*), max(records) from hot_key group by entity, kind order by count(*) desc");
        if (hot.Count == 0)
            Ok("matching", "no key is too common");
        foreach (var (entity, kind, keys, records) in hot)
            Warn("matching", $"{Words.Count(keys, "match key")} of {Words.Plural(entity)} by {KeyNames.Of(kind)} {(keys == 1 ? "is" : "are")} too common (up to {Words.Number(records)} records) and set aside", "nothing, where many really share it (a large firm, a mail provider); a placeholder in the source (a default phone, a test address) let a rule blank");
    }

    private void Masters(MasterStore store)
    {
        // What is wrong with the configuration is said by its own check.
        foreach (var entity in read().Configuration?.Entities.Values.Where(entity => entity.Matcher is not null) ?? [])
        {
            var subject = Words.Plural(entity.Type.Name);
            var found = new SuspiciousMasters(store, entity).Find(MostSuspicious);
            if (found.Looked == 0)
                continue;
            if (found.Found == 0)
            {
                Ok(subject, $"none of {Words.Count(found.Looked, "master")} of three records and more looks like several");
                continue;
            }

            foreach (var one in found.First)
                Warn(subject, $"{MasterId.Of(entity.Type, one.Master)} ({Words.Count(one.Records, "record")}) {Suspect(one.Kind)}", Repair(store, entity, one));
            var rest = found.Found - found.First.Count;
            Warn(subject, $"{Words.Count(found.Found, "master")} of the {Words.Number(found.Looked)} {(found.More ? "largest" : "of three records and more")} may be several customers{(rest > 0 ? $"; {Words.Number(rest)} more than are shown" : "")}", "look at those above; `hub split` corrects everything that hangs on them, and is obeyed by every later run");
        }
    }

    private static string Suspect(SuspicionKind kind) => kind switch
    {
        SuspicionKind.Ids => "has records with different ids",
        SuspicionKind.Generations => "has records that look a generation apart",
        SuspicionKind.Bridge => "is two groups of records that a single pair holds together",
        SuspicionKind.Large => "has many times the records of others",
        _ => "has records most of which do not resemble each other",
    };

    private static string Repair(MasterStore store, EntityConfiguration entity, SuspiciousMaster one)
    {
        var id = MasterId.Of(entity.Type, one.Master);
        if (one.Apart.Count is 0 or > MostNamed)
            return $"`hub show {id}` lists its records; `hub split {id} RECORD…` takes out those that are somebody else";
        var names = MasterQuery.Members(store, one.Master).Where(member => one.Apart.Contains(member.Id)).Select(member => member.Name);
        return $"`hub show {id}`; if they are two: `hub split {id} {string.Join(' ', names)}`";
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    // Inside a connection string, and not taken from elsewhere.
    [GeneratedRegex(@"[;""]\s*(?:password|pwd)\s*=\s*(?!\$\{)[^;""\s]", RegexOptions.IgnoreCase)]
    private static partial Regex ClearPassword();
}
