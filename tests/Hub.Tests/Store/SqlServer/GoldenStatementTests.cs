using Crm.Integration.Hub.Store.SqlServer;
using Crm.Integration.Hub.Tests.Access;
using Crm.Integration.Hub.Tests.Accounts;
using Crm.Integration.Hub.Tests.Alerts;
using Crm.Integration.Hub.Tests.Cli;
using Crm.Integration.Hub.Tests.Inbox;
using Crm.Integration.Hub.Tests.Pipelines;
using Crm.Integration.Hub.Tests.Retention;
using Crm.Integration.Hub.Tests.Runs;
using Crm.Integration.Hub.Tests.Service;
using Crm.Integration.Hub.Tests.Triggers;
using Crm.Integration.Hub.Tests.TwoWay;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

/// <summary>
/// Every statement that SQL Server would get, kept in files for people to read. The tests of pipelines, matching and verbs are done on
/// SQLite, and what they ask of the store is written down in SQL Server's form.
/// </summary>
public sealed class GoldenStatementTests
{
    /// <summary>What a statement is about is told by the first table that it names.</summary>
    private static readonly (string Subject, string[] Tables)[] s_subjects =
    [
        ("runs", ["run", "run_lease", "run_record", "run_finding", "run_write", "setting", "sequence"]),
        ("inbound", ["inbound", "source_record", "source_key", "pending", "receipt", "unique_value"]),
        ("quarantine", ["quarantine"]),
        ("masters", ["master", "master_version", "xref", "xref_move", "entity_total", "field_time", "correction"]),
        ("matching", ["match_key", "match_key_recent", "hot_key", "term", "edge", "judgement", "review", "comparable", "match_model"]),
        ("outbound", ["change_feed", "outbound", "delivery", "held_delivery", "#candidate"]),
        ("accounts", ["account_memory", "account_lease", "secret", "hub_key"]),
        ("two-way", ["counterpart", "made_record", "record_alias", "field_decision", "field_conflict"]),
        ("triggers", ["run_request", "run_slot", "fired", "schedule"]),
        ("inbox", ["inbox", "inbox_receipt", "inbox_latest"]),
        ("alerts", ["alert", "alert_message", "digest"]),
        ("access", ["api_token", "audit", "request_once"]),
        ("batch", ["#batch"]),
    ];

    private static readonly Type[] s_suites =
    [
        typeof(InboundOnSqliteTests), typeof(MatchingOnSqliteTests), typeof(OutboundOnSqliteTests),
        typeof(StoreVerbsOnSqliteTests), typeof(ConflictVerbsOnSqliteTests),
        typeof(AccountsOnSqliteTests),
        typeof(TwoWayEditOnSqliteTests), typeof(TwoWayRecordOnSqliteTests), typeof(TwoWayConflictOnSqliteTests), typeof(KeyedTwoWayOnSqliteTests),
        typeof(UndoOnSqliteTests), typeof(VerifyOnSqliteTests),
        typeof(InboxOnSqliteTests),
        typeof(RunClaimsOnSqliteTests),
        typeof(ScheduleBookOnSqliteTests),
        typeof(DrainOnSqliteTests),
        typeof(AlertLedgerOnSqliteTests),
        typeof(ClearanceOnSqliteTests),
        typeof(StoreGaugesOnSqliteTests),
        typeof(RunLeaseOnSqliteTests),
        typeof(AccessOnSqliteTests),
        typeof(StoreGaugesOnSqliteTests),
        typeof(RunLeaseOnSqliteTests),
    ];

    [Fact]
    public async Task What_the_program_asks_is_what_the_files_say()
    {
        using var recorder = new StatementRecorder();
        foreach (var type in s_suites)
            await TestRun.AllOfAsync(type);

        var bySubject = recorder.Statements.ToLookup(SubjectOf);
        Assert.Empty(bySubject["other"]);
        foreach (var (subject, _) in s_subjects)
            GoldenSql.Equal(subject, $"What the program asks about {subject}; written by GoldenStatementTests.", bySubject[subject]);
        GoldenSql.Equal("bulk", "Bulk inserts by way of a staging table, bulk look-ups and deletes; written by GoldenStatementTests.", recorder.Bulk);
    }

    [Fact]
    public void What_the_engine_needs_for_itself_is_what_the_file_says() => GoldenSql.Equal(
        "engine",
        "What the engine sends on its own: connections, versions, locks; written by GoldenStatementTests.",
        [
            SqlServerConnections.Settings, SqlServerEngine.AskServer, SqlServerEngine.AskSnapshot, SqlServerEngine.AskSize, SqlServerEngine.AskTime,
            SqlServerEngine.HasVersion, SqlServerEngine.ReadVersion, SqlServerEngine.WriteVersion, SqlServerStaging.PrepareConnection, SqlServerStaging.ClearBatch,
            SqlServerLocks.Take, SqlServerLocks.GiveBack, SqlServerLocks.IsFree, SqlServerLocks.HasPlace, SqlServerLocks.MakePlace, SqlServerLocks.SignIn, SqlServerLocks.Who, SqlServerLocks.LockSchema,
        ]);

    [Fact]
    public void No_statement_in_the_files_breaks_the_rules()
    {
        var violations = GoldenSql.All().SelectMany(statement => TSqlRules.Violations(statement).Select(violation => $"{violation}: {statement}")).ToList();

        Assert.True(violations.Count == 0, string.Join("\n\n", violations));
    }

    private static string SubjectOf(string sql)
    {
        List<SqlToken> tokens = [.. SqlTokens.Of(sql).Where(token => token.Kind != SqlTokenKind.Space)];
        for (var i = 0; i < tokens.Count; i++)
        {
            var name = tokens[i].Is("hub") && i + 2 < tokens.Count ? tokens[i + 2].Text : tokens[i].Text.StartsWith('#') ? tokens[i].Text : null;
            if (name is not null)
                return s_subjects.FirstOrDefault(subject => subject.Tables.Contains(name)).Subject ?? "other";
        }

        return "other";
    }
}
