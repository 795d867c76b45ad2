using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Store.SqlServer;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

public sealed class SqlServerConnectionsTests
{
    [Fact]
    public void The_place_names_server_and_database_and_never_the_password() =>
        Assert.Equal("db.example,1433, database crm, schema hub", new SqlServerConnections("Server=db.example,1433;Database=crm;User ID=hub;Password=pst!").Place);

    [Theory]
    [InlineData("Server=db.example;Passwort=pst!;Database=hub", "Keyword not supported: 'passwort'")]
    [InlineData("pst!", "is not a connection string")]
    [InlineData("Database=hub;Password=pst!", "names no server")]
    [InlineData("Server=db.example;Password=pst!", "names no database")]
    [InlineData("Server=db.example;Database=hub;Encrypt=pst!", "is not a connection string")]
    public void A_string_that_cannot_be_used_is_refused_without_repeating_it(string text, string part)
    {
        var failure = Assert.Throws<StoreException>(() => new SqlServerConnections(text));

        Assert.Contains(part, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pst!", failure.Message + failure.Fix + failure.InnerException, StringComparison.Ordinal);
        Assert.Contains("Server=db.example;Database=hub", failure.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Server=s;Database=d", true)]
    [InlineData("Server=s;Database=d;Encrypt=strict", true)]
    [InlineData("Server=s;Database=d;Encrypt=false", false)]
    public void The_line_is_encrypted_unless_somebody_turns_it_off(string text, bool encrypted) => Assert.Equal(encrypted, new SqlServerConnections(text).Encrypted);

    [Fact]
    public void A_port_where_nobody_listens_is_told_of_within_seconds()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        var engine = new SqlServerEngine(FormattableString.Invariant($"Server=127.0.0.1,{port};Database=hub;User ID=hub;Password=secret"));
        var watch = Stopwatch.StartNew();

        var failure = Assert.Throws<StoreException>(engine.Open);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.StartsWith(FormattableString.Invariant($"SQL Server cannot be reached, or the line broke (127.0.0.1,{port}, database hub"), failure.Message, StringComparison.Ordinal);
        Assert.Contains("firewall", failure.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
        Assert.True(SqlServerErrors.IsTransient(failure));
    }
}
