using System.Diagnostics;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Bench;

/// <summary>Measures matching: a first load, and then a day on which one customer in a hundred changes and one in a hundred is new.</summary>
/// <param name="configuration">The hub over the made-up systems.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The log.</param>
internal sealed class MatchBench(HubConfiguration configuration, TimeProvider clock, ILogger log)
{
    /// <summary>Whether the store holds records already.</summary>
    public bool HasRecords()
    {
        using var store = Open();
        return store.Query<long>("select count(*) from source_record where id = 1") is not [0];
    }

    /// <summary>Runs all pipelines once.</summary>
    /// <param name="what">What is measured.</param>
    /// <param name="step">How many records make a line of growth.</param>
    /// <param name="progress">Hears how far it has come.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<MatchMeasure> RunAsync(string what, long step, IProgress<RunProgress> progress, CancellationToken cancellationToken)
    {
        var options = new RunOptions();
        var growth = new GrowthWatch(options.Meter, step, progress);
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var report = await new Runner(configuration, clock, log).RunAsync([], options, growth, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (report.Pipelines.FirstOrDefault(pipeline => pipeline.State != RunState.Done) is { } failed)
            throw new StoreException($"the run of {failed.Name} ended: {failed.State}: {failed.Problem}", failed.Fix ?? "look into the folder with --data DIR");
        using var store = Open();
        return new MatchMeasure(
            what,
            report.Pipelines.Sum(pipeline => pipeline.Counts.Read),
            options.Meter,
            report.Took,
            Process.GetCurrentProcess().TotalProcessorTime - processor,
            report.Totals.Sum(total => total.Masters),
            Process.GetCurrentProcess().PeakWorkingSet64 / 1e6,
            store.Size / 1e6,
            growth.Lines);
    }

    /// <summary>What the keys are like.</summary>
    public IReadOnlyList<KeyKind> Keys()
    {
        using var store = Open();
        using var transaction = store.Begin();
        return KeyStatistics.Of(transaction, configuration.Pipelines[0].Entity);
    }

    private MasterStore Open() => MasterStore.Open(MasterStore.EngineOf(configuration.Settings.Store, configuration.Folder), clock);
}

/// <summary>What a run took.</summary>
/// <param name="What">Which run.</param>
/// <param name="Rows">Rows read.</param>
/// <param name="Meter">Its stages.</param>
/// <param name="Took">From begin to end.</param>
/// <param name="Processor">The processors' time.</param>
/// <param name="Masters">Customers after it.</param>
/// <param name="PeakMegabytes">The program's memory at its most, from its start.</param>
/// <param name="StoreMegabytes">The store's size.</param>
/// <param name="Growth">How it went as the store grew.</param>
internal sealed record MatchMeasure(
    string What, long Rows, MatchMeter Meter, TimeSpan Took, TimeSpan Processor, long Masters, double PeakMegabytes, double StoreMegabytes, IReadOnlyList<Growth> Growth)
{
    /// <summary>The stages in order, with what they took; landing is what is not matching.</summary>
    public IEnumerable<(string Stage, TimeSpan Took)> Stages =>
        Enum.GetValues<MatchStage>().Select(stage => (stage.ToString(), Meter[stage])).Prepend(("Land", Took - Meter.Total));
}
