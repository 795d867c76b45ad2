using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Bench;

/// <summary>Watches a store grow: how fast each million of records is matched, and what memory it takes.</summary>
/// <param name="meter">The run's meter.</param>
/// <param name="step">How many records make a line.</param>
/// <param name="inner">Hears the progress, too.</param>
internal sealed class GrowthWatch(MatchMeter meter, long step, IProgress<RunProgress> inner) : IProgress<RunProgress>
{
    private long _records;
    private TimeSpan _matching;

    /// <summary>The lines so far.</summary>
    public List<Growth> Lines { get; } = [];

    /// <inheritdoc/>
    public void Report(RunProgress value)
    {
        inner.Report(value);
        if (meter.Records < _records + step)
            return;
        var matching = meter.Total;
        Lines.Add(new Growth(meter.Records, (meter.Records - _records) / (matching - _matching).TotalSeconds, Environment.WorkingSet / 1e6));
        (_records, _matching) = (meter.Records, matching);
    }
}

/// <summary>The store at some size.</summary>
/// <param name="Records">Records matched so far.</param>
/// <param name="PerSecond">How many of the last of them were matched a second.</param>
/// <param name="Megabytes">The program's memory then.</param>
internal sealed record Growth(long Records, double PerSecond, double Megabytes);
