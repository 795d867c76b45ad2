using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Model;

namespace Crm.Integration.Mapping.Tests.Matching;

public sealed class ModelEstimatorTests
{
    [Fact]
    public void Few_records_teach_nothing() =>
        Assert.False(Learn([.. Enumerable.Range(0, 5).Select(number => Person(number))]).Model.Corrects);

    [Fact]
    public void Where_nobody_is_there_twice_the_prior_is_not_raised() =>
        Assert.True(Prior(Learn([.. Enumerable.Range(0, 600).Select(number => Person(number))])) <= 0);

    [Fact]
    public void A_column_of_one_value_makes_nobody_one() =>
        Assert.True(Prior(Learn([.. Enumerable.Range(0, 600).Select(number => Person(number) + "; address.city=Springfield")])) <= 0);

    [Fact]
    public void One_field_alone_teaches_nothing_of_who_is_one() =>
        Assert.True(Prior(Learn([.. Enumerable.Range(0, 600).Select(number => $"name.family={Word(number % 90)}")])) <= 0);

    [Fact]
    public void Families_with_one_mailbox_and_one_phone_do_not_raise_the_prior()
    {
        var families = Enumerable.Range(0, 300).SelectMany(number => new[] { "Anna", "Bernard", "Clara" }.Select((given, child) =>
            $"name.given={given}; name.family={Word(number)}; email={Word(number)}@gmail.com; phone=+4930{5_000_000 + (number * 7919)}; birthDate={1950 + (child * 17)}-{(number % 12) + 1:00}-{(number % 28) + 1:00}"));
        Assert.True(Prior(Learn([.. families])) <= 0);
    }

    [Fact]
    public void The_order_of_the_pairs_changes_nothing()
    {
        string[] records = [.. Enumerable.Range(0, 400).SelectMany(number => new[] { Person(number), Person(number) })];
        Assert.Equal(Learn(records).Model.ToJson(), Learn(records, backwards: true).Model.ToJson());
    }

    [Fact]
    public void A_model_reads_back_as_it_was_written()
    {
        var json = Learn([.. Enumerable.Range(0, 400).SelectMany(number => new[] { Person(number), Person(number) })]).Model.ToJson();
        Assert.Equal(json, MatchModel.FromJson(3, json).ToJson());
    }

    [Fact]
    public void Pinned_weights_stay_as_shipped()
    {
        var pinned = new Matcher(BuiltInModel.Customer, new MatchSettings { Weights = MatchWeights.Shipped });
        Assert.False(pinned.With(MatchModel.FromJson(1, """{"records":900,"people":{"bits":{"Prior.None":4},"guardsLiftedFrom":{}}}""")).Model.Corrects);
    }

    [Fact]
    public void What_was_learned_of_the_prior_moves_every_score()
    {
        var learned = Samples.People.With(MatchModel.FromJson(1, """{"records":900,"people":{"bits":{"Prior.None":4},"guardsLiftedFrom":{}}}"""));
        MatchFeatures a = Samples.Person("name.given=Anna; name.family=Featherstone"), b = Samples.Person("name.given=Anna; name.family=Featherston");
        Assert.Equal(Samples.People.Score(a, b, TermFrequencies.None).Bits + 4, learned.Score(a, b, TermFrequencies.None).Bits, 3);
    }

    [Fact]
    public void A_lifted_guard_lets_through_what_has_enough_for_it_and_holds_the_rest()
    {
        var learned = Samples.People.With(MatchModel.FromJson(1, """{"records":900,"people":{"bits":{},"guardsLiftedFrom":{"DifferentName":20}}}"""));
        MatchFeatures a = Samples.Person("name.given=Anna; name.family=Featherstone"), b = Samples.Person("name.given=Karl; name.family=Featherstone");
        Assert.Equal(MatchGuard.DifferentName, Samples.People.Score(a, b, TermFrequencies.None).Guard);
        Assert.Equal(MatchGuard.Doubtful, learned.Score(a, b, TermFrequencies.None).Guard);
    }

    private static double Prior(ModelEstimate estimate) => estimate.Parts.Single(part => part.Part == "people").PriorShift;

    private static string Person(int number) =>
        $"name.given={Word((number * 31) % 97)}; name.family={Word(number)}; birthDate={1930 + (number % 70)}-{(number % 12) + 1:00}-{(number % 28) + 1:00}; phone=+4930{5_000_000 + (number * 7919)}";

    /// <summary>A made-up name, another for each number.</summary>
    private static string Word(int number)
    {
        string[] syllables = ["ba", "dor", "fen", "gil", "hu", "kam", "lo", "mer", "nis", "pau", "ros", "tal", "vin"];
        return string.Concat(syllables[number % 13], syllables[(number / 13) % 13], syllables[(number / 169) % 13], syllables[(number * 5) % 13]);
    }

    private static ModelEstimate Learn(string[] texts, bool backwards = false)
    {
        var records = Array.ConvertAll(texts, Samples.Person);
        var estimator = new ModelEstimator(Samples.People, TermFrequencies.None);
        var random = new List<(int, int)>();
        for (var step = 1; step <= Math.Min(40, (records.Length - 1) / 2); step++)
            random.AddRange(Enumerable.Range(0, records.Length).Select(i => (i, (i + (step * 3)) % records.Length)).Where(pair => pair.i != pair.Item2));
        var byKey = new Dictionary<ulong, List<int>>();
        var keys = new List<MatchKey>();
        for (var i = 0; i < records.Length; i++)
        {
            keys.Clear();
            Samples.People.Keys(records[i], keys);
            foreach (var key in keys)
                (byKey.TryGetValue(key.Hash, out var members) ? members : byKey[key.Hash] = []).Add(i);
        }

        var meeting = byKey.Values.Where(members => members.Count <= 50).SelectMany(members => members.SelectMany((a, at) => members.Skip(at + 1).Select(b => (a, b)))).Distinct().Order().ToList();
        if (backwards)
        {
            random.Reverse();
            meeting.Reverse();
        }

        foreach (var (a, b) in random)
            estimator.AddAtRandom(records[a], records[b]);
        foreach (var (a, b) in meeting)
            estimator.AddMeeting(records[a], records[b]);
        return estimator.Estimate(records.Length, records.Length * (records.Length - 1.0) / 2);
    }
}
