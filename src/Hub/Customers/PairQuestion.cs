using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Review;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Customers;

/// <summary>Why two records, or two masters, are or are not one.</summary>
internal sealed record PairQuestion
{
    /// <summary>The one master.</summary>
    public required string Left { get; init; }

    /// <summary>The other; the same where both records are of one.</summary>
    public required string Right { get; init; }

    /// <summary>The two records that are most alike.</summary>
    public required PairComparison Pair { get; init; }

    /// <summary>Why they are, or are not, one, where the score alone does not say it.</summary>
    public required string? Outcome { get; init; }

    /// <summary>How it could be changed.</summary>
    public required IReadOnlyList<string> Advice { get; init; }

    /// <summary>What holds the records of each master together.</summary>
    public required IReadOnlyList<(string Id, int Members, ClusterView View)> Clusters { get; init; }

    /// <summary>The weights.</summary>
    public required MatchModel Model { get; init; }

    /// <summary>The matcher.</summary>
    public required Matcher Matcher { get; init; }

    /// <summary>Whether they are one master.</summary>
    public bool One => Left == Right;

    /// <summary>Compares.</summary>
    /// <param name="view">The store.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="left">A master, and one of its records when it was named.</param>
    /// <param name="right">The other.</param>
    /// <exception cref="RefusedException">They cannot be compared.</exception>
    public static PairQuestion Ask(HubView view, EntityConfiguration entity, (MasterRow Master, MemberRow? Record) left, (MasterRow Master, MemberRow? Record) right)
    {
        var (leftId, rightId) = (view.Id(left.Master.Entity, left.Master.Id), view.Id(right.Master.Entity, right.Master.Id));
        if (left.Master.Entity != right.Master.Entity || entity.Matcher is not { } matcher)
            throw RefusedException.Clash($"{leftId} and {rightId} are not compared: {left.Master.Entity} and {right.Master.Entity}", "compare two of one entity that is matched");
        var (leftMembers, rightMembers) = (MasterQuery.Members(view.Store, left.Master.Id), MasterQuery.Members(view.Store, right.Master.Id));
        IReadOnlyList<MemberRow> lefts = left.Record is null ? leftMembers : [left.Record], rights = right.Record is null ? rightMembers : [right.Record];
        if (!lefts.Any(one => rights.Any(other => other.Id != one.Id)))
            throw RefusedException.Clash($"{leftId} and {rightId} have no two records to compare", $"`hub show {leftId}` shows its records");

        var finder = new PairFinder(view.Store, entity);
        var pair = finder.Strongest(lefts, rights);
        var settings = matcher.Settings;
        var one = left.Master.Id == right.Master.Id;
        var linked = pair.Why.Score.Guard == MatchGuard.None && pair.Why.Score.Bits >= settings.LinkBits;
        return new PairQuestion
        {
            Left = leftId,
            Right = rightId,
            Pair = pair,
            Outcome = !one ? OutcomeOf(view, left.Master.Id, right.Master.Id, pair, settings)
                : linked ? null
                : ReviewQuery.JoinedBy(view.Store, left.Master.Id) is { } who ? $"they are one all the same, because {who} has said so"
                : "they are one all the same, through other records",
            Advice = one && !linked ? [$"`hub split {leftId} RECORD` takes a record out, for ever."] : PairAdvice.For(pair, settings, entity.Type.Kind == EntityKind.Person),
            Clusters = [.. (one ? [(leftId, leftMembers)] : new[] { (leftId, leftMembers), (rightId, rightMembers) }).Select(each => (each.Item1, each.Item2.Count, ClusterView.Of(finder, each.Item2)))],
            Model = finder.Model,
            Matcher = matcher,
        };
    }

    /// <summary>As programs read it.</summary>
    public PairDocument ToDocument() => new(
        Left,
        Right,
        Pair.Left.Name,
        Pair.Right.Name,
        Pair.Why.Score.Bits,
        WaterfallView.Probability(Pair.Why.Score.Bits),
        Pair.Why.Score.Guard,
        GuardWords.Of(Pair.Why.Score.Guard),
        Outcome,
        [.. Pair.Why.Steps.Select((step, i) => new ComparedStep(step.Comparison, step.Level, step.Left, step.Right, step.Bits, Pair.Remarks[i]))],
        Pair.Why.Summary,
        Pair.Keys,
        Pair.IsCompared,
        new PairWeights(Model.Version, Model.Records),
        new PairThresholds(Matcher.Settings.Link, Matcher.Settings.LinkBits, Matcher.Settings.Review, Matcher.Settings.ReviewBits),
        Matcher.Version,
        Advice,
        [.. Clusters.Select(cluster => new PairCluster(cluster.Id, cluster.View.Rows, cluster.View.Weakest))]);

    // The score is that of two records; whether their masters are one is decided by all records, and by people.
    private static string? OutcomeOf(HubView view, long left, long right, PairComparison pair, MatchSettings settings)
    {
        var score = pair.Why.Score;
        if (ReviewQuery.SeparatedBy(view.Store, left, right) is { } who)
            return $"{who} has said that they are two";
        if (ReviewQuery.Waiting(view.Store, left, right) is { } waiting)
            return FormattableString.Invariant($"they wait as pair {waiting} because {WaterfallView.Doubt(score.Bits, score.Guard, settings)}: `hub review show {waiting}`");
        if (score.IsHeldBack || WaterfallView.Probability(score.Bits) < settings.Link)
            return null;
        return pair.IsCompared
            ? $"they are two all the same, because {WaterfallView.Doubt(score.Bits, score.Guard, settings)}"
            : "they are two all the same, because no key brings them together";
    }
}

/// <summary>Why two records are or are not one.</summary>
internal sealed record PairDocument(
    string Left,
    string Right,
    string LeftRecord,
    string RightRecord,
    double Bits,
    double Probability,
    MatchGuard Guard,
    string? GuardMeans,
    string? Outcome,
    IReadOnlyList<ComparedStep> Steps,
    string Summary,
    IReadOnlyList<CommonKey> Keys,
    bool Compared,
    PairWeights Weights,
    PairThresholds Thresholds,
    int MatcherVersion,
    IReadOnlyList<string> Advice,
    IReadOnlyList<PairCluster> Clusters);

/// <summary>A comparison, and what it adds or takes.</summary>
internal sealed record ComparedStep(string Comparison, string Level, string? Left, string? Right, double Bits, string? Remark);

/// <summary>The weights in force.</summary>
internal sealed record PairWeights(long Version, long Records);

/// <summary>From where on two are linked, or a person is asked.</summary>
internal sealed record PairThresholds(double Link, double LinkBits, double Review, double ReviewBits);

/// <summary>What holds a master's records together.</summary>
internal sealed record PairCluster(string Id, IReadOnlyList<ClusterRow> Records, ClusterRow? Weakest);
