using System.Globalization;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.TwoWay;

/// <summary>
/// Several systems of different kinds, people who edit, make, remove and merge records at all of them, lost answers, refusals and runs that die:
/// in the end they agree, no edit is lost without a word, and nothing is written any more.
/// </summary>
public sealed class ConvergenceTests
{
    private static readonly string[] s_edited = ["First", "Last", "Mail", "Phone", "Title"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_happens_all_agree_in_the_end_and_fall_silent(int seed)
    {
        using var world = new World(seed);
        for (var round = 0; round < 5; round++)
        {
            world.Live();
            world.Spoil();
            await world.Hub.RunAsync(mustSucceed: false);
            world.Repair();
        }

        await world.Hub.SettleAsync(12);

        world.AssertAgreement();
        world.AssertNothingWasLost();
        var feed = world.Hub.Query<long>("select count(*) from change_feed")[0];
        await world.Hub.RunAsync();
        Assert.All(world.Hub.Systems, system => Assert.Empty(system.Writes));
        Assert.Equal(feed, world.Hub.Query<long>("select count(*) from change_feed")[0]);
    }

    private sealed class World : IDisposable
    {
        private readonly Random _random;
        private readonly List<(Crm System, string Id, string Field, string Value)> _edits = [];
        private int _words;

        public World(int seed)
        {
            _random = new Random(seed);
            var count = _random.Next(2, 6);
            for (var i = 0; i < count; i++)
            {
                var versions = _random.Next(4) > 0;
                var system = new Crm(((char)('p' + i)).ToString(), Hub.Clock)
                {
                    Versions = versions,
                    Times = _random.Next(4) > 0,
                    DeleteFeed = _random.Next(3) > 0,
                    MostLetters = i == 0 && versions ? 6 : int.MaxValue,
                };
                var policy = new[] { "hub", "source", "newest" }[_random.Next(3)];
                Hub.Add(system, $$""", "conflict": { "default": "{{policy}}" }""");
            }

            for (var i = 0; i < 4; i++)
                Make(Any(Hub.Systems));
        }

        public TwoWayHub Hub { get; } = new(new SqliteStore());

        /// <summary>People work for a while.</summary>
        public void Live()
        {
            for (var actions = _random.Next(6); actions > 0; actions--)
            {
                Hub.Clock.Advance(TimeSpan.FromSeconds(_random.Next(1, 100)));
                var system = Any(Hub.Systems);
                var ids = system.Ids.ToList();
                var kind = _random.Next(20);
                if (kind == 0 || ids.Count == 0)
                    Make(system);
                else if (kind == 1)
                    Remove(system, Any(ids));
                else if (kind == 2 && ids.Count > 1)
                    Merge(system, ids);
                else
                    Edit(system, Any(ids));
            }
        }

        /// <summary>Something goes wrong in the next run.</summary>
        public void Spoil()
        {
            var system = Any(Hub.Systems);
            var countdown = _random.Next(1, 4);
            switch (_random.Next(7))
            {
                case 0:
                    system.Applied = _ => Strike(new ConnectorException(FailureKind.Transient, "the answer was lost", "try again"));
                    break;
                case 1:
                    system.Applied = _ => Strike(new InvalidOperationException("the program died"));
                    break;
                case 2:
                    system.Reading = () => Strike(new InvalidOperationException("the program died"));
                    break;
                case 3:
                    system.Refuse = write => --countdown == 0 ? new WriteOutcome(write.Id, FailureKind.Transient, "busy") : null;
                    break;
                case 4:
                    system.Refuse = write => --countdown == 0 ? new WriteOutcome(write.Id, FailureKind.Rejected, "edited") { Fault = WriteFault.ChangedMeanwhile } : null;
                    break;
                case 5:
                    system.Applied = write =>
                    {
                        if (--countdown != 0 || write.Kind == WriteKind.Delete)
                            return;
                        Hub.Clock.Advance(TimeSpan.FromMilliseconds(1));
                        Edit(system, write.ExternalId ?? system.Ids.First(id => system[id, "Hub"] == write.Key));
                    };
                    break;
            }

            void Strike(Exception exception)
            {
                if (--countdown == 0)
                    throw exception;
            }
        }

        public void Repair()
        {
            foreach (var system in Hub.Systems)
                (system.Applied, system.Reading, system.Refuse) = (_ => { }, () => { }, _ => null);
        }

        /// <summary>All records that the hub keeps for a customer say the same.</summary>
        public void AssertAgreement()
        {
            var records = Hub.Query<(long Master, string Connection, string Id)>(
                """
                select d.master_id, o.connection, d.external_id from delivery d join outbound o on o.id = d.outbound_id join master m on m.id = d.master_id
                where d.state = 'done' and m.merged_into is null and m.ended_run is null
                """);
            Assert.NotEmpty(records);
            foreach (var customer in records.GroupBy(record => record.Master))
            {
                foreach (var field in s_edited)
                {
                    var said = customer.Select(record => (System: Hub.Systems.Single(system => system.Name == record.Connection), record.Id))
                        .Select(record => (Name: record.Id, Value: record.System[record.Id, field] ?? "", record.System.MostLetters)).ToList();
                    var longest = said.MaxBy(each => each.Value.Length).Value;
                    foreach (var (_, value, most) in said)
                        Assert.True(value == longest || (field == "First" && value == longest[..Math.Min(longest.Length, most)]), $"C{customer.Key} {field}: {string.Join(", ", said.Select(each => $"{each.Name} says '{each.Value}'"))}");
                }
            }
        }

        /// <summary>What people wrote stands there, was known to all once, or is written down as overruled.</summary>
        public void AssertNothingWasLost()
        {
            var known = string.Join('\n', Hub.Query<string>("select data from master union all select data from master_version"));
            var lost = string.Join('\n', Hub.Query<string>("select coalesce(theirs, '') from field_conflict").Concat(Hub.Query<string>("select coalesce(ours, '') from field_conflict")));
            foreach (var (system, id, field, value) in _edits)
            {
                Assert.True(
                    system[id, field] == value || known.Contains(value, StringComparison.Ordinal) || lost.Contains(value, StringComparison.Ordinal),
                    $"{value}, written into {field} of {id}, is nowhere");
            }
        }

        public void Dispose() => Hub.Dispose();

        private void Make(Crm system)
        {
            var id = system.Make(("First", Word()), ("Last", Word()), ("Mail", Word() + "@x.example"));
            foreach (var field in s_edited)
                Remember(system, id, field);
        }

        private void Edit(Crm system, string id)
        {
            var field = Any(s_edited);
            string? value = field is "Phone" or "Title" && _random.Next(4) == 0 ? null : field == "Mail" ? Word() + "@x.example" : Word();
            system.Edit(id, (field, value));
            Remember(system, id, field);
        }

        private void Remove(Crm system, string id)
        {
            system.Remove(id);
            _edits.RemoveAll(edit => edit.System == system && edit.Id == id);
        }

        private void Merge(Crm system, List<string> ids)
        {
            var loser = Any(ids);
            ids.Remove(loser);
            system.Merge(loser, Any(ids));
            _edits.RemoveAll(edit => edit.System == system && edit.Id == loser);
        }

        // Written over by the same hand, before anybody could know: that is no loss.
        private void Remember(Crm system, string id, string field)
        {
            _edits.RemoveAll(edit => edit.System == system && edit.Id == id && edit.Field == field);
            if (system[id, field] is { Length: > 0 } value)
                _edits.Add((system, id, field, value));
        }

        // No two are alike, so that nobody is taken for somebody else.
        private string Word()
        {
            var letters = new char[9];
            for (var (i, number) = (0, (++_words * 7919L) + 104_729); i < letters.Length; i++, number = (number * 31) + 17)
                letters[i] = (char)('a' + (int)(number / 7 % 26));
            return string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(letters[0])}{new string(letters, 1, 8)}");
        }

        private T Any<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];
    }
}
