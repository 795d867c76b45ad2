using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Customers;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Review;

/// <summary>A pair that waits for a person, or was decided by one, as programs read it.</summary>
internal sealed record ReviewDocument(
    long Id, string Entity, string A, string NameA, string B, string NameB, double Bits, double Probability, string Doubt, DateTimeOffset FoundAt, string State, string? DecidedBy, string? Note)
{
    /// <summary>A pair.</summary>
    /// <param name="view">The store.</param>
    /// <param name="row">The pair.</param>
    /// <param name="settings">How its entity is matched.</param>
    public static ReviewDocument Of(HubView view, ReviewRow row, MatchSettings? settings) => new(
        row.Id,
        row.Entity,
        IdOf(view, row.Entity, row.MasterA),
        TitleOf(row.DataA),
        IdOf(view, row.Entity, row.MasterB),
        TitleOf(row.DataB),
        row.Bits,
        WaterfallView.Probability(row.Bits),
        WaterfallView.Doubt(row.Bits, (MatchGuard)row.Guard, settings ?? new MatchSettings()),
        Instant.Of(row.At),
        row.State,
        row.DecidedBy,
        row.Note);

    private static string IdOf(HubView view, string entity, long? master) => master is { } number ? view.Id(entity, number) : "(gone)";

    private static string TitleOf(string? data) => data is null ? "" : GoldenText.Title(GoldenText.Fields(data));
}

/// <summary>A pair side by side.</summary>
/// <param name="Row">The pair.</param>
/// <param name="Entity">Its entity.</param>
/// <param name="Matcher">How that is matched.</param>
/// <param name="Pair">The two records, compared.</param>
/// <param name="IdA">The one master.</param>
/// <param name="IdB">The other.</param>
/// <param name="FieldsA">The golden record of the one.</param>
/// <param name="FieldsB">That of the other.</param>
internal sealed record ReviewSheet(
    ReviewRow Row,
    EntityConfiguration Entity,
    Matcher Matcher,
    PairComparison Pair,
    string IdA,
    string IdB,
    IReadOnlyList<(string Field, string Value)> FieldsA,
    IReadOnlyList<(string Field, string Value)> FieldsB)
{
    /// <summary>Compares a pair.</summary>
    /// <exception cref="RefusedException">There is none of the number, or it cannot be shown any more.</exception>
    public static ReviewSheet Of(HubView view, HubConfiguration configuration, long id)
    {
        var row = ReviewChoice.Of(view, id);
        if (row is not { MasterA: { } masterA, MasterB: { } masterB, DataA: { } dataA, DataB: { } dataB } || !configuration.Entities.TryGetValue(row.Entity, out var entity) || entity.Matcher is not { } matcher)
            throw RefusedException.Clash($"pair {row.Id} cannot be shown: one of its records is gone", "the next `hub run` takes it off the list");
        var a = MasterQuery.Members(view.Store, masterA).Where(member => member.Id == row.RecordA).ToList();
        var b = MasterQuery.Members(view.Store, masterB).Where(member => member.Id == row.RecordB).ToList();
        return new ReviewSheet(
            row, entity, matcher, new PairFinder(view.Store, entity).Strongest(a, b), view.Id(row.Entity, masterA), view.Id(row.Entity, masterB), GoldenText.Fields(dataA), GoldenText.Fields(dataB));
    }

    /// <summary>As programs read it.</summary>
    public ReviewSheetDocument ToDocument() => new(
        Row.Id,
        Row.State,
        Row.DecidedBy,
        Row.Note,
        new ReviewSide(IdA, Pair.Left.Name, FieldTexts.Of(FieldsA)),
        new ReviewSide(IdB, Pair.Right.Name, FieldTexts.Of(FieldsB)),
        Pair.Why.Score.Bits,
        WaterfallView.Probability(Pair.Why.Score.Bits),
        Pair.Why.Score.Guard,
        Pair.Why.Steps);
}

/// <summary>A pair side by side, and what speaks for and against.</summary>
internal sealed record ReviewSheetDocument(
    long Id, string State, string? DecidedBy, string? Note, ReviewSide A, ReviewSide B, double Bits, double Probability, MatchGuard Guard, IReadOnlyList<PairStep> Steps);

/// <summary>One of a pair.</summary>
internal sealed record ReviewSide(string Id, string Record, IReadOnlyDictionary<string, string> Fields);
