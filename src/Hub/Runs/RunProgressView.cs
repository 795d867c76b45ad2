using System.Collections.Concurrent;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Crm.Integration.Hub.Runs;

/// <summary>How far a run has come: bars on a terminal, a line now and then elsewhere. Written to stderr.</summary>
internal static class RunProgressView
{
    /// <summary>Does some work and shows its progress.</summary>
    /// <param name="console">stderr.</param>
    /// <param name="clock">The time.</param>
    /// <param name="work">The work; it reports to the progress it is given, from any thread.</param>
    public static async Task<T> WatchAsync<T>(IAnsiConsole console, TimeProvider clock, Func<IProgress<RunProgress>, Task<T>> work)
    {
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
            return await work(new ProgressLines(console, clock));

        var paces = new ConcurrentDictionary<int, Pace>();
        var bars = console.Progress().AutoClear(true).Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn { Width = 24 },
            new PaceColumn(paces));
        return await bars.StartAsync(context => work(new ProgressBars(context, paces, clock)));
    }

    /// <summary>"pulling", "matching" …</summary>
    internal static string Doing(string phase) => phase switch
    {
        "pull" => "pulling",
        "match" => "matching",
        "push" => "pushing",
        "compare" => "comparing",
        _ => phase,
    };

    private sealed class ProgressBars(ProgressContext context, ConcurrentDictionary<int, Pace> paces, TimeProvider clock) : IProgress<RunProgress>
    {
        private readonly Dictionary<(string Pipeline, string Phase), (ProgressTask Task, Pace Pace)> _bars = [];
        private ProgressTask? _current;

        public void Report(RunProgress value)
        {
            lock (_bars)
            {
                var key = (value.Pipeline, value.Phase);
                if (!_bars.TryGetValue(key, out var bar))
                {
                    var task = context.AddTask(Markup.Escape($"{value.Pipeline} {Doing(value.Phase)}"), maxValue: 1);
                    _bars[key] = bar = (task, new Pace(clock));
                    paces[task.Id] = bar.Pace;
                }

                // A new phase begins where the one before has ended.
                if (_current is not null && _current != bar.Task)
                {
                    _current.IsIndeterminate = false;
                    _current.Value = 1;
                    paces[_current.Id].End();
                }

                _current = bar.Task;
                bar.Pace.Update(value.Done, value.Share);
                bar.Task.IsIndeterminate = value.Share is null;
                if (value.Share is { } share)
                    bar.Task.Value = Math.Clamp(share, 0, 1);
            }
        }
    }

    private sealed class PaceColumn(ConcurrentDictionary<int, Pace> paces) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Markup(paces.TryGetValue(task.Id, out var pace) ? $"[grey]{Markup.Escape(pace.Text)}[/]" : "");
    }
}
