using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.Triggers;

public sealed class ReloadTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryHub _hub = new();
    private readonly ReloadState _state = new();
    private readonly LiveConfiguration _live;
    private readonly ConfigurationWatch _watch;
    private int _changes;

    public ReloadTests()
    {
        _hub.Write("connections/shop.json", """{ "connector": "csv", "folder": "in" }""");
        _hub.Write("pipelines/shop.json", Pipeline("""{ "every": "1h" }"""));
        _live = new LiveConfiguration(HubConfiguration.Load(_hub.Folder));
        _live.Changed += _ => _changes++;
        _watch = new ConfigurationWatch(new ConfigurationSource(_live.Current, null, new SecretRedactor(), TimeProvider.System), _live, _state, TimeProvider.System, NullLoggerFactory.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _watch.Dispose();
        _hub.Dispose();
    }

    [Fact]
    public async Task A_good_configuration_takes_the_place_of_the_old_one_and_a_bad_one_does_not()
    {
        await _watch.StartAsync(Token);

        _hub.Write("pipelines/shop.json", Pipeline("""{ "every": "2h" }"""));
        await UntilAsync(() => _changes == 1);
        Assert.Equal("2h", Every());
        Assert.Empty(_state.Last!.Problems);

        _hub.Write("pipelines/shop.json", Pipeline("""{ "every": "never" }"""));
        await UntilAsync(() => _state.Last!.Problems.Count > 0);
        Assert.Contains("'never' is not a length of time", Assert.Single(_state.Last!.Problems).ToString(), StringComparison.Ordinal);
        Assert.Equal((1, "2h"), (_changes, Every()));

        _hub.Write("pipelines/shop.json", Pipeline("""{ "every": "3h" }"""));
        await UntilAsync(() => _changes == 2);
        Assert.Equal("3h", Every());
        Assert.Empty(_state.Last!.Problems);
        await _watch.StopAsync(Token);
    }

    [Fact]
    public async Task What_needs_a_restart_is_named_and_stays_as_it_was()
    {
        await _watch.StartAsync(Token);

        _hub.Write("hub.json", """{ "store": { "connectionString": "Data Source=data/other.db" }, "service": { "listen": "http://127.0.0.1:1", "parallelRuns": 7 } }""");
        await UntilAsync(() => _changes == 1);

        Assert.Equal(["store", "service.listen"], _state.Last!.RestartNeeded);
        Assert.Equal(("Data Source=data/hub.db", 7), (_live.Current.Settings.Store.ConnectionString, _live.Current.Settings.Service.ParallelRuns));
        await _watch.StopAsync(Token);
    }

    [Fact]
    public async Task It_is_read_anew_when_it_is_asked_for()
    {
        await _watch.StartAsync(Token);

        _watch.Reload();

        await UntilAsync(() => _changes == 1);
        await _watch.StopAsync(Token);
    }

    private static string Pipeline(string trigger) => TemporaryHub.Inbound($$""", "trigger": {{trigger}}""");

    private string? Every() => _live.Current.Pipelines.Single().Settings.Trigger.Single().Every;

    private static async Task UntilAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < s_patience, "it did not come to that");
            await Task.Delay(20, Token);
        }
    }
}
