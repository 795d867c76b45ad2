using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>What a connector says, and whom it speaks to; looks also at all that went before it in the certification.</summary>
internal static class OutputChecks
{
    public static IEnumerable<Check> All { get; } =
    [
        new("L1", CertificationLevel.Bronze, "Secrets and personal data stand in no message, trace, cursor or memory that is open", Canaries),
        new("L2", CertificationLevel.Bronze, "Only hosts that are declared or configured are contacted", Hosts),
        new("P1", CertificationLevel.Silver, "Rates of reading and writing, for the report", Rates),
    ];

    private static async Task Canaries(Stage stage)
    {
        await stage.System.SeedAsync(10, stage.CancellationToken);
        for (var n = 0; n < 3; n++)
            await stage.System.CreateAsync(stage.UserValues(n), stage.CancellationToken);
        var connection = await stage.OpenAsync(clock: stage.Hurried);
        await stage.CheckAsync(connection);
        await stage.DiscoverAsync(connection: connection);
        await stage.TryPullAsync(stage.Full, connection);
        await stage.TryPullAsync(stage.Since(null), connection);
        if (stage.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Push))
        {
            // Refusals are where systems like to repeat what they were sent.
            var write = stage.Create(1, 1);
            await stage.PushAsync([write], connection);
            await stage.PushAsync([write with { Values = [.. write.Values.Select((value, i) => i == 0 ? value : Value.Text(stage.Witness.Canary + new string('x', 70_000)))] }], connection);
            await stage.TryAsync("a validation rule", async () =>
            {
                await stage.BreakAsync(new RehearsedFault("validation") { Arguments = new Dictionary<string, object> { ["field"] = stage.Stream.EditField.Name } });
                await stage.PushAsync([write], connection);
            });
        }

        foreach (var kind in new[] { "html", "truncate", "reset", "missing-scope", "expire-token" })
        {
            await stage.TryAsync(kind, async () =>
            {
                await stage.BreakAsync(new RehearsedFault(kind));
                await stage.TryPullAsync(stage.Full, await stage.OpenAsync(clock: stage.Hurried));
            });
        }

        await stage.BreakAsync();
        await stage.TryAsync("wrong secrets", async () =>
        {
            var wrong = await stage.System.SettingsAsync(SettingsVariant.WrongSecret, stage.CancellationToken);
            stage.Witness.HideSecretsOf(wrong);
            await stage.TryPullAsync(stage.Full, await stage.OpenAsync(SettingsVariant.WrongSecret, stage.Hurried));
        });

        var leaks = stage.Witness.Leaks();
        stage.Notes.RemoveAll(note => note.Contains("not shown", StringComparison.Ordinal));
        Expect.That(leaks.Count == 0, string.Join("; ", leaks.Take(5)));
    }

    private static async Task Hosts(Stage stage)
    {
        await stage.System.SeedAsync(10, stage.CancellationToken);
        var connection = await stage.OpenAsync();
        await stage.CheckAsync(connection);
        await stage.DiscoverAsync(connection: connection);
        await stage.PullAsync(stage.Full, connection);
        if (stage.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Push))
            await stage.PushAsync([stage.Create(1, 1)], connection);
        var beyond = stage.Egress?.Beyond([.. stage.Connector.Declaration.Hosts, .. stage.System.Hosts]) ?? [];
        Expect.That(beyond.Count == 0, $"contacted without being declared: {string.Join(", ", beyond)}");
    }

    private static async Task Rates(Stage stage)
    {
        await stage.System.SeedAsync(2000, stage.CancellationToken);
        var connection = await stage.OpenAsync();
        var began = TimeProvider.System.GetTimestamp();
        var read = (await stage.PullAsync(stage.Full with { PageSize = 2000 }, connection)).Records.Count();
        Expect.That(read == 2000, $"{read} of 2000 records arrive");
        stage.Notes.Add($"reads {read / TimeProvider.System.GetElapsedTime(began).TotalSeconds:N0} records/s");
        if (!stage.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Push))
            return;
        var writes = Math.Clamp(stage.Connector.Declaration.Limits.WriteBatch * 2, 20, 400);
        began = TimeProvider.System.GetTimestamp();
        (await stage.PushAsync([.. Enumerable.Range(1, writes).Select(n => stage.Create(n, n))], connection)).AllDone(writes);
        stage.Notes.Add($"writes {writes / TimeProvider.System.GetElapsedTime(began).TotalSeconds:N0} records/s");
        var violations = (await stage.System.CountersAsync(stage.CancellationToken)).Violations;
        Expect.That(violations == 0, $"{violations} calls are over a limit of the account");
    }
}
