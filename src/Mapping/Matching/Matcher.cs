using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Matching;

/// <summary>
/// Compares records of one entity: which keys they can meet by, how strongly two of them speak for one customer, and why.
/// Pure and immutable; safe to share between threads.
/// </summary>
public sealed class Matcher
{
// Members of the matcher, not of its class: what is compared may come to depend on the entity.
#pragma warning disable CA1822

    private readonly FeatureExtractor _extractor;

    /// <summary>A matcher for records of a type.</summary>
    /// <param name="type">The type; the roles of its fields decide what is compared.</param>
    /// <param name="settings">Thresholds and limits.</param>
    public Matcher(EntityType type, MatchSettings settings)
        : this(new FeatureExtractor(type ?? throw new ArgumentNullException(nameof(type))), settings, MatchModel.Shipped)
    {
    }

    private Matcher(FeatureExtractor extractor, MatchSettings settings, MatchModel model)
    {
        _extractor = extractor;
        Settings = settings;
        Model = model;
    }

    /// <summary>The same matcher with what the store's data teaches.</summary>
    /// <param name="model">The model; ignored where the settings pin the shipped weights.</param>
    public Matcher With(MatchModel model) => new(_extractor, Settings, Settings.Weights == MatchWeights.Shipped ? MatchModel.Shipped : model);

    /// <summary>What the store's own data adds to the shipped weights.</summary>
    public MatchModel Model { get; }

    /// <summary>Names the algorithms and weights; a store whose keys were made by another version is rebuilt.</summary>
    public int Version => 3;

    /// <summary>The thresholds and limits.</summary>
    public MatchSettings Settings { get; }

    /// <summary>Normalises a record for comparison.</summary>
    /// <param name="record">The mapped record.</param>
    public MatchFeatures Extract(EntityRecord record) => _extractor.Extract(record);

    /// <summary>The keys (blocking) by which the record can meet others; placeholders give none.</summary>
    /// <param name="features">The record's features.</param>
    /// <param name="keys">The keys are added here, without duplicates; the list is the caller's, to be used again.</param>
    public void Keys(MatchFeatures features, List<MatchKey> keys) => KeyMaker.Add(features, keys);

    /// <summary>The terms whose frequency matters for weighing the record's agreements: the hash of each name, and so on.</summary>
    /// <param name="features">The record's features.</param>
    /// <param name="terms">The terms are added here, without duplicates.</param>
    public void Terms(MatchFeatures features, List<ulong> terms)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(terms);
        Add(features.NameRef.GivenHash);
        Add(features.NameRef.FamilyHash);
        if (features.Kind != PartyKind.Company || features.CompanyRef.Words is not { } words)
            return;
        Add(features.CompanyRef.Hash);
        foreach (var word in words)
            Add(word.Hash);

        void Add(ulong term)
        {
            if (term != 0 && !terms.Contains(term))
                terms.Add(term);
        }
    }

    /// <summary>Scores a pair. Symmetric.</summary>
    /// <param name="a">One record.</param>
    /// <param name="b">The other.</param>
    /// <param name="frequencies">How common terms are.</param>
    /// <returns>The weight in bits, prior included: log2 of the odds that both are one customer.</returns>
    public PairScore Score(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies)
    {
        var tally = Weigh(a, b, frequencies);
        return Settings.Judge(tally);
    }

    /// <summary>Scores a pair and says why: the waterfall.</summary>
    /// <param name="a">One record.</param>
    /// <param name="b">The other.</param>
    /// <param name="frequencies">How common terms are.</param>
    public PairExplanation Explain(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies)
    {
        return Explanation.Of(a, b, Weigh(a, b, frequencies), Settings);
    }

    /// <summary>The steps of a pair's score.</summary>
    internal Tally Weigh(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies)
    {
        var firms = AreFirms(a, b);
        var part = firms ? Model.Firms : Model.People;
        var tally = new Tally(part);
        if (firms)
        {
            OrganisationScorer.Score(a, b, frequencies, ref tally);
        }
        else
        {
            PersonScorer.Score(a, b, frequencies, ref tally);
            if (tally.Guard == MatchGuard.None && (a.Kind, b.Kind) is (PartyKind.Company, PartyKind.Person) or (PartyKind.Person, PartyKind.Company))
                tally.Guard = MatchGuard.PersonAndCompany;
        }

        if (tally.Guard != MatchGuard.None && part is not null)
            tally.Guard = part.Left(tally.Guard, tally.Bits);
        return tally;
    }

    /// <summary>Whether two records are compared as organisations.</summary>
    internal static bool AreFirms(MatchFeatures a, MatchFeatures b) =>
        (a.Kind == PartyKind.Company && b.Kind == PartyKind.Company) || OrganisationScorer.IsNamesake(a, b) || OrganisationScorer.IsNamesake(b, a);
}
