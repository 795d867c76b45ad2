using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Matching;

/// <summary>What the matcher has learned from the store's own records, version by version; the latest is in force.</summary>
internal static class MatchModels
{
    /// <summary>The entity with the weights that are in force.</summary>
    /// <param name="transaction">Reads them.</param>
    /// <param name="entity">As configured.</param>
    public static EntityConfiguration InForce(StoreTransaction transaction, EntityConfiguration entity) =>
        entity.Matcher is { } matcher ? entity with { Matcher = matcher.With(Latest(transaction, entity.Type.Name)) } : entity;

    /// <summary>The latest model of an entity.</summary>
    public static MatchModel Latest(StoreTransaction transaction, string entity)
    {
        var row = transaction.First<ModelRow>(
            "select m.version, m.parameters from match_model m where m.entity = @entity and m.version = (select max(l.version) from match_model l where l.entity = @entity)", new { entity });
        return row is null ? MatchModel.Shipped : MatchModel.FromJson(row.Version, row.Parameters);
    }

    /// <summary>Brings a model into force, unless the one in force says the same.</summary>
    /// <returns>The model in force.</returns>
    public static MatchModel Save(StoreTransaction transaction, string entity, MatchModel estimated, long run)
    {
        var latest = Latest(transaction, entity);
        if (latest.SaysTheSame(estimated))
            return latest;
        var model = estimated.WithVersion(latest.Version + 1);
        transaction.Execute(
            "insert into match_model (entity, version, run_id, at, records, parameters) values (@entity, @version, @run, @at, @records, @parameters)",
            new { entity, version = model.Version, run, at = transaction.Store.Now, records = model.Records, parameters = model.ToJson() });
        return model;
    }

    private sealed class ModelRow
    {
        public int Version { get; init; }

        public string Parameters { get; init; } = "";
    }
}
