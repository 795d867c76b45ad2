using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>Checks the rules that need the store, <c>unique</c> and <c>exists</c>, for a page at a time.</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="inboundId">Its number in the store.</param>
internal sealed class StoreRuleCheck(InboundPipeline pipeline, long inboundId)
{
    private readonly Dictionary<int, List<(long Hash, int Rule)>> _values = [];

    /// <summary>Checks a mapped page; what breaks a rule is rejected, blanked or reported in it.</summary>
    public void Check(StoreTransaction transaction, PageWork work, RowMapper mapper)
    {
        _values.Clear();
        foreach (var rule in pipeline.Rules.StoreRules)
        {
            var rows = new List<int>();
            var texts = new List<string>();
            for (var i = 0; i < work.Rows.Length; i++)
            {
                if (work.Rows[i].Record is { } record && record[rule.Field.Ordinal].ToText() is { Length: > 0 } text)
                {
                    rows.Add(i);
                    texts.Add(text);
                }
            }

            if (rows.Count == 0)
                continue;
            if (rule.Definition.Rule == RuleKind.Unique)
                CheckUnique(transaction, rule, work, rows, texts, mapper);
            else
                CheckExists(transaction, rule, work, rows, texts, mapper);
        }
    }

    /// <summary>Keeps the values of records that were landed.</summary>
    public void Keep(StoreTransaction transaction, PageWork work)
    {
        if (_values.Count == 0)
            return;
        transaction.Batch([.. _values.Keys.Select(i => work.Rows[i].RecordId).Where(id => id != 0)]);
        transaction.Execute("delete from unique_value where record_id in (select k from batch)");
        using var insert = transaction.Insert("unique_value", ["inbound_id", "value_hash", "record_id"], WhenExists.Replace);
        foreach (var (i, values) in _values)
        {
            if (work.Rows[i].Fate == RowFate.Rejected)
                continue;
            foreach (var (hash, _) in values)
            {
                insert.Int64(inboundId);
                insert.Int64(hash);
                insert.Int64(work.Rows[i].RecordId);
                insert.EndRow();
            }
        }
    }

    private void CheckUnique(StoreTransaction transaction, StoreRule rule, PageWork work, List<int> rows, List<string> texts, RowMapper mapper)
    {
        var hashes = texts.ConvertAll(text => unchecked((long)ContentHash.Of(text, (ulong)rule.Index + 1)));
        transaction.Batch(hashes.ToArray());
        var owners = new Dictionary<long, long>();
        using (var known = transaction.Read("select b.k, u.record_id from batch b join unique_value u on u.inbound_id = @inbound and u.value_hash = b.k", ("inbound", inboundId)))
        {
            while (known.Next())
                owners[known.Int64(0)] = known.Int64(1);
        }

        var inPage = new Dictionary<long, int>();
        for (var n = 0; n < rows.Count; n++)
        {
            ref var row = ref work.Rows[rows[n]];
            var taken = (owners.TryGetValue(hashes[n], out var owner) && owner != row.RecordId) || !inPage.TryAdd(hashes[n], rows[n]);
            if (taken)
            {
                Break(ref row, rule, mapper, $"another record of this source has the same {rule.Field.Path}", "correct one of the two at the source");
            }
            else
            {
                if (!_values.TryGetValue(rows[n], out var values))
                    _values.Add(rows[n], values = []);
                values.Add((hashes[n], rule.Index));
            }
        }
    }

    private void CheckExists(StoreTransaction transaction, StoreRule rule, PageWork work, List<int> rows, List<string> texts, RowMapper mapper)
    {
        var entity = rule.Definition.Entity ?? rule.Field.References!;
        transaction.Batch(texts);
        var found = new HashSet<int>();
        using (var known = transaction.Read(
            """
            select distinct b.i from batch b join inbound i on i.connection = @connection and i.entity = @entity
            join source_key k on k.inbound_id = i.id and k.source_id = b.t where k.row_hash is not null
            """,
            ("connection", pipeline.Connection.Name),
            ("entity", entity)))
        {
            while (known.Next())
                found.Add((int)known.Int64(0));
        }

        for (var n = 0; n < rows.Count; n++)
        {
            if (!found.Contains(n))
                Break(ref work.Rows[rows[n]], rule, mapper, $"no {entity} of {pipeline.Connection.Name} has the id that {rule.Field.Path} names", $"pull the {entity} first, or correct the reference at the source");
        }
    }

    private static void Break(ref RowWork row, StoreRule rule, RowMapper mapper, string message, string fix)
    {
        if (row.Record is null)
            return;
        var violation = new Violation(rule.Index, rule.Definition.Rule, rule.Field.Path, rule.Definition.Otherwise, rule.Definition.Message ?? message, fix);
        switch (rule.Definition.Otherwise)
        {
            case Otherwise.Reject:
                mapper.Reject(ref row, violation);
                return;
            case Otherwise.Blank:
                row.Record[rule.Field.Ordinal] = Value.Null;
                break;
            case Otherwise.Warn:
                break;
        }

        (row.Findings ??= []).Add(violation);
    }
}
