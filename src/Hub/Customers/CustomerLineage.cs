using Crm.Integration.Hub.Configuration;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Hub.Customers;

/// <summary>Where the values of a golden record come from.</summary>
/// <param name="Id">Its id, as people write it.</param>
/// <param name="Master">The master.</param>
/// <param name="Records">How many source records it has.</param>
/// <param name="Lines">The fields asked for, each with what gave its value and what lost.</param>
/// <param name="Names">The names of its records.</param>
/// <param name="Corrections">What stewards say of its values.</param>
internal sealed record CustomerLineage(string Id, MasterRow Master, int Records, IReadOnlyList<FieldLineage> Lines, Dictionary<long, string> Names, IReadOnlyList<CorrectionRow> Corrections)
{
    /// <summary>Explains it.</summary>
    /// <param name="view">The store.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="master">The master.</param>
    /// <param name="field">A field or a group, or null for all.</param>
    /// <exception cref="RefusedException">There is no such field, or nothing to explain.</exception>
    public static CustomerLineage Of(HubView view, EntityConfiguration entity, MasterRow master, string? field)
    {
        if (field is not null && entity.Type.Find(field) is null && entity.Type.Fields.All(each => each.Group != field))
            throw EntityChoice.NoField(entity, field);
        var id = view.Id(master.Entity, master.Id);
        var members = MasterQuery.Members(view.Store, master.Id);
        if (members.Count == 0)
            throw RefusedException.Unknown($"no source has {id} any more, so there is nothing to explain", $"`hub history {id}` shows what it was");
        var corrections = CorrectionQuery.Open(view.Store, master.Id);
        return new CustomerLineage(
            id,
            master,
            members.Count,
            [.. GoldenLineage.Of(entity, members, corrections).Fields.Where(line => field is null || line.Field.Path == field || line.Field.Group == field)],
            GoldenLineage.Names(members, corrections),
            corrections);
    }

    /// <summary>The correction that a member stands for, or null.</summary>
    public CorrectionRow? CorrectionOf(Member member) => Corrections.FirstOrDefault(correction => -correction.Id == member.RecordId);

    /// <summary>A value as people read it.</summary>
    public static string Shown(Value value) => value.ToText() ?? RecordJson.ToJson(value);

    /// <summary>As programs read it.</summary>
    public LineageDocument ToDocument() => new(
        Id,
        Master.Entity,
        [
            .. Lines.Select(line => new LineageField(
                line.Field.Path,
                Shown(line.Value),
                [.. line.From.Select(member => Names[member.RecordId])],
                line.From[0].ChangedAt(line.Field.Path),
                line.Rule,
                CorrectionOf(line.From[0]) is { } correction ? new LineageCorrection(correction.Id, correction.Who, correction.Why, Instant.Of(correction.ExpiresAt)) : null,
                [.. line.Others.Select(lost => new LineageLoser(Shown(lost.Value), Names[lost.Member.RecordId], lost.Member.ChangedAt(line.Field.Path), lost.Why))])),
        ]);
}

/// <summary>Where the values of a golden record come from.</summary>
internal sealed record LineageDocument(string Id, string Entity, IReadOnlyList<LineageField> Fields);

/// <summary>Where a value comes from.</summary>
internal sealed record LineageField(
    string Field, string Value, IReadOnlyList<string> From, DateTimeOffset? ChangedAt, string Rule, LineageCorrection? Correction, IReadOnlyList<LineageLoser> Others);

/// <summary>The steward's word that decided.</summary>
internal sealed record LineageCorrection(long Id, string Who, string? Why, DateTimeOffset? Until);

/// <summary>A value that lost.</summary>
internal sealed record LineageLoser(string Value, string From, DateTimeOffset? ChangedAt, string Why);
