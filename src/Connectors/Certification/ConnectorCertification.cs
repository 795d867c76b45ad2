using System.Diagnostics;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Certification;

/// <summary>
/// Proves that a connector does what the hub relies on: every check against a system under rehearsal, with faults. Knows of the
/// connector only what its public contract says.
/// </summary>
/// <param name="fixture">The connector and its system.</param>
/// <param name="options">How.</param>
public sealed class ConnectorCertification(ICertificationFixture fixture, CertificationOptions options)
{
    /// <summary>The version of the checks; a report says by which it was made.</summary>
    public const string KitVersion = "1.0.0";

    /// <summary>Every check, in the order in which they are made.</summary>
    public static IReadOnlyList<Check> Checks { get; } =
    [
        .. DeclarationChecks.All,
        .. ConnectionChecks.All,
        .. ReadingChecks.All,
        .. IncrementalChecks.All,
        .. FailureChecks.All,
        .. WritingChecks.All.Take(4),
        .. RefusalChecks.All,
        .. WritingChecks.All.Skip(4),
        .. WebhookChecks.All,
        // Last: they look at all that went before.
        .. OutputChecks.All,
    ];

    /// <summary>Makes the checks.</summary>
    /// <param name="place">Where.</param>
    /// <param name="progress">Hears of each check when it is done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConnectorException">The system to rehearse on cannot be set up.</exception>
    public async Task<CertificationReport> RunAsync(RehearsalPlace place, IProgress<CheckResult>? progress, CancellationToken cancellationToken)
    {
        var witness = new Witness();
        using var egress = new EgressWatch();
        await using var system = await fixture.BeginAsync(place, cancellationToken);
        var results = new List<CheckResult>();
        foreach (var check in Checks.Where(check => check.Level <= options.Level && (options.Only is null || options.Only.Contains(check.Id))))
        {
            var result = await RunAsync(check, system, place.Folder, witness, egress, cancellationToken);
            results.Add(result);
            progress?.Report(result);
        }

        return CertificationReport.Of(fixture.Connector.Declaration, results, await ManifestAsync(system, place.Folder, witness, cancellationToken), TimeProvider.System.GetUtcNow());
    }

    private async Task<CheckResult> RunAsync(Check check, IRehearsal system, string folder, Witness witness, EgressWatch egress, CancellationToken cancellationToken)
    {
        CheckResult Result(CheckOutcome outcome, string? reason, IReadOnlyList<string> notes, TimeSpan took) =>
            new(check.Id, check.Title, check.Level, outcome) { Reason = reason, Notes = notes, Milliseconds = (long)took.TotalMilliseconds };

        if (fixture.Waivers.TryGetValue(check.Id, out var waiver))
            return Result(CheckOutcome.Skipped, waiver, [], TimeSpan.Zero);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Patience);
        var watch = Stopwatch.StartNew();
        var stage = new Stage(fixture, system, options, folder, witness, patience.Token) { Egress = egress };
        try
        {
            await check.Body(stage).WaitAsync(options.Patience + TimeSpan.FromSeconds(10), TimeProvider.System, cancellationToken);
            return Result(CheckOutcome.Passed, null, stage.Notes, watch.Elapsed);
        }
        catch (NotShownException exception)
        {
            return Result(CheckOutcome.Skipped, exception.Message, stage.Notes, watch.Elapsed);
        }
        catch (CheckFailedException exception)
        {
            return Result(CheckOutcome.Failed, exception.Message, stage.Notes, watch.Elapsed);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (exception is TimeoutException || (exception is OperationCanceledException && patience.IsCancellationRequested))
        {
            return Result(CheckOutcome.Failed, $"not done after {watch.Elapsed.TotalSeconds:0} s", stage.Notes, watch.Elapsed);
        }
        catch (ConnectorException exception)
        {
            witness.Hear("an error", exception);
            return Result(CheckOutcome.Failed, $"{exception.Kind}: {exception.Message} {exception.Fix}", stage.Notes, watch.Elapsed);
        }
        catch (Exception exception)
        {
            // Whatever a connector throws beyond its contract is a finding, not the end of the certification.
            witness.Hear("an error", exception);
            return Result(CheckOutcome.Failed, $"throws {exception.GetType().Name}: {exception.Message} {exception.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}", stage.Notes, watch.Elapsed);
        }
        finally
        {
            await CloseAsync(stage);
        }
    }

    // A connection that cannot be closed after a failed check says nothing new.
    private static async Task CloseAsync(Stage stage)
    {
        try
        {
            await stage.DisposeAsync();
        }
        catch (Exception exception) when (exception is ConnectorException or OperationCanceledException)
        {
            stage.Witness.Hear("an error", exception);
        }
    }

    private async Task<Manifest> ManifestAsync(IRehearsal system, string folder, Witness witness, CancellationToken cancellationToken)
    {
        var declaration = fixture.Connector.Declaration;
        IReadOnlyList<ManifestStream> streams = [];
        if (declaration.Capabilities.HasFlag(ConnectorCapabilities.Discover))
        {
            await using var stage = new Stage(fixture, system, options, folder, witness, cancellationToken);
            await system.SeedAsync(20, cancellationToken);
            try
            {
                streams = Manifest.StreamsOf(await stage.DiscoverAsync());
            }
            catch (ConnectorException failure)
            {
                // Told by D1; the report is still worth having.
                witness.Hear("an error", failure);
            }
        }

        return new(declaration.Version, Manifest.SettingsOf(declaration), streams);
    }
}
