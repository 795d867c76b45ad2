using Crm.Integration.Hub.Cli;
using Spectre.Console;

namespace Crm.Integration.Hub.Runs;

/// <summary>Progress where nobody watches: a line every few seconds, for the log of a scheduler. A short run writes none.</summary>
/// <param name="console">stderr.</param>
/// <param name="clock">The time.</param>
internal sealed class ProgressLines(IAnsiConsole console, TimeProvider clock) : IProgress<RunProgress>
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private (string Pipeline, string Phase) _at;
    private Pace _pace = new(clock);
    private long _written = clock.GetTimestamp();

    public void Report(RunProgress value)
    {
        lock (_lock)
        {
            if (_at != (value.Pipeline, value.Phase))
            {
                _at = (value.Pipeline, value.Phase);
                _pace = new Pace(clock);
            }

            _pace.Update(value.Done, value.Share);
            if (clock.GetElapsedTime(_written) < s_every)
                return;
            _written = clock.GetTimestamp();
            var share = value.Share is { } part ? FormattableString.Invariant($"{part:P0}, ").Replace(" %", "%", StringComparison.Ordinal) : "";
            console.WritePlain($"{value.Pipeline} {RunProgressView.Doing(value.Phase)}: {share}{_pace.Text}");
        }
    }
}
