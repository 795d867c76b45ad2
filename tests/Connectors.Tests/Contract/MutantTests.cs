using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Csv;
using Crm.Integration.Mapping.Records;
using Xunit.Sdk;

namespace Crm.Integration.Connectors.Tests.Contract;

/// <summary>A check that nothing can fail is no check: each is shown a connection with the fault that it is there for.</summary>
public sealed class MutantTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public Task A_check_that_writes_is_caught() =>
        Caught(ReadChecks.Check_writes_nothing, inner => new(inner) { OnCheck = () => _folder.Write("probe.tmp", "x") });

    [Fact]
    public Task Discovery_that_differs_from_time_to_time_is_caught()
    {
        var times = 0;
        return Caught(ReadChecks.Discovery_is_deterministic, inner => new(inner) { Description = stream => stream with { Notes = [$"{times++}"] } });
    }

    [Fact]
    public Task A_repeated_row_is_caught() =>
        Caught(ReadChecks.Records_arrive_as_they_are, inner => new(inner) { Pages = pages => pages.Select(page => page with { Rows = [.. page.Rows, .. page.Rows.Take(1)] }) });

    [Fact]
    public Task A_skipped_last_page_is_caught() =>
        Caught(ReadChecks.Pages_hold_any_number_of_records, inner => new(inner) { Pages = pages => pages.SkipLast(1) });

    [Fact]
    public Task A_snapshot_complete_too_early_is_caught() =>
        Caught(ReadChecks.Only_the_last_page_completes_the_snapshot, inner => new(inner) { Pages = pages => pages.Select(page => page with { CompletesSnapshot = true }) });

    [Fact]
    public Task A_snapshot_complete_without_its_last_rows_is_caught() =>
        Caught(ReadChecks.Only_the_last_page_completes_the_snapshot, inner => new(inner) { Pages = pages => pages.Select(page => page with { Rows = [.. page.Rows.Take(9)] }) });

    [Fact]
    public Task A_connection_that_ignores_its_state_is_caught() =>
        Caught(ReadChecks.A_cursor_bounds_what_arrives_on_both_sides, inner => new(inner) { Request = request => request with { Cursor = null } });

    [Fact]
    public Task A_connection_that_ignores_the_lag_is_caught() =>
        Caught(ReadChecks.A_cursor_bounds_what_arrives_on_both_sides, inner => new(inner) { Request = request => request with { Lag = TimeSpan.Zero } });

    [Fact]
    public Task A_cursor_that_runs_ahead_of_its_rows_is_caught() =>
        Caught(ReadChecks.A_pull_resumes_from_every_checkpoint, inner => new(inner) { Pages = pages => pages.Select(page => page with { Cursor = pages[^1].Cursor }) });

    [Fact]
    public Task A_senseless_cursor_that_gives_nothing_is_caught() =>
        Caught(ReadChecks.A_senseless_cursor_starts_over, inner => new(inner) { Pages = pages => pages.Select(page => page with { Rows = [] }) });

    [Fact]
    public Task A_note_with_personal_data_is_caught() =>
        Caught(subject => ReadChecks.Messages_hold_no_personal_data(subject, "modified"), inner => new(inner) { Pages = pages => pages.Select(page => page with { Notes = [.. page.Rows.Select(row => row["name"].AsText ?? "")] }) });

    [Fact]
    public Task Rows_that_pile_up_in_memory_are_caught() =>
        Caught(subject => ReadChecks.Memory_is_flat(subject, 340_000), inner => new(inner) { Pages = pages => pages });

    [Fact]
    public Task A_lost_delete_is_caught() =>
        Caught(WriteChecks.Writes_are_there_when_read_back, inner => new(inner) { Writes = write => write.Kind == WriteKind.Delete ? [] : [write] });

    [Fact]
    public Task Fields_written_that_did_not_change_are_caught() =>
        Caught(WriteChecks.Writes_are_there_when_read_back, inner => new(inner) { Writes = write => [write with { Changed = [.. write.Changed.Select(_ => true)] }] });

    [Fact]
    public Task A_second_record_for_a_repeated_write_is_caught()
    {
        var round = 0;
        return Caught(WriteChecks.Sending_again_makes_no_second_record, inner => new(inner)
        {
            Writes = write => write.Kind == WriteKind.Create ? [write with { Key = $"{write.Key}-{round++}", Values = [Value.Text($"{write.Key}-{round}"), .. write.Values.Skip(1)] }] : [write],
        });
    }

    [Fact]
    public Task An_outcome_given_twice_is_caught() =>
        Caught(subject => WriteChecks.Each_write_is_answered_once(subject, "nul\0"), inner => new(inner) { Outcomes = outcome => [outcome, outcome] });

    [Fact]
    public Task An_outcome_that_hides_a_refusal_is_caught() =>
        Caught(subject => WriteChecks.Each_write_is_answered_once(subject, "nul\0"), inner => new(inner) { Outcomes = outcome => [outcome with { Failure = null }] });

    [Fact]
    public Task A_write_of_nothing_new_is_caught() =>
        Caught(WriteChecks.An_unchanged_push_touches_nothing, inner => new(inner)
        {
            Writes = write =>
            {
                File.SetLastWriteTimeUtc(_folder["customers.csv"], new DateTime(2000, 1, 1, 0, 0, (int)write.Id, DateTimeKind.Utc));
                return [write];
            },
        });

    private async Task Caught(Func<ContractSubject, Task> check, Func<IConnection, MutantConnection> mutate)
    {
        var connection = new CsvConnector().Open(new CsvSettings { Folder = "." }, _folder.Context);
        var subject = new ContractSubject(connection, _folder, customers =>
        {
            FileFixtures.Csv(_folder["customers.csv"], customers);
            return "customers.csv";
        });
        await Assert.ThrowsAnyAsync<XunitException>(() => check(subject with { Connection = mutate(connection) }));
    }

    public void Dispose() => _folder.Dispose();
}
