using System.Diagnostics;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>Checking a connection, and discovering what it offers.</summary>
internal static class ConnectionChecks
{
    public static IEnumerable<Check> All { get; } =
    [
        new("C1", CertificationLevel.Bronze, "A check passes with good settings and fails, saying what to do, with wrong ones", Check),
        new("C2", CertificationLevel.Bronze, "A check writes nothing", CheckWritesNothing),
        new("D1", CertificationLevel.Bronze, "Discovery tells the same each time, with keys, types and rights", Discover),
        new("D2", CertificationLevel.Bronze, "One broken stream does not hide the others", BrokenStream),
        new("D3", CertificationLevel.Silver, "A field without rights is told of", HiddenField),
    ];

    private static async Task Check(Stage stage)
    {
        await stage.System.SeedAsync(10, stage.CancellationToken);
        foreach (var line in await stage.CheckAsync(await stage.OpenAsync()))
            Expect.That(line.Passed, $"the check of a good connection fails: {line.Subject}: {line.Message}");

        var shown = 0;
        foreach (var (variant, kinds) in new[]
        {
            (SettingsVariant.WrongSecret, new[] { FailureKind.Configuration }),
            (SettingsVariant.WrongHost, [FailureKind.Configuration, FailureKind.Transient]),
            (SettingsVariant.BadTls, [FailureKind.Configuration, FailureKind.Transient]),
        })
        {
            shown += await stage.TryAsync($"{variant}", async () => await Fails(stage, await stage.OpenAsync(variant, stage.Hurried), $"{variant}", kinds)) ? 1 : 0;
        }

        shown += await stage.TryAsync("a missing scope", async () =>
        {
            await stage.BreakAsync(new RehearsedFault("missing-scope"));
            await Fails(stage, await stage.OpenAsync(clock: stage.Hurried), "a missing scope", [FailureKind.Configuration]);
        }) ? 1 : 0;
        Expect.That(shown > 0, "the system shows no wrong settings at all");
    }

    private static async Task Fails(Stage stage, IConnection connection, string what, FailureKind[] kinds)
    {
        var watch = Stopwatch.StartNew();
        var said = "";
        try
        {
            var lines = await stage.CheckAsync(connection);
            Expect.That(lines.Any(line => !line.Passed), $"with {what} the check passes");
            said = string.Join(" ", lines.Where(line => !line.Passed).Select(line => line.Message));
        }
        catch (ConnectorException failure)
        {
            stage.Witness.Hear("an error", failure);
            said = $"{failure.Message} {failure.Fix}";
        }

        Expect.That(said.Trim().Length > 20, $"with {what} the check does not say what is wrong: '{said}'");
        Expect.That(watch.Elapsed < stage.Options.CheckWithin, $"with {what} the check takes {watch.Elapsed.TotalSeconds:0} s");
        var pulled = await stage.TryPullAsync(stage.Full, connection);
        Expect.That(pulled.Failure is not null, $"with {what} a pull ends as if all were well");
        Expect.That(kinds.Contains(pulled.Failure.Kind), $"with {what} a pull fails as {pulled.Failure.Kind}, not as {string.Join(" or ", kinds)}");
        Expect.That(pulled.Failure.Fix.Length > 10, $"with {what} a pull fails without saying what to do");
    }

    private static async Task CheckWritesNothing(Stage stage)
    {
        await stage.System.SeedAsync(10, stage.CancellationToken);
        var before = await StateAsync(stage);
        await stage.CheckAsync(await stage.OpenAsync());
        Expect.Same(before, await StateAsync(stage), "records after a check");
        Expect.That((await stage.System.CountersAsync(stage.CancellationToken)).WriteCalls == 0, "a check makes calls that write");
    }

    private static async Task<List<string>> StateAsync(Stage stage) =>
        [.. (await stage.System.RecordsAsync(stage.CancellationToken)).Select(record => $"{record.Id}: {string.Join("|", record.Values.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => $"{value.Key}={value.Value.ToText()}"))}")];

