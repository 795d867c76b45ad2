using Crm.Integration.Hub.Configuration;

namespace Crm.Integration.Hub.Customers;

/// <summary>All that is known of a master today.</summary>
/// <param name="Id">Its id, as people write it.</param>
/// <param name="Master">The master.</param>
/// <param name="Members">Its source records.</param>
/// <param name="Corrections">What stewards say of its values.</param>
/// <param name="Deliveries">Where it was sent.</param>
/// <param name="Aliases">The ids under which it was known before.</param>
/// <param name="Sources">The connections that gave each field its value; empty where the configuration cannot tell.</param>
internal sealed record CustomerSheet(
    string Id,
    MasterRow Master,
    IReadOnlyList<MemberRow> Members,
    IReadOnlyList<CorrectionRow> Corrections,
    IReadOnlyList<DeliveryRow> Deliveries,
    IReadOnlyList<string> Aliases,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Sources)
{
    /// <summary>Looks it up.</summary>
    /// <param name="view">The store.</param>
    /// <param name="master">The master.</param>
    /// <param name="entity">Its entity; null where the configuration has mistakes: they must not keep anybody from looking a customer up.</param>
    public static CustomerSheet Of(HubView view, MasterRow master, EntityConfiguration? entity)
    {
        var members = MasterQuery.Members(view.Store, master.Id);
        var corrections = CorrectionQuery.Open(view.Store, master.Id);
        return new CustomerSheet(
            view.Id(master.Entity, master.Id),
            master,
            members,
            corrections,
            MasterQuery.Deliveries(view.Store, master.Id),
            [.. MasterQuery.Aliases(view.Store, master.Id).Select(alias => view.Id(master.Entity, alias))],
            entity is null || members.Count == 0
                ? new Dictionary<string, IReadOnlyList<string>>()
                : GoldenLineage.Of(entity, members, corrections).Fields.ToDictionary(line => line.Field.Path, line => (IReadOnlyList<string>)[.. line.From.Select(from => from.Connection).Distinct()]));
    }

    /// <summary>As programs read it.</summary>
    public CustomerDocument ToDocument() => new(
        Id,
        Master.Entity,
        Master.Version,
        Instant.Of(Master.ChangedAt),
        Master.EndedRun is not null,
        Aliases,
        Sources,
        FieldTexts.Of(Master.Data),
        [.. Members.Select(member => new CustomerRecord(member.Connection, member.Stream, member.SourceId, Instant.Of(member.ModifiedAt), FieldTexts.Of(member.Data)))],
        [.. Corrections.Select(correction => new CustomerCorrection(correction.Id, correction.Field, correction.Kind, correction.Who, correction.Why, Instant.Of(correction.At), Instant.Of(correction.ExpiresAt)))],
        [.. Deliveries.Select(delivery => new CustomerDelivery(delivery.Pipeline, delivery.Connection, delivery.Stream, delivery.Key, delivery.ExternalId, delivery.State, delivery.Error, delivery.RunId, Instant.Of(delivery.At)))]);
}

/// <summary>A golden record with its source records and deliveries.</summary>
internal sealed record CustomerDocument(
    string Id,
    string Entity,
    long Version,
    DateTimeOffset ChangedAt,
    bool Ended,
    IReadOnlyList<string> Aliases,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Sources,
    IReadOnlyDictionary<string, string> Fields,
    IReadOnlyList<CustomerRecord> Records,
    IReadOnlyList<CustomerCorrection> Corrections,
    IReadOnlyList<CustomerDelivery> Sent);

/// <summary>A source record of a master.</summary>
internal sealed record CustomerRecord(string Connection, string Stream, string SourceId, DateTimeOffset? ModifiedAt, IReadOnlyDictionary<string, string> Fields);

/// <summary>What a steward says of a value.</summary>
internal sealed record CustomerCorrection(long Id, string Field, string Kind, string Who, string? Why, DateTimeOffset At, DateTimeOffset? Until);

/// <summary>Where a master was sent.</summary>
internal sealed record CustomerDelivery(string Pipeline, string Connection, string Stream, string Key, string? ExternalId, string State, string? Error, long Run, DateTimeOffset At);

/// <summary>A golden record in brief.</summary>
internal sealed record CustomerBrief(string Id, string Entity, string Name, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>A master in brief.</summary>
    public static CustomerBrief Of(HubView view, MasterRow row)
    {
        var fields = row.Fields();
        return new CustomerBrief(view.Id(row.Entity, row.Id), row.Entity, GoldenText.Title(fields), FieldTexts.Of(fields));
    }
}
