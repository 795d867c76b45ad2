namespace Crm.Integration.Mapping.Matching;

/// <summary>
/// Learns from a store's own records, without labels, how its pairs differ from what the shipped weights suppose. Two samples
/// are enough: pairs of records taken at random, nearly all of them strangers, and pairs that share a key.
/// </summary>
/// <param name="matcher">Scores by the shipped weights.</param>
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
    /// <param name="pairs">How many pairs there are of which the meeting ones were taken.</param>
    public MatchModel Estimate(long records, double pairs) =>
        new(1, records, Learn(_peopleAtRandom, _peopleMeeting, pairs, records, firms: false), Learn(_firmsAtRandom, _firmsMeeting, pairs, records, firms: true));

    internal List<ModelLearning> Parts { get; } = [];

    private LevelCorrections Learn(List<PairEvidence> atRandom, List<PairEvidence> meeting, double pairs, long records, bool firms)
    {
        var l = new ModelLearning(atRandom, meeting, pairs, _shipped.Settings.LinkBits, records, firms);
        Parts.Add(l);
        return l.Learn();
    }

    private void Add(MatchFeatures a, MatchFeatures b, List<PairEvidence> people, List<PairEvidence> firms) =>
        (Matcher.AreFirms(a, b) ? firms : people).Add(new PairEvidence(_shipped.Weigh(a, b, frequencies)));
}