    private static async Task Discover(Stage stage)
    {
        stage.Needs(ConnectorCapabilities.Discover, "does not discover");
        await stage.System.SeedAsync(30, stage.CancellationToken);
        var (first, second) = (await stage.DiscoverAsync(), await stage.DiscoverAsync());
        Expect.That(JsonSerializer.Serialize(first) == JsonSerializer.Serialize(second), "two discoveries tell different things");
        var stream = first.SingleOrDefault(stream => stream.Name == stage.Stream.Name);
        Expect.That(stream is not null, $"the stream {stage.Stream.Name} is not discovered");
        var alone = (await stage.DiscoverAsync(stage.Stream.Name)).SingleOrDefault();
        Expect.That(alone is not null && JsonSerializer.Serialize(alone) == JsonSerializer.Serialize(stream), "asked for one stream, discovery tells something else than among all");
        Expect.That(stream.KeyCandidates.Contains(stage.Stream.IdField), $"{stage.Stream.IdField} is not among the keys");
        Expect.That(stage.Traits?.CursorField is not { } cursor || stream.CursorField == cursor, $"the cursor field is declared as {stage.Traits?.CursorField}, but discovered as {stream.CursorField ?? "none"}");
        foreach (var field in stage.Stream.Fields)
        {
            var found = stream.Fields.FirstOrDefault(each => each.Name == field.Name);
            Expect.That(found is not null, $"the field {field.Name} is not discovered");
            Expect.That(Fits(found.Type, field.Sample(0).Kind), $"the field {field.Name} is discovered as {found.Type}");
            Expect.That(found is { Readable: true }, $"the field {field.Name} is said not to be readable");
            Expect.That(found.Writable || !stage.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Push), $"the field {field.Name} is said not to be writable");
            Expect.That(found.Required || !field.Required, $"the field {field.Name} is required, but not said to be");
            Expect.That(field.MaxLength is null || found.MaxLength == field.MaxLength, $"the field {field.Name} takes {field.MaxLength} characters; discovered are {found.MaxLength}");
        }
    }

    // A file tells what its values look like, and text is never wrong there.
    private static bool Fits(StreamFieldType type, ValueKind kind) => type == StreamFieldType.Text || type == kind switch
    {
        ValueKind.Number => StreamFieldType.Number,
        ValueKind.Boolean => StreamFieldType.Boolean,
        ValueKind.Date => StreamFieldType.Date,
        ValueKind.Instant => StreamFieldType.Instant,
        ValueKind.List => StreamFieldType.List,
        ValueKind.Object => StreamFieldType.Object,
        _ => type,
    };

    private static async Task BrokenStream(Stage stage)
    {
        stage.Needs(ConnectorCapabilities.Discover, "does not discover");
        var other = stage.Stream.OtherStream ?? throw new NotShownException("the system has one stream");
        await stage.System.SeedAsync(10, stage.CancellationToken);
        await stage.BreakAsync(new RehearsedFault("broken-object") { Arguments = new Dictionary<string, object> { ["stream"] = other } });
        var found = await stage.DiscoverAsync();
        Expect.That(found.Any(stream => stream.Name == stage.Stream.Name && stream is { Problem: null, Fields.Count: > 0 }), $"{other} cannot be described, and {stage.Stream.Name} is no longer discovered either");
        Expect.That(found.Any(stream => stream.Name == other && stream.Problem is { Length: > 10 }), $"{other} cannot be described, but discovery does not say so");
    }

    private static async Task HiddenField(Stage stage)
    {
        stage.Needs(ConnectorCapabilities.Discover, "does not discover");
        await stage.System.SeedAsync(10, stage.CancellationToken);
        var name = stage.Stream.EditField.Name;
        await stage.BreakAsync(new RehearsedFault("hide-field") { Arguments = new Dictionary<string, object> { ["stream"] = stage.Stream.Name, ["field"] = name } });
        var stream = (await stage.DiscoverAsync(stage.Stream.Name)).Single();
        var field = stream.Fields.FirstOrDefault(each => each.Name == name);
        // A system that does not even tell of the field can only be told of.
        Expect.That(field is null || !field.Readable, $"the user may not read {name}, but discovery says that it is readable");
        Expect.That(field is not null || stream.Notes.Count > 0 || stage.Connector.Declaration.Guide.Rights.Count > 0, $"the user may not read {name}, and neither discovery nor the guide's rights say what to do");
        var pulled = await stage.TryPullAsync(stage.Full);
        Expect.That(pulled.Failure is null or { Kind: FailureKind.Configuration }, $"without the right to read {name} a pull fails as {pulled.Failure?.Kind}");
        Expect.That(pulled.Failure is not null || pulled.Records.Any(), $"without the right to read {name} a pull gives nothing");
    }
}
