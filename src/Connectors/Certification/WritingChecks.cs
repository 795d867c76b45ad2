using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>Writing records, and being answered for each.</summary>
internal static class WritingChecks
{
    public static IEnumerable<Check> All { get; } =
    [
        new("W1", CertificationLevel.Gold, "What was created, changed, cleared and deleted is so when read back", RoundTrip),
        new("W2", CertificationLevel.Gold, "A write whose answer was lost makes no second record when it is sent again", LostAnswer),
        new("W3", CertificationLevel.Gold, "Of a batch refused in part, the accepted records are not sent again and the refused ones say why", PartialBatch),
        new("W4", CertificationLevel.Gold, "A batch refused as a whole is halved until the bad record is found", Bisection),
        new("W6", CertificationLevel.Gold, "A change made since the hub last looked is not written over", ChangedMeanwhile),
        new("W7", CertificationLevel.Gold, "A write answers with the version under which it is read back, and a user's edit right after it has another", Versions),
        new("W8", CertificationLevel.Gold, "A push of nothing new makes no call", NothingToWrite),
        new("W9", CertificationLevel.Gold, "A record that the hub has seen and that its users removed is not made anew", SeenAndGone),
    ];

    private static async Task RoundTrip(Stage stage)
    {
        stage.NeedsPush();
        await stage.System.SeedAsync(10, stage.CancellationToken);
        var connection = await stage.OpenAsync();
        var made = (await stage.PushAsync([.. Enumerable.Range(1, 5).Select(n => stage.Create(n, n))], connection)).AllDone(5);
        for (var n = 1; n <= 5; n++)
        {
            var record = await Existing(stage, n);
            foreach (var field in stage.OtherFields)
                Expect.That(Resemblance.Same(stage.Sample(field, n), record.Values.GetValueOrDefault(field.Name)), $"the {stage.Sample(field, n).Kind} in {field.Name} of a new record is not what was written");
            Expect.That(made[n].ExternalId is not { } id || id == record.Id, "the answer to a create names another record than the one that was made");
        }

        var pulled = await stage.PullAsync(stage.Full, connection);
        foreach (var row in pulled.Records.Where(row => row[stage.Stream.WriteKey].ToText() is { } key && key.StartsWith("HUB-", StringComparison.Ordinal)))
        {
            var n = int.Parse(row[stage.Stream.WriteKey].ToText()![4..], global::System.Globalization.CultureInfo.InvariantCulture);
            foreach (var field in stage.OtherFields)
                Expect.That(Resemblance.Same(stage.Sample(field, n), row[field.Name]), $"{field.Name} was written as {field.Sample(n).Kind} and is read back as another {row[field.Name].Kind}");
        }

        // Changed by somebody else in the meantime: what the hub does not change has to stay.
        var (edit, other) = (stage.Stream.EditField, stage.OtherFields.FirstOrDefault(field => field != stage.Stream.EditField && field.Sample(0).Kind == ValueKind.Text));
        if (other is not null)
            await stage.System.EditAsync((await Existing(stage, 1)).Id, new Dictionary<string, Value> { [other.Name] = other.Sample(900) }, stage.CancellationToken);
        var changed = await stage.PushAsync(
            [
                stage.Update(1, 1, edit.Name, stage.Canary(901), made[1].ExternalId),
                stage.Update(2, 2, edit.Name, Value.Null, made[2].ExternalId),
                Stage.Delete(3, 3, made[3].ExternalId),
                Stage.Delete(4, 300, null),
            ],
            connection);
        changed.AllDone(4);
        var first = await Existing(stage, 1);
        Expect.That(first.Values.GetValueOrDefault(edit.Name) == stage.Canary(901), $"the change of {edit.Name} did not arrive");
        Expect.That(other is null || Resemblance.Same(other.Sample(900), first.Values.GetValueOrDefault(other.Name)), $"{other?.Name}, which the push does not change, is written over");
        Expect.That((await Existing(stage, 2)).Values.GetValueOrDefault(edit.Name).IsEmpty, $"{edit.Name}, which the push clears, still has a value");
        Expect.That(await stage.RecordAsync(3) is null, "a record that was deleted is still there");

        var again = await stage.PushAsync([Stage.Delete(1, 3, made[3].ExternalId), stage.Update(2, 4, edit.Name, stage.Canary(4), made[4].ExternalId)], connection);
        again.AllDone(2);
        await stage.System.DeleteAsync((await Existing(stage, 5)).Id, stage.CancellationToken);
        (await stage.PushAsync([stage.Update(1, 5, edit.Name, stage.Canary(905), made[5].ExternalId)], connection)).AllDone(1);
        var anew = await stage.RecordAsync(5);
        Expect.That(anew is not null, "an update of a record that is gone does not make it anew");
        Expect.That(stage.OtherFields.Where(field => field.Required).All(field => !anew.Values.GetValueOrDefault(field.Name).IsEmpty), "an update of a record that is gone makes it anew, but without all its fields");
    }

