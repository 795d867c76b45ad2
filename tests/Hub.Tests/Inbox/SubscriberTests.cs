using System.Collections.Concurrent;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Inbox;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.Inbox;

/// <summary>Systems are asked to send webhooks, and asked again.</summary>
public sealed class SubscriberTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TestHub _hub = new();
    private readonly HookSystem _hooks;
    private readonly SubscriptionState _state = new();
    private readonly ConcurrentQueue<(string Streams, Uri Address)> _asked = [];

    public SubscriberTests()
    {
        var crm = _hub.Inbound("crm");
        crm.SendsWebhooks = true;
        _hooks = new HookSystem(crm);
        crm.OnOpen = _ => _hooks;
        _hub.Inbound("files");
    }

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task A_system_is_asked_to_send_to_the_public_address_and_again_when_it_said()
    {
        _hooks.Subscribes = (streams, address) =>
        {
            _asked.Enqueue((string.Join(' ', streams), address));
            return _asked.Count < 3 ? TimeProvider.System.GetUtcNow().AddMilliseconds(100) : null;
        };

        await WhileItRunsAsync(new LiveConfiguration(Configuration("https://hub.example.com/")), () => _asked.Count >= 3 && _state.All.Count == 1 && _state.All[0].NextAt is null);

        Assert.All(_asked, asked => Assert.Equal(("people", new Uri("https://hub.example.com/hooks/crm")), asked));
        Assert.Equal("crm", Assert.Single(_state.All).Connection);
    }

    [Fact]
    public async Task A_refusal_is_told_and_tried_again_when_the_configuration_changes()
    {
        var refusing = true;
        _hooks.Subscribes = (streams, address) =>
        {
            _asked.Enqueue((string.Join(' ', streams), address));
            return refusing ? throw new ConnectorException(FailureKind.Configuration, "crm opens no channel", "look at the address") : null;
        };
        var live = new LiveConfiguration(Configuration("https://hub.example.com"));

        await WhileItRunsAsync(live, () =>
        {
            if (refusing && _state.All is [{ Problem: not null }])
            {
                Assert.Equal(("crm opens no channel", "look at the address"), (_state.All[0].Problem, _state.All[0].Fix));
                Assert.True(_state.All[0].NextAt > TimeProvider.System.GetUtcNow().AddSeconds(30));
                refusing = false;
                live.Replace(Configuration("https://hub.example.org"));
            }

            return !refusing && _state.All is [{ Problem: null }];
        });

        Assert.Equal(["hub.example.com", "hub.example.org"], _asked.Select(asked => asked.Address.Host));
    }

    [Fact]
    public async Task Without_a_public_address_nobody_is_asked()
    {
        _hooks.Subscribes = (streams, address) =>
        {
            _asked.Enqueue((string.Join(' ', streams), address));
            return null;
        };
        var live = new LiveConfiguration(Configuration(null));
        var looked = 0;

        await WhileItRunsAsync(live, () => ++looked > 3);

        Assert.Empty(_asked);
        Assert.Empty(_state.All);
    }

    [Theory]
    [InlineData("https://hub.example.com", 60, "60m")]
    [InlineData("https://hub.example.com", 0, null)]
    [InlineData(null, 60, null)]
    public void What_takes_webhooks_and_has_no_trigger_is_swept(string? address, int minutes, string? every)
    {
        var configuration = Configuration(address, minutes);

        var triggers = configuration.Pipelines.ToDictionary(pipeline => pipeline.Name, pipeline => Sweeps.TriggersOf(pipeline, configuration.Settings));

        Assert.Equal(every, triggers["crm"].SingleOrDefault()?.Every);
        Assert.Empty(triggers["files"]);
    }

    private HubConfiguration Configuration(string? publicAddress, int sweepMinutes = 60) => _hub.Configuration with
    {
        Settings = _hub.Configuration.Settings with { Service = new ServiceSettings { PublicAddress = publicAddress, Hooks = new HookSettings { SweepMinutes = sweepMinutes } } },
    };

    private async Task WhileItRunsAsync(LiveConfiguration live, Func<bool> isDone)
    {
        var clock = TimeProvider.System;
        var engine = MasterStore.EngineOf(live.Current.Settings.Store, live.Current.Folder);
        using var subscriber = new Subscriber(live, engine, _state, new SecretRedactor(), clock, NullLoggerFactory.Instance);
        await subscriber.StartAsync(TestContext.Current.CancellationToken);
        for (var began = clock.GetTimestamp(); !isDone(); await Task.Delay(TimeSpan.FromMilliseconds(20), clock, TestContext.Current.CancellationToken))
            Assert.True(clock.GetElapsedTime(began) < s_patience, "in vain");
        await subscriber.StopAsync(TestContext.Current.CancellationToken);
    }
}
