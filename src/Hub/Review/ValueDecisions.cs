using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Customers;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Review;

/// <summary>What a person says of values: looks at what is meant, has it carried out, and tells what came of it.</summary>
/// <param name="run">Carries it out.</param>
internal sealed class ValueDecisions(StewardRun run)
{
    /// <summary>Fields have other values than the sources say.</summary>
    /// <param name="id">The master.</param>
    /// <param name="values">The fields with their values; elements of a list are divided by semicolons.</param>
    /// <param name="until">When it stops counting; null for never.</param>
    /// <param name="why">Why, or null.</param>
    /// <param name="merged">Hears of an id that was merged.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="RefusedException">There is no such master or field, or a value is none.</exception>
    public async Task<CorrectionDocument> SetAsync(
        string id, IReadOnlyList<KeyValuePair<string, string>> values, DateTimeOffset? until, string? why, Action<string, string>? merged, CancellationToken cancellationToken)
    {
        var (master, name, entity) = Choose(id, until, merged);
        var chosen = Values(entity, values);
        var counts = await run.CorrectAsync(master.Entity, why, correction => correction.Set(master.Id, chosen, until), cancellationToken);
        return new CorrectionDocument(name, [.. chosen.Keys.Select(field => field.Path)], false, until, counts.GoldenChanged > 0);
    }

    /// <summary>The present values of fields or groups are right.</summary>
    /// <param name="id">The master.</param>
    /// <param name="fields">The fields or groups.</param>
    /// <param name="until">When it stops counting; null for never.</param>
    /// <param name="why">Why, or null.</param>
    /// <param name="merged">Hears of an id that was merged.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="RefusedException">There is no such master or field, or it is empty.</exception>
    public async Task<CorrectionDocument> VerifyAsync(
        string id, IReadOnlyList<string> fields, DateTimeOffset? until, string? why, Action<string, string>? merged, CancellationToken cancellationToken)
    {
        var (master, name, entity) = Choose(id, until, merged);
        var names = Names(entity, master, fields);
        var counts = await run.CorrectAsync(master.Entity, why, correction => correction.Verify(master.Id, names, until), cancellationToken);
        return new CorrectionDocument(name, names, true, until, counts.GoldenChanged > 0);
    }

    /// <summary>The sources decide again about fields or groups.</summary>
    /// <exception cref="RefusedException">Nobody has said anything of them.</exception>
    public async Task<UncorrectionDocument> UnsetAsync(string id, IReadOnlyList<string> fields, Action<string, string>? merged, CancellationToken cancellationToken)
    {
        MasterRow master;
        List<CorrectionRow> chosen;
        using (var view = run.Open())
        {
            master = MasterChoice.Of(view, id, merged);
            id = view.Id(master.Entity, master.Id);
            var open = CorrectionQuery.Open(view.Store, master.Id);
            chosen = [.. fields.SelectMany(field => Of(id, open, field)).Distinct()];
        }

        if (chosen.Count == 0)
            throw RefusedException.Invalid("fields", "which fields?", "name at least one");
        var counts = await run.CorrectAsync(master.Entity, null, correction => correction.Unset(master.Id, [.. chosen.Select(row => row.Id)]), cancellationToken);
        return new UncorrectionDocument(id, [.. chosen.Select(row => row.Field)], counts.GoldenChanged > 0);
    }

    private (MasterRow Master, string Id, EntityConfiguration Entity) Choose(string id, DateTimeOffset? until, Action<string, string>? merged)
    {
        if (until < run.Clock.GetUtcNow())
            throw RefusedException.Invalid("until", "the last day is over", "give --until a day to come, or leave it out");
        using var view = run.Open();
        var master = MasterChoice.Of(view, id, merged);
        var name = view.Id(master.Entity, master.Id);
        if (master.EndedRun is not null)
            throw RefusedException.Clash($"no source has {name} any more", "only masters with source records can be corrected");
        return (master, name, EntityChoice.Of(run.Configuration, master.Entity));
    }

    private static Dictionary<EntityField, Value> Values(EntityConfiguration entity, IReadOnlyList<KeyValuePair<string, string>> given)
    {
        if (given.Count == 0)
            throw RefusedException.Invalid("fields", "which fields?", "give at least one field its value");
        var values = new Dictionary<EntityField, Value>();
        foreach (var (path, text) in given)
        {
            var field = entity.Type.Find(path) ?? throw EntityChoice.NoField(entity, path);
            var value = FieldText.Parse(field, text, out var problem);
            if (problem is not null)
                throw RefusedException.Invalid(path, $"{path}: {problem}", text.Length == 0 ? "a correction gives a value; `hub unset` takes one back" : $"`hub set {entity.Type.IdPrefix}17 {path}=VALUE`");
            values[field] = value;
        }

        return values;
    }

    private static List<string> Names(EntityConfiguration entity, MasterRow master, IReadOnlyList<string> given)
    {
        if (given.Count == 0)
            throw RefusedException.Invalid("verified", "which fields?", "name at least one");
        foreach (var name in given)
        {
            if (entity.Survivor.CorrectedTogether(name) is not { Count: > 0 } fields)
                throw EntityChoice.NoField(entity, name);
            if (fields.All(field => master.Fields().All(filled => filled.Field != field.Path)))
                throw RefusedException.Invalid(name, $"{name} is empty; there is nothing to verify", $"`hub set {entity.Type.IdPrefix}{master.Id} {name}=VALUE` gives it a value");
        }

        return [.. given.Distinct()];
    }

    private static List<CorrectionRow> Of(string id, IReadOnlyList<CorrectionRow> open, string field)
    {
        // One part of an address names the correction of the whole.
        var found = open.Where(row => row.Field == field || field.StartsWith(row.Field + ".", StringComparison.Ordinal)).ToList();
        if (found.Count > 0)
            return found;
        var others = open.Select(row => row.Field).Distinct().ToList();
        throw RefusedException.Unknown($"no steward has said anything of '{field}' of {id}", others.Count == 0 ? $"nothing of {id} is corrected by hand" : $"corrected or verified are {string.Join(", ", others)}");
    }
}

/// <summary>A correction, and what came of it.</summary>
/// <param name="Id">The master.</param>
/// <param name="Fields">The fields.</param>
/// <param name="Verified">Whether their present values were said to be right, in place of giving others.</param>
/// <param name="Until">When it stops counting; null for never.</param>
/// <param name="Changed">Whether the golden record is another one now.</param>
internal sealed record CorrectionDocument(string Id, IReadOnlyList<string> Fields, bool Verified, DateTimeOffset? Until, bool Changed);

/// <summary>A correction that was taken back.</summary>
/// <param name="Id">The master.</param>
/// <param name="Fields">The fields about which the sources decide again.</param>
/// <param name="Changed">Whether the golden record is another one now.</param>
internal sealed record UncorrectionDocument(string Id, IReadOnlyList<string> Fields, bool Changed);
