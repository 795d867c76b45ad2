using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>Counts what became of an inbound pipeline's rows, and what was found fault with.</summary>
internal sealed class RowAccounting
{
    /// <summary>The accounting so far.</summary>
    public Counts Counts { get; private set; }

    /// <summary>What was found fault with so far.</summary>
    public Reasons Reasons { get; } = new();

    /// <summary>Counts a page's rows.</summary>
    public void Count(PageWork work)
    {
        var counts = Counts;
        for (var i = 0; i < work.Rows.Length; i++)
        {
            ref var row = ref work.Rows[i];
            counts += row.Fate switch
            {
                RowFate.Filtered => new Counts(0, 0, 0, 0, 0, 1),
                RowFate.Created => new Counts(1, 0, 0, 0, 0, 0),
                RowFate.Changed => new Counts(0, 1, 0, 0, 0, 0),
                RowFate.Deleted => new Counts(0, 0, 0, 1, 0, 0),
                RowFate.Rejected => new Counts(0, 0, 0, 0, 1, 0),
                _ => new Counts(0, 0, 1, 0, 0, 0),
            };
            if (row.Rejection is { } rejection)
            {
                Reasons.Add("rejected", rejection.Rule, rejection.Path, work.Source[i].Position.ToString(), rejection.Message, rejection.Fix);
                row.Findings = null;
            }

            foreach (var finding in row.Findings ?? [])
                Reasons.Add(RecordWriter.What(finding), RowMapper.RuleName(finding.Kind), finding.Path, work.Source[i].Position.ToString(), finding.Message, finding.Fix);
        }

        Counts = counts;
    }

    /// <summary>Counts records that a complete snapshot no longer has.</summary>
    public void Gone(long count) => Counts += new Counts(0, 0, 0, count, 0, 0);
}