    private static async Task<RehearsedRecord> Existing(Stage stage, int n) =>
        await stage.RecordAsync(n) ?? throw new CheckFailedException($"the record {Stage.Key(n)} was written, and is not there");

    private static async Task LostAnswer(Stage stage)
    {
        stage.NeedsPush();
        foreach (var count in new[] { 1, 5 })
        {
            await stage.System.SeedAsync(5, stage.CancellationToken);
            var lost = await stage.TryAsync("a lost answer", () => stage.BreakAsync(new RehearsedFault("lose-answer") { Count = 1 }));
            Write[] writes = [.. Enumerable.Range(1, count).Select(n => stage.Create(n, n))];
            var first = await stage.PushAsync(writes, await stage.OpenAsync(clock: stage.Hurried));
            Expect.That(first.Failure is null or { Kind: FailureKind.Transient }, $"a lost answer ends the push as {first.Failure?.Kind}");
            Expect.That(first.Outcomes.All(outcome => outcome.Failure is null or FailureKind.Transient), $"a write whose answer was lost is said to be refused: {first.Outcomes.FirstOrDefault(outcome => outcome.Failure is FailureKind.Rejected or FailureKind.Configuration)?.Message}");
            if (lost)
                await stage.BreakAsync();
            // Where no answer can be lost on its way, the hub may still die before it takes note of it.
            var left = writes.Where(write => !lost || !first.Done(write.Id, out _)).ToList();
            if (left.Count > 0)
            {
                var second = await stage.PushAsync(left);
                Expect.That(second.Failure is null, $"sent again, the writes fail: {second.Failure?.Message}");
                second.AnsweredOnce(left.Select(write => write.Id));
            }

            var made = await stage.System.RecordsAsync(stage.CancellationToken);
            for (var n = 1; n <= count; n++)
            {
                var times = made.Count(record => record.Values.GetValueOrDefault(stage.Stream.WriteKey).ToText() == Stage.Key(n));
                Expect.That(times == 1, times == 0 ? "a write whose answer was lost is never made" : $"a write whose answer was lost makes {times} records");
            }
        }
    }

    private static async Task PartialBatch(Stage stage)
    {
        stage.NeedsPush();
        await stage.System.SeedAsync(5, stage.CancellationToken);
        await stage.BreakAsync(new RehearsedFault("partial") { Arguments = new Dictionary<string, object> { ["every"] = 3 } });
        var connection = await stage.OpenAsync(clock: stage.Hurried);
        var pushed = await stage.PushAsync([.. Enumerable.Range(1, 12).Select(n => stage.Create(n, n))], connection);
        if (pushed.Failure is not null)
            throw pushed.Failure;
        pushed.AnsweredOnce(Enumerable.Range(1, 12).Select(n => (long)n));
        await stage.BreakAsync();
        var made = (await stage.System.RecordsAsync(stage.CancellationToken)).Select(record => record.Values.GetValueOrDefault(stage.Stream.WriteKey).ToText()).Where(key => key?.StartsWith("HUB-", StringComparison.Ordinal) == true).ToList();
        Expect.Same(pushed.Outcomes.Where(outcome => outcome.Failure is null).Select(outcome => Stage.Key((int)outcome.Id)), made!, "records that were answered as accepted");
        var refused = pushed.Outcomes.Where(outcome => outcome.Failure is not null).ToList();
        Expect.That(refused.Count > 0, "no record was refused: the rehearsal is at fault");
        foreach (var outcome in refused)
        {
            Expect.That(outcome.Failure == FailureKind.Rejected, $"a refused record is answered as {outcome.Failure}");
            Expect.That(outcome.Message is { Length: > 5 } && (outcome.Code is not null || outcome.Fault != WriteFault.None), "a refused record does not say why");
        }

        var counters = await stage.System.CountersAsync(stage.CancellationToken);
        Expect.That(counters.RecordsWritten == made.Count, $"{made.Count} records were accepted, and {counters.RecordsWritten} written: some are sent again");
    }

