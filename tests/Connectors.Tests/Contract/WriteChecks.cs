using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;
using static Crm.Integration.Connectors.Tests.Pushes;

namespace Crm.Integration.Connectors.Tests.Contract;

/// <summary>What the hub relies on when it writes. Each check can be run against a mutant, which must fail it.</summary>
internal static class WriteChecks
{
    private const string Fields = "id,name,modified";

    /// <summary>W1: what was created, changed and deleted is so when read back.</summary>
    public static async Task Writes_are_there_when_read_back(ContractSubject subject)
    {
        var stream = subject.Put([new("1", "Ann", "a"), new("2", "Bob", "b"), new("3", "Cy", "c")]);
        await subject.Connection.PushAsync(stream, Fields,
            Create(1, "4", "=Di, \"D\"\n张", "d"),
            Update(2, [false, true, false], "2", "Robert", "not this one"),
            Update(3, [false, true, false], "1", Value.Null, "a"),
            Update(4, [false, true, false], "9", "Anew", "n"),
            Delete(5, "3"));
        var rows = (await subject.PullAsync(new PullRequest(stream))).ToHashSet();
        Assert.Equal([new("1", "", "a"), new("2", "Robert", "b"), new("4", "=Di, \"D\"\n张", "d"), new("9", "Anew", "n")], rows);
    }

    /// <summary>W2: a push that is sent again because its answer was lost changes nothing more.</summary>
    public static async Task Sending_again_makes_no_second_record(ContractSubject subject)
    {
        var stream = subject.Put([new("1", "Ann", "a")]);
        Write[] writes = [Create(1, "2", "Bob", "b"), Update(2, [false, true, false], "1", "Anna", "a"), Delete(3, "8")];
        await subject.Connection.PushAsync(stream, Fields, writes);
        var once = await subject.PullAsync(new PullRequest(stream));
        await subject.Connection.PushAsync(stream, Fields, writes);
        Assert.Equal(once, await subject.PullAsync(new PullRequest(stream)));
        Assert.Equal(2, once.Count);
    }

    /// <summary>W3: each write is answered once; a refused one names its field and stops no other.</summary>
    public static async Task Each_write_is_answered_once(ContractSubject subject, string? unwritable)
    {
        var stream = subject.Put([new("1", "Ann", "a")]);
        var outcomes = await subject.Connection.PushAsync(stream, Fields, Create(11, "2", "Bob", "b"), Create(12, "", "Nobody", "x"), Create(13, "3", unwritable ?? "Cy", "x"), Delete(14, "1"));
        Assert.Equal([11, 12, 13, 14], outcomes.Select(outcome => outcome.Id).Order());
        var refused = outcomes.Where(outcome => outcome.Failure is not null).OrderBy(outcome => outcome.Id).ToList();
        Assert.Equal(unwritable is null ? [(12L, "id")] : [(12L, "id"), (13L, "name")], refused.Select(outcome => (outcome.Id, outcome.Field!)));
        Assert.All(refused, outcome => Assert.Equal(FailureKind.Rejected, outcome.Failure));
        Assert.Equal(unwritable is null ? ["2", "3"] : ["2"], (await subject.PullAsync(new PullRequest(stream))).Select(row => row.Id));
    }

    /// <summary>W8: a push that changes nothing touches nothing.</summary>
    public static async Task An_unchanged_push_touches_nothing(ContractSubject subject)
    {
        var stream = subject.Put([new("1", "Ann", "a"), new("2", "=Bob", "b")]);
        await subject.Connection.PushAsync(stream, Fields, Update(1, [false, true, true], "2", "=Bob", "c"));
        var before = subject.FolderState();
        var outcomes = await subject.Connection.PushAsync(stream, Fields, Create(1, "1", "Ann", "a"), Update(2, [false, true, true], "2", "=Bob", "c"), Delete(3, "7"));
        Assert.Equal(3, outcomes.Count);
        await subject.Connection.PushAsync(stream, Fields);
        Assert.Equal(before, subject.FolderState());
    }
}
