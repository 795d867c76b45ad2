using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Review;

/// <summary>Looks into the review queue.</summary>
internal static class ReviewQuery
{
    private const string Columns =
        """
        select v.id, v.entity, v.record_a, v.record_b, x.master_id as master_a, y.master_id as master_b, v.bits, v.guard, v.run_id, v.at, v.state, v.decided_at, v.decided_by, v.note,
            m.data as data_a, n.data as data_b, (select count(*) from xref o where o.master_id = x.master_id or o.master_id = y.master_id) as joined
        from review v
        left join xref x on x.record_id = v.record_a left join xref y on y.record_id = v.record_b
        left join master m on m.id = x.master_id left join master n on n.id = y.master_id
        """;

    // A pair that a guard holds back stands at about even odds, whatever its agreements alone would give.
    private const double GuardedBits = 3;

    /// <summary>
    /// The pairs that wait, those first whose answer settles most: the more records hang on it and the nearer it is to even odds; or those
    /// that were decided, the latest first.
    /// </summary>
    public static IReadOnlyList<ReviewRow> List(MasterStore store, string state, int limit) => state == "open"
        ? store.Query<ReviewRow>(
            $"select w.* from ({Columns} where v.state = @state) w order by w.joined / (1.0 + abs(case when w.guard = 0 then w.bits else @GuardedBits end)) desc, w.id limit @limit",
            new { state, limit, GuardedBits })
        : store.Query<ReviewRow>(Columns + " where v.state = @state order by v.decided_at desc, v.id limit @limit", new { state, limit });

    /// <summary>The pairs in a state by their numbers, page by page: none is left out while others come and go.</summary>
    public static IReadOnlyList<ReviewRow> Page(MasterStore store, string state, int limit, long after) =>
        store.Query<ReviewRow>(Columns + " where v.state = @state and v.id > @after order by v.id limit @limit", new { state, limit, after });

    /// <summary>How many pairs are in a state.</summary>
    public static long Count(MasterStore store, string state) => store.Scalar<long>("select count(*) from review where state = @state", new { state });

    /// <summary>The pair of two masters that waits, or null.</summary>
    public static long? Waiting(MasterStore store, long left, long right) => store.Scalar<long?>(
        """
        select min(v.id) from review v join xref x on x.record_id = v.record_a join xref y on y.record_id = v.record_b
        where v.state = 'open' and ((x.master_id = @left and y.master_id = @right) or (x.master_id = @right and y.master_id = @left))
        """,
        new { left, right });

    /// <summary>Who has said that records of two masters are not one customer, or null.</summary>
    public static string? SeparatedBy(MasterStore store, long left, long right) => store.Scalar<string?>(
        """
        select min(j.who) from judgement j join xref x on x.record_id = j.record_a join xref y on y.record_id = j.record_b
        where j.same = 0 and ((x.master_id = @left and y.master_id = @right) or (x.master_id = @right and y.master_id = @left))
        """,
        new { left, right });

    /// <summary>Who has said that records of a master are one customer, or null.</summary>
    public static string? JoinedBy(MasterStore store, long master) => store.Scalar<string?>(
        """
        select min(j.who) from judgement j join xref x on x.record_id = j.record_a join xref y on y.record_id = j.record_b
        where j.same = 1 and x.master_id = @master and y.master_id = @master
        """,
        new { master });

    /// <summary>One pair, or null.</summary>
    public static ReviewRow? Find(MasterStore store, long id) => store.First<ReviewRow>(Columns + " where v.id = @id", new { id });
}

/// <summary>A pair that waits for a person, or was decided by one.</summary>
internal sealed record ReviewRow
{
    public long Id { get; init; }

    public string Entity { get; init; } = "";

    public long RecordA { get; init; }

    public long RecordB { get; init; }

    public long? MasterA { get; init; }

    public long? MasterB { get; init; }

    public double Bits { get; init; }

    public long Guard { get; init; }

    public long RunId { get; init; }

    public long At { get; init; }

    public string State { get; init; } = "";

    public long? DecidedAt { get; init; }

    public string? DecidedBy { get; init; }

    public string? Note { get; init; }

    public string? DataA { get; init; }

    public string? DataB { get; init; }

    /// <summary>How many records the answer concerns.</summary>
    public long Joined { get; init; }
}
