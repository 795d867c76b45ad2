using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Certification;

/// <summary>A connector with one mistake, and the check that is there to find it.</summary>
/// <param name="Check">The check's id.</param>
/// <param name="Name">The mistake.</param>
/// <param name="Fixture">The connector.</param>
internal sealed record Mutant(string Check, string Name, Func<ICertificationFixture> Fixture)
{
    public CertificationOptions Options { get; init; } = CertificationTests.Quick;

    public override string ToString() => $"{Check}: {Name}";
}

/// <summary>All mutants.</summary>
internal static class Mutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        Wrapped("M1", "a summary that is no sentence", new() { Declaration = it => it with { Summary = "Reference" } }),
        Wrapped("M1", "a setting without a description", new() { Declaration = it => it with { SettingsType = typeof(UndescribedSettings) } }),
        Wrapped("M1", "webhooks declared, none taken", new() { Declaration = it => it with { Capabilities = it.Capabilities & ~ConnectorCapabilities.Webhook } }),
        Wrapped("M2", "a setting that is gone", new()) with { Options = Against(it => it with { Settings = [.. it.Settings, new("region", "String")] }) },
        Wrapped("M2", "a setting that has become required", new()) with { Options = Against(it => it with { Settings = [.. it.Settings.Select(setting => setting with { Required = false })] }) },
        Wrapped("M2", "a setting that has become something else", new()) with { Options = Against(it => it with { Settings = [.. it.Settings.Select(setting => setting.Name == "address" ? setting with { Type = "Int32" } : setting)] }) },
        Wrapped("M3", "a field that is gone", new() { Description = it => it with { Fields = [.. it.Fields.Where(each => each.Name != "score")] } }) with { Options = Against(it => it) },
        Wrapped("M3", "a number that has become a date", new() { Description = it => it with { Fields = [.. it.Fields.Select(each => each.Name == "score" ? each with { Type = StreamFieldType.Date } : each)] } }) with { Options = Against(it => it) },
        Wrapped("M3", "another key", new() { Description = it => it with { KeyCandidates = ["key"] } }) with { Options = Against(it => it) },
        Wrapped("C1", "a check that always passes", new() { Lines = _ => [new("all", true, "is well")] }),
        Wrapped("C1", "a check that never passes", new() { Lines = _ => [new("all", false, "is not well at all, and nobody knows why")] }),
        Wrapped("C2", "a check that writes", new() { OnCheck = Probe }),
        Wrapped("D1", "a discovery that differs from time to time", new() { Description = it => it with { Notes = [Guid.NewGuid().ToString()] } }),
        Wrapped("D1", "a required field that is not said to be", new() { Description = it => it with { Fields = [.. it.Fields.Select(each => each with { Required = false })] } }),
        Wrapped("D2", "a broken stream that hides the others", new() { BrokenDiscoveryThrows = true }),
        Wrapped("D2", "a broken stream that nobody is told of", new() { Description = it => it with { Problem = null } }),
        Wrapped("D3", "a hidden field said to be readable", new() { Description = it => it with { Fields = [.. it.Fields.Select(each => each with { Readable = true })] } }),
        Wrapped("R1", "a row twice under one key", new() { Page = page => page with { Rows = [.. page.Rows, .. page.Rows.Take(1)] } }),
        Wrapped("R1", "text without its accents", new() { Page = page => Rows(page, row => Changed(row, "note", value => value.AsText is { } text ? Value.Text(text.Replace('é', 'e')) : value)) }),
        Wrapped("R1", "numbers without their fraction", new() { Page = page => Rows(page, row => Changed(row, "score", value => value.AsNumber is { } number ? Value.Number(Math.Floor(number)) : value)) }),
        Wrapped("R1", "leading zeros lost", new() { Page = page => Rows(page, row => Changed(row, "note", value => value.AsText?.StartsWith('0') == true ? Value.Text(value.AsText.TrimStart('0')) : value)) }),
        Wrapped("R2", "a last page that is skipped", new() { Pages = pages => pages.Count > 1 ? pages.SkipLast(1) : pages }),
        Wrapped("R2", "a page that ends at the system's own size", new() { Pages = pages => pages.Take(3) }),
        Of("R3", Defect.OffsetPaging),
        Wrapped("R4", "complete on every page", new() { Page = page => page with { CompletesSnapshot = true } }),
        Of("R4", Defect.TakesCutOffData),
        Wrapped("R4", "something else each time", new() { Pages = EverySecondTime(pages => pages.Select(page => page with { Rows = [.. page.Rows.Skip(1)] })) }),
        Wrapped("I1", "rows that look new each time", new() { Page = page => Rows(page, row => Changed(row, "note", _ => Value.Text(Guid.NewGuid().ToString()))) }),
        Wrapped("I1", "no cursor", new() { Page = page => page with { Cursor = null } }),
        Wrapped("I2", "the cursor ignored", new() { Request = request => request with { Cursor = null } }),
        Wrapped("I2", "the lag ignored", new() { Request = request => request with { Lag = TimeSpan.Zero } }),
        Wrapped("I2", "nothing at all after the cursor", new() { Pages = pages => pages.Exists(page => page.CompletesSnapshot) ? pages : [] }),
        Wrapped("I3", "a cursor that runs ahead of its rows", new() { Pages = pages => pages.Select(page => page with { Cursor = pages[^1].Cursor }) }),
        Wrapped("I3", "a cursor as large as what was read", new() { Page = page => page with { Cursor = page.Cursor + new string(' ', 70_000) } }),
        Wrapped("I4", "the lag ignored", new() { Request = request => request with { Lag = TimeSpan.Zero } }),
        Of("I5", Defect.LocalTime),
        Wrapped("I6", "nothing after a cursor that makes no sense", new() { Pages = pages => pages.Exists(page => page.Notes.Count > 0) ? [] : pages }),
        Wrapped("I6", "a crash at a cursor that makes no sense", new() { Request = request => request.Cursor is { } cursor && !cursor.StartsWith("r1|", StringComparison.Ordinal) ? throw new FormatException("cursor") : request }),
        Wrapped("I7", "deletes dropped", new() { Page = page => page with { Rows = [.. page.Rows.Where(row => !row.IsDelete)] } }),
        Wrapped("I7", "merges taken for deletes", new() { Page = page => Rows(page, row => new(row.Shape, row.Values) { Version = row.Version, IsDelete = row.IsDelete }) }),
        Of("E1", Defect.CallsAgainAtOnce),
        Of("E1", Defect.NeverPauses),
        Of("E2", Defect.NeverTriesAgain),
        Of("E2", Defect.TriesForEver),
        Of("E2", Defect.TakesCutOffData),
        Of("E3", Defect.UsesUnsavedToken),
        Of("E3", Defect.RenewsAlone),
        Of("E3", Defect.NeverRenews),
        Of("E4", Defect.CannotBeStopped) with { Options = CertificationTests.Quick with { StopWithin = TimeSpan.FromMilliseconds(500) } },
        Of("E4", Defect.KeepsPages),
        Of("E5", Defect.NoBudget),
        Of("L1", Defect.TracesToken),
        Of("L1", Defect.RemembersTokenOpenly),
        Wrapped("L1", "personal data in a cursor", new() { Page = page => page with { Cursor = page.Rows.Select(row => row["note"].ToText()).LastOrDefault(text => text?.StartsWith("Zeisig", StringComparison.Ordinal) == true) ?? page.Cursor } }),
        Wrapped("L1", "personal data in a note", new() { Page = page => page with { Notes = [.. page.Rows.Select(row => row["note"].ToText() ?? "")] } }),
        Of("L2", Defect.CallsElsewhere),
        Wrapped("W1", "deletes dropped", new() { Write = write => [write.Kind == WriteKind.Delete ? write with { Kind = WriteKind.Update, Values = [], Changed = [] } : write] }),
        Wrapped("W1", "fields written that did not change", new() { Write = write => [write with { Changed = [.. write.Changed.Select(_ => true)] }] }),
        Wrapped("W1", "nothing ever cleared", new() { Write = write => [write with { Changed = [.. write.Changed.Select((changed, i) => changed && !(write.Kind == WriteKind.Update && write.Values[i].IsNull))] }] }),
        Of("W2", Defect.MakesSecondRecord),
        Of("W3", Defect.SendsBatchAgain),
        Wrapped("W3", "refusals passed over in silence", new() { Outcome = it => [new(it.Id)] }),
        Wrapped("W3", "an outcome twice", new() { Outcome = it => [it, it] }),
        Of("W4", Defect.HalvesNothing),
        Wrapped("W4", "all refused for one", new() { Outcome = it => [it.Id == 7 ? new(it.Id, FailureKind.Rejected, "no good at all") : it] }),
        Wrapped("W5", "every refusal the same", new() { Outcome = it => [it with { Fault = it.Failure is null ? it.Fault : WriteFault.BadValue }] }),
        Wrapped("W5", "no faults told", new() { Outcome = it => [it with { Fault = WriteFault.None }] }),
        Of("W6", Defect.WritesOverChanges),
        Wrapped("W7", "the time of the answer as version", new() { Outcome = it => [it with { Version = it.Version is null ? null : DateTimeOffset.UnixEpoch.ToString("O") }] }),
        Wrapped("W7", "one version for all time", new() { Page = page => Rows(page, row => new(row.Shape, row.Values) { Version = "1", IsDelete = row.IsDelete }), Outcome = it => [it with { Version = "1" }] }),
        Wrapped("W8", "unchanged records written all the same", new() { Write = write => [write with { Changed = [.. write.Changed.Select((changed, i) => changed || i == 1)] }] }),
        Wrapped("W9", "a record that was seen made anew", new() { Write = write => [write with { ExpectedVersion = null }] }),
        Of("H1", Defect.TakesAnyWebhook),
        Of("H1", Defect.TrimsWebhooks),
        Wrapped("H1", "one delivery id for all", new() { Verdict = it => it with { DeliveryId = "1" } }),
        Wrapped("H1", "nothing accepted", new() { Verdict = it => it with { Accepted = false, Reason = "no" } }),
        Wrapped("H2", "rows without a version, in the state of the first event", new() { HookRow = row => Changed(new(row.Shape, row.Values), "note", _ => "as it was") }),
        Wrapped("H2", "other versions by webhook than by pull", new() { HookRow = row => new(row.Shape, row.Values) { Version = row.Version + "+hook" } }),
        Of("H3", Defect.SkipsOwnMinute),
        Wrapped("P1", "rows lost at volume", new() { Pages = pages => pages.Take(30) }),
    ];

    private static Mutant Of(string check, Defect defect) => new(check, defect.ToString(), () => new ReferenceFixture(defect));

    private static Mutant Wrapped(string check, string name, Mutation mutation) => new(check, name, () => new MutantFixture(new ReferenceFixture(), mutation));

    private static CertificationOptions Against(Func<Manifest, Manifest> earlier) =>
        CertificationTests.Quick with { Against = earlier(new("1.0.0", SettingsNow, StreamsNow)) };

    private static IReadOnlyList<ManifestSetting> SettingsNow => Manifest.SettingsOf(new ReferenceFixture().Connector.Declaration);

    private static IReadOnlyList<ManifestStream> StreamsNow => [new("people", "id", "modified", new Dictionary<string, string> { ["name"] = "Text", ["score"] = "Number", ["born"] = "Date" })];

    private static async Task Probe(IConnection connection)
    {
        var write = new Write(1, WriteKind.Create, "probe", ["probe", "Probe"], [true, true]);
        await foreach (var outcome in connection.PushAsync(new("people", "key", ["key", "name"]), new[] { write }.ToAsyncEnumerable(), CancellationToken.None))
            Assert.NotNull(outcome);
    }

    private static Func<List<Page>, IEnumerable<Page>> EverySecondTime(Func<List<Page>, IEnumerable<Page>> spoil)
    {
        var pulls = 0;
        return pages => Interlocked.Increment(ref pulls) % 2 == 0 ? spoil(pages) : pages;
    }

    private static Page Rows(Page page, Func<SourceRow, SourceRow> change) => page with { Rows = [.. page.Rows.Select(change)] };

    private static SourceRow Changed(SourceRow row, string field, Func<Value, Value> change)
    {
        var at = row.Shape.Find(field);
        return at < 0 ? row : new(row.Shape, [.. row.Values.Select((value, i) => i == at ? change(value) : value)]) { Version = row.Version, IsDelete = row.IsDelete, AliasOf = row.AliasOf };
    }
}

/// <summary>Settings that say nothing of themselves.</summary>
public sealed record UndescribedSettings
{
    public string Address { get; init; } = "";
}
