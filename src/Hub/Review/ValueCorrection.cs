using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Customers;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Review;

/// <summary>
/// What people decide about values. A correction is a record of the connection <c>steward</c> that wins over all others; golden
/// records are computed with it and never edited.
/// </summary>
/// <param name="session">The right to write.</param>
/// <param name="entity">The entity.</param>
/// <param name="who">Who decides.</param>
/// <param name="why">Why, in their words; may be null.</param>
internal sealed class ValueCorrection(WorkSession session, EntityConfiguration entity, string who, string? why)
{
    /// <summary>Sets fields of a master.</summary>
    /// <param name="master">The master.</param>
    /// <param name="values">Fields with their new values; at least one.</param>
    /// <param name="until">When they stop counting, or null for never.</param>
    public MatchCounts Set(long master, IReadOnlyDictionary<EntityField, Value> values, DateTimeOffset? until)
    {
        var (members, golden) = Now(master);
        Write(master, transaction =>
        {
            foreach (var together in values.GroupBy(value => entity.Survivor.CorrectedTogether(value.Key.Path) is [_, _, ..] fields ? fields[0].Group! : value.Key.Path))
            {
                var record = new EntityRecord(entity.Type);

                // An address is corrected as a whole: what is right in it stays as it is now.
                var fields = entity.Survivor.CorrectedTogether(together.First().Key.Path);
                foreach (var field in fields)
                    record[field.Ordinal] = golden[field.Ordinal];
                foreach (var (field, value) in together)
                    record[field.Ordinal] = value;
                Insert(transaction, master, "set", together.Key, fields, record, members, until);
            }
        });
        return Resolve();
    }

    /// <summary>The present values of fields or groups are right: they come before all others as long as a source has them.</summary>
    public MatchCounts Verify(long master, IReadOnlyList<string> names, DateTimeOffset? until)
    {
        var (members, golden) = Now(master);
        Write(master, transaction =>
        {
            foreach (var name in names)
            {
                var record = new EntityRecord(entity.Type);
                var fields = entity.Survivor.CorrectedTogether(name);
                foreach (var field in fields)
                    record[field.Ordinal] = golden[field.Ordinal];
                Insert(transaction, master, "verified", fields.Count > 1 ? fields[0].Group! : name, fields, record, members, until);
            }
        });
        return Resolve();
    }

    /// <summary>Takes corrections back.</summary>
    /// <param name="master">The master.</param>
    /// <param name="corrections">Which.</param>
    public MatchCounts Unset(long master, IReadOnlyList<long> corrections)
    {
        Write(master, transaction =>
        {
            foreach (var id in corrections)
                End(transaction, "removed", "id = @id", new { id, session.Store.Now, session.Run.RunId });
        });
        return Resolve();
    }

    private (IReadOnlyList<MemberRow> Members, EntityRecord Golden) Now(long master)
    {
        var members = MasterQuery.Members(session.Store, master);
        return (members, entity.Survivor.Merge([.. GoldenLineage.Members(entity, members, CorrectionQuery.Open(session.Store, master))]));
    }

    private void Write(long master, Action<StoreTransaction> write)
    {
        using var transaction = session.Store.Begin();
        write(transaction);
        Corrections.Requeue(transaction, entity.Type.Name, master);
        transaction.Commit();
    }

    private MatchCounts Resolve() => new Resolver(session.Store, entity, session.Run).Resolve("steward", CancellationToken.None);

    private void Insert(
        StoreTransaction transaction, long master, string kind, string field, IReadOnlyList<EntityField> fields, EntityRecord values, IReadOnlyList<MemberRow> members, DateTimeOffset? until)
    {
        End(transaction, "replaced", "master_id = @master and field = @field and kind = @kind", new { master, field, kind, session.Store.Now, session.Run.RunId });
        var corrected = Corrected(fields, members);
        var source = RecordJson.Read(entity.Type, corrected.Data);
        var said = new EntityRecord(entity.Type);
        foreach (var each in fields)
            said[each.Ordinal] = source[each.Ordinal];
        transaction.Execute(
            """
            insert into correction (id, entity, master_id, record_id, field, kind, data, instead_of, instead_modified, who, why, at, expires_at, state)
            values (@id, @entity, @master, @record, @field, @kind, @data, @insteadOf, @ModifiedAt, @who, @why, @Now, @until, 'open')
            """,
            new
            {
                id = transaction.Allocate("correction", 1),
                entity = entity.Type.Name,
                master,
                record = corrected.Id,
                field,
                kind,
                data = RecordJson.ToJson(values),
                insteadOf = RecordJson.ToJson(said),
                corrected.ModifiedAt,
                who,
                why,
                session.Store.Now,
                until = until?.ToUnixTimeMilliseconds(),
            });
    }

    /// <summary>The source record whose value would stand without the stewards; where none has one, the first record.</summary>
    private MemberRow Corrected(IReadOnlyList<EntityField> fields, IReadOnlyList<MemberRow> members)
    {
        var golden = GoldenLineage.Of(entity, members, []);
        var line = golden.Fields.FirstOrDefault(line => fields.Any(field => field.Ordinal == line.Field.Ordinal));
        return line is null ? members.MinBy(member => member.Id)! : members.First(member => member.Id == line.From[0].RecordId);
    }

    private static void End(StoreTransaction transaction, string state, string which, object parameters) =>
        transaction.Execute($"update correction set state = '{state}', ended_at = @Now, ended_run = @RunId where state = 'open' and {which}", parameters);
}
