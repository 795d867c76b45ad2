namespace Crm.Integration.Mapping.Matching;

/// <summary>
/// Learns from a store's own records, without labels, how its pairs differ from what the shipped weights suppose. Two samples
/// are enough: pairs of records taken at random, nearly all of them strangers, and pairs that share a key.
/// </summary>
/// <param name="matcher">The entity's matcher; its shipped weights are what is corrected.</param>
/// <param name="frequencies">How common terms are.</param>
public sealed class ModelEstimator(Matcher matcher, TermFrequencies frequencies)
{
    private readonly Matcher _shipped = matcher.With(MatchModel.Shipped);
    private readonly List<PairEvidence> _peopleAtRandom = [], _peopleMeeting = [], _firmsAtRandom = [], _firmsMeeting = [];

    /// <summary>Adds two records that nothing but chance brought together.</summary>
    /// <param name="a">One record.</param>
    /// <param name="b">The other.</param>
    public void AddAtRandom(MatchFeatures a, MatchFeatures b) => Add(a, b, _peopleAtRandom, _firmsAtRandom);

    /// <summary>Adds two records that share a key.</summary>
    /// <param name="a">One record.</param>
    /// <param name="b">The other.</param>
    public void AddMeeting(MatchFeatures a, MatchFeatures b) => Add(a, b, _peopleMeeting, _firmsMeeting);

    /// <summary>Estimates.</summary>
    /// <param name="records">How many records the store has.</param>
    /// <param name="pairs">How many pairs of records there are of which those that share a key were taken.</param>
    public ModelEstimate Estimate(long records, double pairs)
    {
        var people = new ModelLearning(_peopleAtRandom, _peopleMeeting, _shipped.Settings.LinkBits);
        people.LearnLevels();
        people.LearnPrior(pairs, records);

        // Households are what the prior's estimate knows of; of groups of companies it does not.
        var firms = new ModelLearning(_firmsAtRandom, _firmsMeeting, _shipped.Settings.LinkBits);
        firms.LearnLevels();
        return new ModelEstimate(
            new MatchModel(1, records, people.Corrections, firms.Corrections),
            [.. people.Levels("people"), .. firms.Levels("organisations")],
            [people.Summary("people"), firms.Summary("organisations")]);
    }

    private void Add(MatchFeatures a, MatchFeatures b, List<PairEvidence> people, List<PairEvidence> firms) =>
        (Matcher.AreFirms(a, b) ? firms : people).Add(new PairEvidence(_shipped.Weigh(a, b, frequencies)));
}
