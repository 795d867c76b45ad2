using Crm.Integration.Hub.Alerts;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Cli;
using Crm.Integration.Hub.Tests.Pipelines;
using Crm.Integration.Hub.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.Alerts;

public abstract class AlertLedgerTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private static readonly DateTimeOffset s_noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TestHub _hub = new(new TStore());
    private readonly FixedClock _clock = new(s_noon);
    private readonly ServiceStore _store;
    private readonly AlertLedger _ledger;
    private HubConfiguration _configuration;

    public AlertLedgerTests()
    {
        _store = new ServiceStore(MasterStore.EngineOf(_hub.Configuration.Settings.Store, _hub.Folder), _clock);
        _ledger = new AlertLedger(_store, _clock);
        _configuration = With(new AlertChannelSettings { Kind = AlertChannelKind.Webhook, Url = "http://127.0.0.1:9/" });
    }

    public void Dispose()
    {
        _store.Dispose();
        _hub.Dispose();
    }

    [Fact]
    public void Trouble_is_told_once_again_after_a_while_and_when_it_is_over()
    {
        Settle(Failed);
        Settle(Failed);
        Assert.Equal(["[hub] error: crm failed"], Subjects());

        _clock.Set(s_noon.AddHours(23));
        Settle(Failed);
        Assert.Single(Subjects());
        _clock.Set(s_noon.AddHours(25));
        Settle(Failed);
        Settle();
        Settle();
        Assert.Equal(["[hub] error: crm failed", "[hub] still error: crm failed", "[hub] recovered: crm failed"], Subjects());

        Settle(Failed);
        Assert.Equal("[hub] error: crm failed", Subjects()[^1]);
    }

    [Fact]
    public void What_becomes_worse_is_told_at_once()
    {
        Settle(Failed with { Severity = AlertSeverity.Warning });
        Settle(Failed);

        Assert.Equal(["[hub] warning: crm failed", "[hub] still error: crm failed"], Subjects());
    }

    [Fact]
    public void A_channel_hears_only_what_is_bad_enough_for_it()
    {
        _configuration = With(new AlertChannelSettings { Kind = AlertChannelKind.Webhook, Url = "http://127.0.0.1:9/", Least = AlertSeverity.Error });
        Settle(Failed with { Key = "counts:crm", Severity = AlertSeverity.Warning });
        Assert.Empty(Subjects());
        Settle(Failed);
        Assert.Single(Subjects());
    }

    [Fact]
    public void Warnings_wait_for_the_end_of_the_night_and_errors_do_not()
    {
        _configuration = With(new AlertChannelSettings { Kind = AlertChannelKind.Webhook, Url = "http://127.0.0.1:9/", Quiet = "22:00-06:00" });
        _clock.Set(s_noon.AddHours(11));
        Settle(Failed, Failed with { Key = "counts:crm", Severity = AlertSeverity.Warning });

        var due = _store.Read(store => store.Query<(string, long)>("select subject, due_at from alert_message order by id"));

        Assert.InRange(due[0].Item2, 0, s_noon.AddHours(11.1).ToUnixTimeMilliseconds());
        Assert.Equal(new DateTimeOffset(2026, 5, 2, 6, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), due[1].Item2);
    }

    [Fact]
    public async Task What_does_not_arrive_is_tried_again_and_nothing_is_lost()
    {
        await using var receiver = await Receiver.StartAsync();
        _configuration = With(new AlertChannelSettings { Kind = AlertChannelKind.Webhook, Url = receiver.Address, Secret = "key" });
        using var channel = new AlertChannel(TimeProvider.System);
        var messenger = new Messenger(_store, channel, NullLogger.Instance);
        Settle(Failed);

        receiver.Status = 503;
        await messenger.SendAsync(_configuration, TestContext.Current.CancellationToken);
        await messenger.SendAsync(_configuration, TestContext.Current.CancellationToken);
        Assert.Single(receiver.Bodies);
        Assert.Contains("answered 503", messenger.Troubles["it"], StringComparison.Ordinal);

        receiver.Status = 200;
        _clock.Set(s_noon.AddMinutes(5));
        await messenger.SendAsync(_configuration, TestContext.Current.CancellationToken);
        await messenger.SendAsync(_configuration, TestContext.Current.CancellationToken);
        Assert.Equal(2, receiver.Bodies.Count);
        Assert.Empty(messenger.Troubles);
        Assert.Contains("\"title\":\"crm failed\"", receiver.Bodies[1], StringComparison.Ordinal);
        Assert.Equal("sha256=" + Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("key"u8, System.Text.Encoding.UTF8.GetBytes(receiver.Bodies[1]))), receiver.Signatures[1]);
    }

    [Theory]
    [InlineData(AlertChannelKind.Slack, "{\"text\":\"*[hub] error: crm failed*")]
    [InlineData(AlertChannelKind.Teams, "{\"type\":\"message\",\"attachments\":[{\"contentType\":\"application/vnd.microsoft.card.adaptive\"")]
    [InlineData(AlertChannelKind.Wecom, "{\"msgtype\":\"markdown\",\"markdown\":{\"content\":\"**[hub] error: crm failed**")]
    public async Task Each_kind_of_channel_gets_its_own_form(AlertChannelKind kind, string begin)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = """{"errcode":0}""";
        using var channel = new AlertChannel(TimeProvider.System);

        await channel.SendAsync(new AlertChannelSettings { Kind = kind, Url = receiver.Address }, Message(), TestContext.Current.CancellationToken);

        Assert.StartsWith(begin, receiver.Bodies.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_robot_that_refuses_with_status_200_has_refused()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = """{"errcode":93000,"errmsg":"invalid webhook url"}""";
        using var channel = new AlertChannel(TimeProvider.System);

        var refused = await Assert.ThrowsAsync<AlertException>(() => channel.SendAsync(new AlertChannelSettings { Kind = AlertChannelKind.Wecom, Url = receiver.Address + "?key=canary" }, Message(), TestContext.Current.CancellationToken));

        Assert.Equal("127.0.0.1 refused it with code 93000", refused.Message);
    }

    [Fact]
    public void A_digest_is_written_once_for_a_day_and_only_for_those_who_want_it()
    {
        _configuration = With(new AlertChannelSettings { Kind = AlertChannelKind.Webhook, Url = "http://127.0.0.1:9/", Digest = true });
        using var store = _hub.Open();
        for (var i = 0; i < 2; i++)
            _ledger.Digest(s_noon, _configuration, () => Digest.Write(store, _store, _configuration, _clock));

        Assert.Equal(["[hub] nothing ran in the last day"], Subjects());
    }

    private static Condition Failed => new("run:crm", AlertSeverity.Error, "crm failed", "the source does not answer", "try `hub check crm`");

    private static AlertMessage Message() => new() { Event = AlertEvent.Opened, Alert = "run:crm", Severity = AlertSeverity.Error, Title = "crm failed", Text = "why", Hub = "here" };

    private HubConfiguration With(AlertChannelSettings channel) =>
        _hub.Configuration with { Settings = _hub.Configuration.Settings with { Service = new ServiceSettings { Alerts = new AlertSettings { Channels = new Dictionary<string, AlertChannelSettings> { ["it"] = channel } } } } };

    private void Settle(params Condition[] conditions) => _ledger.Settle(conditions, _configuration);

    private List<string> Subjects() => _store.Read(store => store.Query<string>("select subject from alert_message order by id"));
}

public sealed class AlertLedgerOnSqliteTests : AlertLedgerTests<SqliteStore>;

public sealed class AlertLedgerOnPostgreSqlTests : AlertLedgerTests<PostgreSqlStore>;
