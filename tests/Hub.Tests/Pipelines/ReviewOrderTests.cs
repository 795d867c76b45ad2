using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Review;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Tests.Pipelines;

public sealed class ReviewOrderTests : IDisposable
{
    // So wide a band that a name and a home are a question, and name, mailbox and mobile together are a link, whatever the weights.
    private readonly TestHub _hub = new(new MatchSettings { Link = 0.9999, Review = 0.2 });

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task The_question_on_which_most_records_hang_comes_first_and_of_two_alike_the_more_doubtful()
    {
        var crm = _hub.Inbound("crm");
        for (var i = 1; i <= 8; i++)
            crm.Put($"{i}", ("first", $"{(char)('A' + i)}nders{i}"), ("last", "Unlike" + i), ("email", $"a{i}.x@mail.example"));
        for (var i = 10; i < 14; i++)
            crm.Put($"{i}", ("first", "Jonathan"), ("last", "Featherstone"), ("email", "jonathan.featherstone@mail.example"));
        await _hub.RunAsync();
        Ask(1, "1", "2", bits: 9);
        Ask(2, "3", "4", bits: 6);
        Ask(3, "5", "10", bits: 9);
        using var store = MasterStore.Open(MasterStore.EngineOf(new StoreSettings(), _hub.Folder), TimeProvider.System);
        Assert.Equal([3, 2, 1], ReviewQuery.List(store, "open", 10).Select(row => row.Id));
        Assert.Equal(5, ReviewQuery.List(store, "open", 1)[0].Joined);
    }

    [Fact]
    public async Task What_was_answered_is_not_asked_again_for_the_next_record_of_the_same_two()
    {
        var crm = Crm();
        Namesake(crm, "1", null);
        Namesake(crm, "2", "+447700900123");
        await _hub.RunAsync();
        var question = Assert.Single(Open());
        using (var session = await _hub.SessionAsync())
            new Stewardship(session, _hub.Customer, "test", "asked them").Separate(_hub.MasterOf("crm", "1"), _hub.MasterOf("crm", "2"));
        Assert.Empty(Open());

        Namesake(crm, "3", "+447700900123");
        await _hub.RunAsync();
        Assert.Empty(Open());
        Assert.Equal(question, _hub.Query<long>("select id from review").First());
    }

    [Fact]
    public async Task A_question_keeps_its_number_when_a_better_pair_is_found_for_it()
    {
        var crm = Crm();
        Namesake(crm, "1", null);
        Namesake(crm, "2", "+447700900123");
        await _hub.RunAsync();
        var question = Assert.Single(Open());
        Namesake(crm, "3", "+447700900123");
        await _hub.RunAsync();
        Assert.Equal(question, Assert.Single(Open()));
    }

    [Fact]
    public async Task Only_the_likeliest_of_too_many_questions_wait()
    {
        var crm = _hub.Inbound("crm");
        for (var i = 1; i <= 60; i++)
            crm.Put($"{i}", ("first", $"{(char)('A' + (i % 26))}nders{i}"), ("last", "Unlike" + i), ("email", $"a{i}.x@mail.example"));
        await _hub.RunAsync();
        for (var i = 1; i <= 30; i++)
            Ask(i, $"{i}", $"{i + 30}", bits: i);
        using var store = MasterStore.Open(MasterStore.EngineOf(new StoreSettings(), _hub.Folder), TimeProvider.System);
        var note = ReviewLedger.Limit(store, _hub.Customer);
        Assert.StartsWith("30 pairs of 60 customer records are in doubt, more than 2 %: only the 20 likeliest wait for a person", note!.Replace("2%", "2 %", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(11, 20).Select(id => (long)id), Open().Order());
        Assert.Null(ReviewLedger.Limit(store, _hub.Customer));
    }

    private List<long> Open() => _hub.Query<long>("select id from review where state = 'open'");

    private void Ask(long id, string a, string b, double bits)
    {
        using var store = MasterStore.Open(MasterStore.EngineOf(new StoreSettings(), _hub.Folder), TimeProvider.System);
        using var transaction = store.Begin();
        long Record(string name) => transaction.Scalar<long>("select id from source_record where source_id = @name", new { name });
        transaction.Execute(
            "insert into review (id, entity, record_a, record_b, bits, guard, run_id, at, state) values (@id, 'customer', @a, @b, @bits, 0, 1, 0, 'open')",
            new { id, a = Record(a), b = Record(b), bits });
        transaction.Commit();
    }

    private TestSystem Crm() => _hub.Inbound("crm", map: new() { ["name.given"] = "first", ["name.family"] = "last", ["email"] = "email", ["phone"] = "phone", ["address.line"] = "street", ["address.city"] = "city" });

    /// <summary>One rare name in one home: in doubt, and no more.</summary>
    private static void Namesake(TestSystem system, string id, string? phone) => system.Put(
        id, ("first", "Jonathan"), ("last", "Featherstone"), ("street", "12 Main St"), ("city", "Boston"), ("phone", phone), ("email", phone is null ? null : "jonathan.featherstone@mail.example"));
}
