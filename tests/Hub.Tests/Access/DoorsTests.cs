using System.Net;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Tests.Cli;
using Microsoft.AspNetCore.Http;

namespace Crm.Integration.Hub.Tests.Access;

public sealed class DoorsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8090")]
    [InlineData("http://localhost:8090")]
    [InlineData("http://[::1]:0")]
    public void On_this_machine_the_service_listens_as_it_is_told(string listen) => ListenRules.Check(new ServiceSettings { Listen = listen }, () => false);

    [Theory]
    [InlineData("http://0.0.0.0:8090", "travel readably")]
    [InlineData("http://*:8090", "travel readably")]
    [InlineData("http://[::]:8090", "travel readably")]
    [InlineData("http://192.0.2.1:8090", "travel readably")]
    [InlineData("http://127.0.0.1:8090;http://hub.example.com:8090", "travel readably")]
    [InlineData("https://127.0.0.1:8443", "needs a certificate")]
    [InlineData("127.0.0.1:8090", "no address to listen on")]
    [InlineData("", "names no address")]
    public void Elsewhere_it_refuses_to_listen_without_tls(string listen, string why) =>
        Assert.Contains(why, Assert.Throws<RefusedException>(() => ListenRules.Check(new ServiceSettings { Listen = listen }, () => true)).Message, StringComparison.Ordinal);

    [Fact]
    public void Elsewhere_it_refuses_to_listen_without_an_admin()
    {
        var settings = new ServiceSettings { Listen = "https://0.0.0.0:8443", Tls = new TlsSettings { Certificate = "hub.pem" } };

        Assert.Contains("hub token create", Assert.Throws<RefusedException>(() => ListenRules.Check(settings, () => false)).Fix, StringComparison.Ordinal);
        ListenRules.Check(settings, () => true);
        ListenRules.Check(new ServiceSettings { Listen = "http://0.0.0.0:8090", AllowPlainHttp = true }, () => true);
    }

    [Theory]
    [InlineData("localhost:8090", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]:8090", true)]
    [InlineData("192.0.2.7:8090", true)]
    [InlineData("hub.example.com", true)]
    [InlineData("crm.internal:8090", true)]
    [InlineData("evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    public void It_answers_to_its_own_names_only(string host, bool answers)
    {
        var doors = new Doors(new ServiceSettings { PublicAddress = "https://hub.example.com", Access = new AccessSettings { Hosts = ["crm.internal"] } });

        Assert.Equal(answers, doors.Answers(new HostString(host)));
    }

    [Theory]
    [InlineData("10.1.2.3", "", "10.1.2.3")]
    [InlineData("10.1.2.3", "192.0.2.9", "192.0.2.9")]
    [InlineData("10.1.2.3", "198.51.100.1, 192.0.2.9", "192.0.2.9")]
    [InlineData("10.1.2.3", "198.51.100.1, 192.0.2.9, 10.9.9.9", "192.0.2.9")]
    [InlineData("10.1.2.3", "nonsense", "10.1.2.3")]
    [InlineData("192.0.2.1", "198.51.100.1", "192.0.2.1")]
    [InlineData("::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1")]
    public void Only_its_own_proxies_are_believed(string from, string said, string address)
    {
        var doors = new Doors(new ServiceSettings { Access = new AccessSettings { Proxies = ["10.0.0.0/8"] } });
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(from);
        if (said.Length > 0)
            context.Request.Headers["X-Forwarded-For"] = said;

        Assert.Equal(IPAddress.Parse(address), doors.AddressOf(context));
    }

    [Fact]
    public void Addresses_are_let_in_by_what_they_come_for()
    {
        var doors = new Doors(new ServiceSettings { Access = new AccessSettings { Api = ["10.0.0.0/8"], Hooks = ["192.0.2.17", "2001:db8::/32"] } });

        Assert.True(doors.Admits(IPAddress.Parse("10.1.2.3"), "/api/runs"));
        Assert.True(doors.Admits(IPAddress.Parse("::ffff:10.1.2.3"), "/api/runs"));
        Assert.False(doors.Admits(IPAddress.Parse("192.0.2.17"), "/api/runs"));
        Assert.False(doors.Admits(null, "/metrics"));
        Assert.True(doors.Admits(IPAddress.Parse("192.0.2.17"), "/hooks/shop/orders"));
        Assert.True(doors.Admits(IPAddress.Parse("2001:db8::5"), "/hooks/shop/orders"));
        Assert.False(doors.Admits(IPAddress.Parse("192.0.2.18"), "/HOOKS/shop/orders"));
        Assert.True(doors.Admits(IPAddress.Parse("203.0.113.1"), "/health/live"));
        Assert.Throws<RefusedException>(() => new Doors(new ServiceSettings { Access = new AccessSettings { Api = ["10.0.0.300"] } }));
    }

    [Fact]
    public void Wrong_tokens_make_an_address_wait_longer_and_longer()
    {
        var clock = new FixedClock(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        var wrong = new WrongTokens(clock);
        var address = IPAddress.Parse("192.0.2.1");
        for (var i = 0; i < 5; i++)
            Assert.Equal(TimeSpan.Zero, wrong.Count(address));

        Assert.Equal(1, wrong.Count(address).TotalSeconds);
        Assert.InRange(wrong.Count(address).TotalSeconds, 0.5, 1);
        clock.Set(clock.GetUtcNow().AddSeconds(1));
        Assert.Equal(2, wrong.Count(address).TotalSeconds);
        Assert.Equal(TimeSpan.Zero, wrong.Count(IPAddress.Parse("192.0.2.2")));
        for (var i = 0; i < 30; i++)
        {
            clock.Set(clock.GetUtcNow().AddMinutes(15));
            Assert.InRange(wrong.Count(address), TimeSpan.Zero, TimeSpan.FromMinutes(15));
        }
    }

    [Fact]
    public void Who_has_a_network_of_addresses_is_one_who_waits()
    {
        var wrong = new WrongTokens(TimeProvider.System);
        for (var i = 1; i <= 5; i++)
            wrong.Count(IPAddress.Parse($"2001:db8::{i}"));

        Assert.NotEqual(TimeSpan.Zero, wrong.Count(IPAddress.Parse("2001:db8::99")));
        Assert.Equal(TimeSpan.Zero, wrong.Count(IPAddress.Parse("2001:db8:0:1::1")));
    }
}