    private static async Task Bisection(Stage stage)
    {
        stage.NeedsPush();
        if (!stage.Stream.BatchIsAtomic)
            throw new NotShownException("the system answers for each record of a batch");
        var field = stage.Stream.EditField;
        var longest = field.MaxLength ?? throw new NotShownException("no field has a limit by which to make a bad record");
        await stage.System.SeedAsync(0, stage.CancellationToken);
        var size = Math.Min(stage.Connector.Declaration.Limits.WriteBatch, 64);
        var writes = Enumerable.Range(1, size).Select(n => stage.Create(n, n)).ToList();
        var bad = size / 3;
        writes[bad - 1] = writes[bad - 1] with { Values = [Stage.Key(bad), .. stage.OtherFields.Select(each => each == field ? new string('x', longest + 1) : each.Sample(bad))] };
        var before = (await stage.System.CountersAsync(stage.CancellationToken)).WriteCalls;
        var pushed = (await stage.PushAsync(writes)).AnsweredOnce(writes.Select(write => write.Id));
        Expect.Same([$"write {bad}"], pushed.Outcomes.Where(outcome => outcome.Failure is not null).Select(outcome => $"write {outcome.Id}"), "refused records");
        var extra = (await stage.System.CountersAsync(stage.CancellationToken)).WriteCalls - before - 1;
        Expect.That(extra <= 2 * Math.Ceiling(Math.Log2(size)), $"to find one bad record among {size}, {extra} calls are made");
        Expect.That((await stage.System.RecordsAsync(stage.CancellationToken)).Count == size - 1, "the other records of the batch are not all there, once");
    }

    private static async Task ChangedMeanwhile(Stage stage)
    {
        stage.NeedsPush();
        stage.Needs(ConnectorCapabilities.OptimisticConcurrency, "cannot tell what somebody changed meanwhile");
        await stage.System.SeedAsync(5, stage.CancellationToken);
        var connection = await stage.OpenAsync();
        var made = (await stage.PushAsync([stage.Create(1, 1), stage.Create(2, 2)], connection)).AllDone(2);
        await stage.System.AdvanceAsync(TimeSpan.FromSeconds(2), stage.CancellationToken);
        var id = (await Existing(stage, 1)).Id;
        await stage.EditAsync(id, 910);
        await stage.System.AdvanceAsync(TimeSpan.FromSeconds(2), stage.CancellationToken);
        var edit = stage.Stream.EditField.Name;
        var pushed = (await stage.PushAsync(
            [
                stage.Update(1, 1, edit, stage.Canary(911), made[1].ExternalId) with { ExpectedVersion = made[1].Version },
                stage.Update(2, 2, edit, stage.Canary(912), made[2].ExternalId) with { ExpectedVersion = made[2].Version },
            ],
            connection)).AnsweredOnce([1, 2]);
        Expect.That(pushed[1].Fault == WriteFault.ChangedMeanwhile, $"a record that somebody changed meanwhile is answered as {pushed[1].Fault}");
        Expect.That((await Existing(stage, 1)).Values.GetValueOrDefault(edit) == stage.Canary(910), "somebody's change is written over");
        Expect.That(pushed[2].Failure is null && (await Existing(stage, 2)).Values.GetValueOrDefault(edit) == stage.Canary(912), "a record that nobody changed is not written");
    }

