using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>Refusals of single records, in the words that are the same for all systems.</summary>
internal static class RefusalChecks
{
    public static IEnumerable<Check> All { get; } =
    [
        new("W5", CertificationLevel.Gold, "Locks, duplicate rules, validation, required and too long values are told apart", Refusals),
    ];

    private static async Task Refusals(Stage stage)
    {
        stage.NeedsPush();
        var shown = 0;
        var edit = stage.Stream.EditField;
        var locked = new RehearsedFault("lock") { Arguments = new Dictionary<string, object> { ["every"] = 1 } };
        if (stage.Stream.LocksExistingOnly)
        {
            shown += await Locked(stage, locked) ? 1 : 0;
        }
        else
        {
            shown += await Refused(stage, "a lock, once", locked with { Count = 1 }, stage.Create(1, 1), null) ? 1 : 0;
            shown += await Refused(stage, "a lock that stays", locked, stage.Create(1, 1), WriteFault.Locked) ? 1 : 0;
        }

        shown += await Refused(stage, "a duplicate rule", new RehearsedFault("duplicate-rule"), stage.Create(1, 1), WriteFault.Duplicate) ? 1 : 0;
        shown += await Refused(stage, "a validation rule", new RehearsedFault("validation") { Arguments = new Dictionary<string, object> { ["field"] = edit.Name } }, stage.Create(1, 1), WriteFault.Validation) ? 1 : 0;
        if (stage.OtherFields.FirstOrDefault(field => field.MaxLength is not null) is { } limited)
            shown += await Refused(stage, "a value that is too long", null, With(stage, limited, new string('x', limited.MaxLength!.Value + 1)), WriteFault.TooLong, limited.Name) ? 1 : 0;
        if (stage.OtherFields.FirstOrDefault(field => field.Required) is { } required)
            shown += await Refused(stage, "a required field without a value", null, With(stage, required, Value.Null), WriteFault.RequiredMissing, required.Name) ? 1 : 0;
        if (!stage.Stream.IsUntyped && stage.OtherFields.FirstOrDefault(field => field.Sample(0).Kind is ValueKind.Date or ValueKind.Instant) is { } date)
            shown += await Refused(stage, "a date that is none", null, With(stage, date, "not a date"), WriteFault.BadValue, date.Name) ? 1 : 0;
        if (shown == 0)
            throw new NotShownException("the system refuses no record");
    }

    private static async Task<bool> Locked(Stage stage, RehearsedFault locked)
    {
        await stage.System.SeedAsync(3, stage.CancellationToken);
        var made = (await stage.PushAsync([stage.Create(1, 1)])).AllDone(1);
        return await stage.TryAsync("a lock", async () =>
        {
            await stage.BreakAsync(locked with { Count = 1 });
            (await stage.PushAsync([stage.Update(1, 1, stage.Stream.EditField.Name, stage.Canary(931), made[1].ExternalId)], await stage.OpenAsync(clock: stage.Hurried))).AllDone(1);
            await stage.BreakAsync(locked);
            var outcome = (await stage.PushAsync([stage.Update(1, 1, stage.Stream.EditField.Name, stage.Canary(932), made[1].ExternalId)], await stage.OpenAsync(clock: stage.Hurried))).AnsweredOnce([1])[1];
            await stage.BreakAsync();
            Expect.That(outcome.Failure is not null && outcome.Fault == WriteFault.Locked, $"a lock that stays is answered as {outcome.Fault}");
        });
    }

    private static Write With(Stage stage, RehearsedField field, Value value)
    {
        var write = stage.Create(1, 1);
        return write with { Values = [.. write.Values.Select((each, i) => i > 0 && stage.OtherFields[i - 1] == field ? value : each)] };
    }

    private static async Task<bool> Refused(Stage stage, string what, RehearsedFault? fault, Write write, WriteFault? expected, string? field = null)
    {
        await stage.System.SeedAsync(3, stage.CancellationToken);
        return await stage.TryAsync(what, async () =>
        {
            if (fault is not null)
                await stage.BreakAsync(fault);
            var pushed = await stage.PushAsync([write], await stage.OpenAsync(clock: stage.Hurried));
            await stage.BreakAsync();
            Expect.That(pushed.Failure is null, $"{what} ends the whole push: {pushed.Failure?.Message}");
            var outcome = pushed.AnsweredOnce([1])[1];
            if (expected is null)
            {
                Expect.That(outcome.Failure is null, $"{what} is not tried again");
                return;
            }

            Expect.That(outcome.Failure is not null, $"{what} is answered as if the record had been written");
            Expect.That(outcome.Failure == FailureKind.Rejected || expected == WriteFault.Locked, $"{what} is answered as {outcome.Failure}");
            Expect.That(outcome.Fault == expected, $"{what} is answered as {outcome.Fault}, not as {expected}");
            Expect.That(field is null || outcome.Field is null || outcome.Field == field, $"{what} in {field} is answered as one in {outcome.Field}");
            Expect.That(outcome.Message is { Length: > 5 }, $"{what} is answered without a word");
            Expect.That(await stage.RecordAsync(1) is null, $"{what}: the record is there although it was refused");
        });
    }
}
