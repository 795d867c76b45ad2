using System.Security.Authentication;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Store.SqlServer;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

public sealed class SqlServerErrorsTests
{
    private const string Place = "db.example, database crm, schema hub";

    [Theory]
    [InlineData(18456, "did not let the hub in", "Password")]
    [InlineData(4060, "no such database", "docs/stores.md")]
    [InlineData(229, "lacks a right", "docs/stores.md")]
    [InlineData(208, "a table of the hub is missing", "backup")]
    [InlineData(1205, "another transaction was in the way", "run again")]
    [InlineData(1222, "for more than a minute", "sp_who2")]
    [InlineData(-2, "did not answer in time", "Command Timeout")]
    [InlineData(1105, "disk or file that holds the database is full", "free some space")]
    [InlineData(9002, "transaction log of the database is full", "back up the log")]
    [InlineData(3906, "cannot be written now", "primary")]
    [InlineData(701, "short of memory", "memory")]
    [InlineData(10061, "cannot be reached", "firewall")]
    public void Each_error_says_what_happened_where_and_what_to_do(int number, string what, string fix)
    {
        var told = Translate(SqlErrors.Of(number))!;

        Assert.Contains(what, told.Message, StringComparison.Ordinal);
        Assert.Contains(Place, told.Message, StringComparison.Ordinal);
        Assert.Contains(fix, told.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_is_not_trusted_is_not_an_invitation_to_turn_encryption_off()
    {
        var told = Translate(SqlErrors.Of(-2146893019, "A connection was successfully established, but then an error occurred during the pre-login handshake.", 20, new AuthenticationException("The remote certificate was rejected")))!;

        Assert.Contains("certificate of the server is not trusted", told.Message, StringComparison.Ordinal);
        Assert.Contains("TrustServerCertificate=true", told.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("Encrypt=false", told.Fix, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(2627, "Violation of PRIMARY KEY constraint 'source_key_key'. Cannot insert duplicate key in object 'hub.source_key'. The duplicate key value is (1, ann@mail.example, 32).", "source_key_key hub.source_key")]
    [InlineData(2628, "String or binary data would be truncated in table 'crm.hub.source_record', column 'source_id'. Truncated value: 'ann@mail.example'.", "crm.hub.source_record source_id")]
    public void A_value_that_the_server_quotes_goes_no_further(int number, string message, string named)
    {
        var told = Translate(SqlErrors.Of(number, message))!;

        Assert.Contains(named, told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ann@mail.example", told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_the_bulk_copy_refuses_is_told_as_the_server_would()
    {
        var told = Translate(new InvalidOperationException("String or binary data would be truncated in table 'hub.source_record', column 'source_id'. Truncated value: 'ann@mail.example'."))!;

        Assert.Contains("longer than its column", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ann@mail.example", told.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1205, true)]
    [InlineData(3960, true)]
    [InlineData(1222, true)]
    [InlineData(10054, true)]
    [InlineData(40613, true)]
    [InlineData(18456, false)]
    [InlineData(2627, false)]
    [InlineData(9002, false)]
    [InlineData(208, false)]
    public void What_may_pass_by_itself_is_told_from_what_needs_a_person(int number, bool transient) => Assert.Equal(transient, SqlServerErrors.IsTransient(SqlErrors.Of(number)));

    [Fact]
    public void What_is_not_the_servers_is_left_to_others() => Assert.Null(Translate(new InvalidOperationException("something else")));

    private static StoreException? Translate(Exception exception) => SqlServerErrors.Translate(exception, Place);
}
