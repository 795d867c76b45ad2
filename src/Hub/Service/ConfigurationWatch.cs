using System.Runtime.InteropServices;
using System.Threading.Channels;
using Crm.Integration.Hub.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Service;

/// <summary>
/// Watches the hub folder: a configuration that was changed takes the place of the one in use, if it has no mistakes. Runs that have begun end
/// as they began.
/// </summary>
/// <param name="source">Reads it.</param>
/// <param name="live">The configuration in use.</param>
/// <param name="state">What came of the last change.</param>
/// <param name="clock">The time.</param>
/// <param name="loggers">Makes loggers.</param>
internal sealed class ConfigurationWatch(ConfigurationSource source, LiveConfiguration live, ReloadState state, TimeProvider clock, ILoggerFactory loggers) : BackgroundService
{
    // Not every file system tells of changes, and none tells of all.
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(5);

    // An editor writes in steps, and several files belong together.
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(500);

    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ILogger _log = loggers.CreateLogger("hub.configuration");
    private volatile bool _asked;

    private string _known = source.FirstMarks;

    /// <summary>Reads the configuration now, also where no file has changed: a secret may have.</summary>
    public void Reload()
    {
        _asked = true;
        _news.Writer.TryWrite(true);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var signal = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            Reload();
        });
        using var events = Events();
        try
        {
            while (true)
            {
                await WaitAsync(s_poll, stoppingToken);
                var now = source.Marks(live.Current);
                if (!_asked && now == _known)
                    continue;
                for (var settled = ""; settled != now; now = source.Marks(live.Current))
                {
                    settled = now;
                    await Task.Delay(s_settle, clock, stoppingToken);
                }

                _asked = false;
                _known = now;
                Take();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _log.LogDebug("the configuration is watched no more");
        }
    }

    private void Take()
    {
        try
        {
            var loaded = source.Read();
            if (loaded.Configuration is { } next)
                Take(next);
            else
                Refuse(loaded.Problems);
        }
        catch (Exception exception)
        {
            Refuse([new ConfigurationProblem(ConfigurationLoader.HubFile, 0, 0, $"the hub folder cannot be read: {exception.Message}", "it is tried again when a file in it changes, or at SIGHUP")]);
        }
    }

    private void Take(HubConfiguration next)
    {
        var old = live.Current;
        List<string> restart = [];
        if (next.Settings.Store != old.Settings.Store)
            restart.Add("store");
        if (next.Settings.Service.Listen != old.Settings.Service.Listen)
            restart.Add("service.listen");
        state.Last = new(clock.GetUtcNow(), [], restart);
        live.Replace(next with
        {
            Settings = next.Settings with { Store = old.Settings.Store, Service = next.Settings.Service with { Listen = old.Settings.Service.Listen } },
        });
        _log.LogInformation("the configuration was changed and is used from now on: {Pipelines} pipelines", next.Pipelines.Count);
        if (restart.Count > 0)
            _log.LogWarning("{Settings} in hub.json: a change takes effect when the service is started again", string.Join(" and ", restart));
    }

    private void Refuse(IReadOnlyList<ConfigurationProblem> problems)
    {
        state.Last = new(clock.GetUtcNow(), problems, state.Last?.RestartNeeded ?? []);
        foreach (var problem in problems)
            _log.LogError("{Problem}", problem);
        _log.LogError("the configuration was changed and has {Count} mistakes: the service goes on with the one it had", problems.Count);
    }

    private FileSystemWatcher? Events()
    {
        try
        {
            var watcher = new FileSystemWatcher(source.Folder, "*.json") { IncludeSubdirectories = true };
            watcher.Changed += Heard;
            watcher.Created += Heard;
            watcher.Deleted += Heard;
            watcher.Renamed += Heard;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            _log.LogInformation("the system does not tell of changed files ({Problem}): they are looked for every {Seconds} seconds", exception.Message, s_poll.TotalSeconds);
            return null;
        }

        void Heard(object sender, FileSystemEventArgs change) => _news.Writer.TryWrite(true);
    }

    private async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var news = _news.Reader.WaitToReadAsync(over.Token).AsTask();
        await Task.WhenAny(news, Task.Delay(atMost, clock, over.Token));
        await over.CancelAsync();
        _news.Reader.TryRead(out _);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