    private static async Task SeenAndGone(Stage stage)
    {
        stage.NeedsPush();
        await stage.System.SeedAsync(5, stage.CancellationToken);
        var connection = await stage.OpenAsync();
        var made = (await stage.PushAsync([stage.Create(1, 1), stage.Create(2, 2)], connection)).AllDone(2);
        await stage.System.AdvanceAsync(TimeSpan.FromSeconds(2), stage.CancellationToken);
        var seen = await ByKey(stage);
        if (seen[Stage.Key(1)].Version is null)
            throw new NotShownException("the system's records have no version; nothing tells which of them the hub has seen");
        await stage.System.DeleteAsync((await Existing(stage, 1)).Id, stage.CancellationToken);
        var pushed = (await stage.PushAsync(
            [.. Enumerable.Range(1, 2).Select(n => stage.Update(n, n, stage.Stream.EditField.Name, stage.Canary(930 + n), made[n].ExternalId) with { ExpectedVersion = seen[Stage.Key(n)].Version })],
            connection)).AnsweredOnce([1, 2]);
        Expect.That(await stage.RecordAsync(1) is null, "a record that the hub has seen, and that its users removed, is made anew");
        Expect.That(pushed[1] is { Failure: FailureKind.Rejected, Fault: WriteFault.NotFound }, $"a record that the hub has seen, and that is gone, is answered as {pushed[1].Fault}");
        Expect.That(pushed[2].Failure is null, "a record that is there is refused beside one that is gone");
    }

    private static async Task Versions(Stage stage)
    {
        stage.NeedsPush();
        await stage.System.SeedAsync(5, stage.CancellationToken);
        var connection = await stage.OpenAsync();
        var made = (await stage.PushAsync([.. Enumerable.Range(1, 4).Select(n => stage.Create(n, n))], connection)).AllDone(4);
        if (made.Outcomes.All(outcome => outcome.Version is null))
            throw new NotShownException("the system's answers to writes have no version; echoes are told by content alone");
        await stage.System.AdvanceAsync(TimeSpan.FromSeconds(3), stage.CancellationToken);
        var changed = (await stage.PushAsync([stage.Update(1, 1, stage.Stream.EditField.Name, stage.Canary(920), made[1].ExternalId)], connection)).AllDone(1);
        var read = await ByKey(stage);
        Expect.That(read[Stage.Key(1)].Version == changed[1].Version, "a changed record is read back with another version than the write was answered with");
        for (var n = 2; n <= 4; n++)
            Expect.That(read[Stage.Key(n)].Version == made[n].Version, "a new record is read back with another version than the write was answered with");

        // A user's edit right after our write: told apart by its content when it falls into the same tick of the system.
        await stage.EditAsync((await Existing(stage, 1)).Id, 921);
        await stage.System.AdvanceAsync(stage.Stream.VersionPrecision, stage.CancellationToken);
        await stage.EditAsync((await Existing(stage, 2)).Id, 922);
        var after = await ByKey(stage);
        Expect.That(after[Stage.Key(1)][stage.Stream.EditField.Name] == stage.Canary(921), "a user's edit right after a write is not read back");
        Expect.That(after[Stage.Key(2)].Version is { } version && version != made[2].Version, "a user's edit after a write is read back with the version of the write");
    }

    private static async Task<Dictionary<string, SourceRow>> ByKey(Stage stage) =>
        (await stage.PullAsync(stage.Full)).Records.Where(row => row[stage.Stream.WriteKey].ToText()?.StartsWith("HUB-", StringComparison.Ordinal) == true).ToDictionary(row => row[stage.Stream.WriteKey].ToText()!, StringComparer.Ordinal);

    private static async Task NothingToWrite(Stage stage)
    {
        stage.NeedsPush();
        await stage.System.SeedAsync(5, stage.CancellationToken);
        var connection = await stage.OpenAsync();
        var made = (await stage.PushAsync([stage.Create(1, 1)], connection)).AllDone(1);
        var before = (await stage.System.CountersAsync(stage.CancellationToken)).WriteCalls;
        (await stage.PushAsync([], connection)).AllDone(0);
        var same = stage.Create(1, 1) with { Kind = WriteKind.Update, Changed = [.. stage.WrittenFields.Select(_ => false)], ExternalId = made[1].ExternalId };
        (await stage.PushAsync([same], connection)).AllDone(1);
        Expect.That((await stage.System.CountersAsync(stage.CancellationToken)).WriteCalls == before, "a push of nothing new makes calls that write");
    }
}
