using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Cli;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.Access;

/// <summary>Tokens and the audit log, on every engine.</summary>
public abstract class AccessTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private readonly TStore _test = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-access-").FullName;
    private readonly FixedClock _clock = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly StoreEngine _engine;
    private readonly ApiTokens _tokens;
    private readonly AuditLog _audit;

    protected AccessTests()
    {
        _engine = MasterStore.EngineOf(_test.Settings, _folder);
        _tokens = new ApiTokens(_engine, _clock);
        _audit = new AuditLog(_engine, _clock);
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _audit.Dispose();
        _test.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_token_is_found_by_its_text_and_kept_nowhere()
    {
        var (token, text) = _tokens.Create("anna", Role.Steward, ["runs", "customers"], null, "root");

        var found = _tokens.Find(text);

        Assert.Equal("anna", found!.Name);
        Assert.Equal(Role.Steward, found.Role);
        Assert.Equal(["customers", "runs"], token.Scopes);
        Assert.True(found.IsFor("runs"));
        Assert.False(found.IsFor("tokens"));
        using var store = MasterStore.Open(_engine.Service, _clock);
        Assert.DoesNotContain(store.Query<string>("select hash from api_token"), hash => hash.Contains(text, StringComparison.Ordinal) || text.Contains(hash, StringComparison.Ordinal));
    }

    [Fact]
    public void A_changed_token_is_none()
    {
        var text = _tokens.Create("anna", Role.Viewer, [], null, "root").Text;

        for (var i = 0; i < text.Length; i++)
            Assert.Null(_tokens.Find($"{text[..i]}{(text[i] == 'x' ? 'y' : 'x')}{text[(i + 1)..]}"));
        Assert.Null(_tokens.Find(text + "A"));
        Assert.Null(_tokens.Find(TokenText.New()));
        Assert.Null(_tokens.Find(""));
    }

    [Fact]
    public void A_revoked_token_counts_no_more_on_another_node_within_moments()
    {
        using var other = new ApiTokens(_engine, _clock);
        var text = _tokens.Create("anna", Role.Admin, [], null, "root").Text;
        Assert.NotNull(other.Find(text));

        _tokens.Revoke("anna", "root");

        Assert.Null(_tokens.Find(text));
        _clock.Set(_clock.GetUtcNow().AddSeconds(5));
        Assert.Null(other.Find(text));
        Assert.False(_tokens.HasAdmin());
        Assert.NotNull(Assert.Single(_tokens.List()).RevokedAt);
    }

    [Fact]
    public void A_token_that_has_expired_is_refused()
    {
        var text = _tokens.Create("anna", Role.Admin, [], _clock.GetUtcNow().AddDays(1), "root").Text;
        Assert.NotNull(_tokens.Find(text));

        _clock.Set(_clock.GetUtcNow().AddDays(2));

        Assert.Null(_tokens.Find(text));
        Assert.False(_tokens.HasAdmin());
    }

    [Fact]
    public void A_name_is_given_once()
    {
        _tokens.Create("anna", Role.Viewer, [], null, "root");
        _tokens.Revoke("anna", "root");

        Assert.Equal(RefusalKind.Clash, Assert.Throws<RefusedException>(() => _tokens.Create("anna", Role.Viewer, [], null, "root")).Kind);
        Assert.Equal("name", Assert.Throws<RefusedException>(() => _tokens.Create("an na", Role.Viewer, [], null, "root")).Field);
        Assert.Contains("did you mean 'runs'", Assert.Throws<RefusedException>(() => _tokens.Create("otto", Role.Viewer, ["run"], null, "root")).Fix, StringComparison.Ordinal);
        Assert.Equal(RefusalKind.Unknown, Assert.Throws<RefusedException>(() => _tokens.Revoke("ann", "root")).Kind);
    }

    [Fact]
    public void When_a_token_was_last_used_is_told()
    {
        var text = _tokens.Create("anna", Role.Viewer, [], null, "root").Text;
        Assert.Null(_tokens.List()[0].UsedAt);

        _tokens.Find(text);

        Assert.NotNull(_tokens.List()[0].UsedAt);
    }

    [Fact]
    public void The_log_says_who_did_what_and_that_nobody_has_touched_it()
    {
        _audit.Add("anna", "POST /api/runs", "", "asked");
        _audit.Add("anna", "POST /api/runs", "run", "202");

        var check = _audit.Verify();

        Assert.Equal((2, null), (check.Entries, check.Problem));
        Assert.StartsWith("2:", check.Head, StringComparison.Ordinal);
        Assert.Equal(["202", "asked"], _audit.List(long.MaxValue, 10).Select(entry => entry.Outcome));
        Assert.Equal("asked", Assert.Single(_audit.List(2, 10)).Outcome);
        _audit.Add("anna", "POST /api/runs", "", "asked");
        Assert.Null(_audit.Verify(check.Head).Problem);
    }

    [Theory]
    [InlineData("update audit set actor = 'otto' where seq = 3", 3)]
    [InlineData("update audit set at = at + 1 where seq = 5", 5)]
    [InlineData("delete from audit where seq = 3", 4)]
    [InlineData("delete from audit where seq in (1, 2)", null)]
    public void What_was_changed_or_taken_out_is_seen(string wrong, int? at)
    {
        for (var i = 0; i < 5; i++)
            _audit.Add("anna", "POST /api/runs", $"{i}", "asked");
        using (var store = MasterStore.Open(_engine.Service, _clock))
        {
            using var transaction = store.Begin();
            transaction.Execute(wrong);
            transaction.Commit();
        }

        Assert.Equal(at, _audit.Verify().BrokenAt);
    }

    [Fact]
    public void A_log_that_was_cut_off_or_written_anew_is_seen_by_what_was_noted()
    {
        for (var i = 0; i < 3; i++)
            _audit.Add("anna", "POST /api/runs", $"{i}", "asked");
        var head = _audit.Verify().Head;
        using (var store = MasterStore.Open(_engine.Service, _clock))
        {
            using var transaction = store.Begin();
            transaction.Execute("delete from audit where seq = 3");
            transaction.Commit();
        }

        Assert.Null(_audit.Verify().Problem);
        Assert.Contains("cut off", _audit.Verify(head).Problem, StringComparison.Ordinal);
        _audit.Add("otto", "POST /api/runs", "2", "asked");
        Assert.Contains("does not follow", _audit.Verify().Problem, StringComparison.Ordinal);
        Assert.Contains("written anew", _audit.Verify($"2:{new string('0', 64)}").Problem, StringComparison.Ordinal);
        Assert.Throws<RefusedException>(() => _audit.Verify("3:short"));
    }

    [Fact]
    public async Task Many_nodes_write_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(node => Task.Run(
            () =>
            {
                using var audit = new AuditLog(_engine, TimeProvider.System);
                for (var i = 0; i < 5; i++)
                    audit.Add($"node {node}", "POST /api/runs", $"{i}", "asked");
            },
            TestContext.Current.CancellationToken)));

        Assert.Equal((20, null), (_audit.Verify().Entries, _audit.Verify().Problem));
    }
}

public sealed class AccessOnSqliteTests : AccessTests<SqliteStore>;

public sealed class AccessOnPostgreSqlTests : AccessTests<PostgreSqlStore>;
