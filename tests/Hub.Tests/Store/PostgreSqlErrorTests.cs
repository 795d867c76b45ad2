using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Store.PostgreSql;
using Npgsql;

namespace Crm.Integration.Hub.Tests.Store;

/// <summary>What goes wrong with a server is said so that somebody can act on it at three in the morning.</summary>
public sealed class PostgreSqlErrorTests
{
    [Fact]
    public void A_server_that_is_not_there() =>
        AssertSays(Failure("Host=127.0.0.1;Port=1;Username=hub;Password=geheim;Database=hub"), "nothing listens at 127.0.0.1:1/hub", "listen_addresses");

    [Fact]
    public void A_name_that_leads_nowhere() =>
        AssertSays(Failure("Host=no-such-host.invalid;Username=hub;Password=geheim;Database=hub;Timeout=3"), "no-such-host.invalid", "hub.json");

    [Fact]
    public void A_connection_string_that_is_none() => AssertSays(Failure("Hots=x;Password=geheim"), "is not one that PostgreSQL's client understands", "Host=db.example.com");

    [Fact]
    public void A_database_that_does_not_exist() => AssertSays(Failure(Change(to => to.Database = "nowhere")), "does not exist", "create database");

    [Fact]
    public void A_user_that_the_server_does_not_know() => AssertSays(Failure(Change(to => to.Username = "nobody_at_all")), "does not let this user in", "pg_hba.conf");

    [Fact]
    public void A_user_without_the_right_to_make_the_schema()
    {
        using var test = new PostgreSqlStore();
        var user = "user_of_" + test.Schema;
        PostgreSqlStore.Execute($"create role {user} login");
        try
        {
            AssertSays(Failure(Change(to => (to.Username, to.SearchPath) = (user, test.Schema))), "lacks a right", $"create schema {test.Schema} authorization");
        }
        finally
        {
            PostgreSqlStore.Execute($"drop role {user}");
        }
    }

    [Fact]
    public void A_key_longer_than_an_index_takes()
    {
        using var test = new PostgreSqlStore();
        using var store = test.Open("");
        using var transaction = store.Begin();
        var random = new Random(1);
        var text = string.Concat(Enumerable.Range(0, 6000).Select(_ => (char)random.Next(33, 126)));
        var thrown = Assert.ThrowsAny<Exception>(() => transaction.Execute("insert into setting (name, value) values (@text, '')", new { text }));
        AssertSays(store.Explain(thrown)!, "refuses a value", "2,700 bytes");
        Assert.DoesNotContain(text[..20], store.Explain(thrown)!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("40P01", true)]
    [InlineData("40001", true)]
    [InlineData("57P01", true)]
    [InlineData("08006", true)]
    [InlineData("53100", false)]
    [InlineData("23505", false)]
    [InlineData("42501", false)]
    public void Only_what_may_pass_is_tried_again(string state, bool again)
    {
        var exception = new PostgresException("text", "ERROR", "ERROR", state);
        Assert.Equal(again, PostgreSqlErrors.IsTransient(exception));
        Assert.NotEqual("", PostgreSqlErrors.Translate(exception, "place", "hub")!.Fix);
    }

    [Fact]
    public void A_value_that_the_server_quotes_is_not_shown() =>
        Assert.DoesNotContain("anna@", PostgreSqlErrors.Translate(new PostgresException("invalid input syntax: \"anna@mail.example\"", "ERROR", "ERROR", "22P02"), "place", "hub")!.Message, StringComparison.Ordinal);

    [Fact]
    public void The_place_names_no_password() =>
        Assert.Equal("db:5433/crm (schema sales)", new PostgreSqlEngine("Host=db;Port=5433;Database=crm;Username=u;Password=geheim;Search Path=sales").Place);

    private static string Change(Action<NpgsqlConnectionStringBuilder> change)
    {
        Assert.SkipWhen(PostgreSqlStore.Server is null, "server: PostgreSQL (HUB_TEST_POSTGRES names none)");
        var builder = new NpgsqlConnectionStringBuilder(PostgreSqlStore.Server);
        change(builder);
        return builder.ToString();
    }

    private static StoreException Failure(string connectionString) => Assert.Throws<StoreException>(() =>
    {
        using var store = MasterStore.Open(new PostgreSqlEngine(connectionString), TimeProvider.System);
    });

    private static void AssertSays(StoreException exception, string message, string fix)
    {
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Contains(fix, exception.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", exception.Message + exception.Fix, StringComparison.Ordinal);
    }
}
