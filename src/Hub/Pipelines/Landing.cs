using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Inbox;
using Crm.Integration.Hub.Quarantine;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.TwoWay;
using Crm.Integration.Hub.Verification;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>
/// The store's side of an inbound pipeline: compares pages with what is stored, and lands what is new or changed together with
/// the cursor that covers it. Landed records are queued for matching.
/// </summary>
internal sealed class Landing : IDisposable
{
    // Enough rows to make a commit's disk flush cheap, few enough to keep a crash's loss and the log file small.
    private const int CommitRows = 20_000;

    // Others have their turn to write then, also where little comes at a time.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);

    private readonly MasterStore _store;
    private readonly InboundPipeline _pipeline;
    private readonly RunContext _run;
    private readonly RowMapper _mapper;
    private readonly bool _wholeSnapshot;
    private readonly RecordSet _seen = new();
    private readonly Dictionary<string, int> _rowOfKey = new(StringComparer.Ordinal);
    private readonly List<(long Record, int Row)> _changed = [];
    private readonly RowAccounting _accounting = new();
    private readonly RecordWriter _writer;
    private readonly QuarantineLedger _quarantine;
    private readonly StoreRuleCheck? _storeRules;
    private readonly TwoWayLanding? _twoWay;
    private readonly MessageLedger _messages;
    private Recovered? _recovered;
    private readonly List<Func<CancellationToken, ValueTask>> _afterCommit = [];
    private readonly long _liveBefore;
    private StoreTransaction? _open;
    private long _openSince;
    private PageWork? _unwritten;
    private string? _savedCursor;
    private int _uncommitted;
    private long _seenLive;

    /// <summary>Begins to land.</summary>
    /// <param name="store">The store.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="run">The run.</param>
    /// <param name="mapper">The pipeline's pure part.</param>
    /// <param name="wholeSnapshot">Whether each key may come only once, and what does not come is gone.</param>
    public Landing(MasterStore store, InboundPipeline pipeline, RunContext run, RowMapper mapper, bool wholeSnapshot)
    {
        _store = store;
        _pipeline = pipeline;
        _run = run;
        _mapper = mapper;
        _wholeSnapshot = wholeSnapshot;
        State = InboundState.Load(Transaction, pipeline);
        _savedCursor = State.Cursor;
        _liveBefore = State.Live;
        _writer = new RecordWriter(pipeline, State, run);
        _quarantine = new QuarantineLedger(State.Id, run);
        _quarantine.Open(Transaction);
        _twoWay = pipeline.Counterparts.Count == 0 ? null : new TwoWayLanding(Transaction, pipeline, run);
        _messages = new MessageLedger(State.Id, mapper.ModifiedAt);
        _storeRules = pipeline.Rules.StoreRules.Count == 0 ? null : new StoreRuleCheck(pipeline, State.Id);
    }

    // Begun when it is needed, and never kept open while the source is waited for.
    private StoreTransaction Transaction
    {
        get
        {
            if (_open is null)
                (_open, _openSince) = (_store.Begin(), _run.Clock.GetTimestamp());
            return _open;
        }
    }

    /// <summary>What the store remembers of the pipeline.</summary>
    public InboundState State { get; }

    /// <summary>Whether the open transaction holds whole pages only, and so may be made durable.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Whether all has to be read, because more is wanted of each record than when it was last read.</summary>
    public bool MustReadAll => _twoWay is not null && _twoWay.Wanted != State.Counterparts;

    /// <summary>How many rows were nothing but the hub's own writes coming back.</summary>
    public long Echoes => _twoWay?.Echoes ?? 0;

    /// <summary>How many rows of webhooks were older than what is stored.</summary>
    public long Stale => _messages.Stale;

    /// <summary>How many records came that a webhook should have brought before.</summary>
    public long Recovered => _recovered?.Count ?? 0;

    /// <summary>Whether more rows were rejected than the limit allows.</summary>
    public bool RejectedTooMany => Counts.Rejected > Counts.Read * _pipeline.Limits.RejectPercent / 100 && !_run.Options.IgnoreLimits;

    /// <summary>The accounting so far.</summary>
    public Counts Counts => _accounting.Counts;

    /// <summary>What the user should hear about.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What was found fault with so far.</summary>
    public Reasons Reasons => _accounting.Reasons;

    /// <summary>Of a comparison: hears what differs from what is stored.</summary>
    public DriftLog? Drift { get; init; }

    /// <summary>Counts what comes and a webhook should have brought before.</summary>
    public void CountRecovered() => _recovered = Inbox.Recovered.Of(Transaction, _pipeline, State, _run);

    /// <summary>Looks a page's rows up. False when a page before it has to be written first, since they share a key.</summary>
    public bool Compare(PageWork page)
    {
        var rowOfKey = _rowOfKey;
        rowOfKey.Clear();
        for (var i = 0; i < page.Rows.Length; i++)
        {
            ref var work = ref page.Rows[i];
            if (page.Source[i].Fault is { } fault)
            {
                work.Fate = RowFate.Rejected;
                work.Rejection = new Rejection(fault.Code, null, _pipeline.RulePlace(-1), fault.Message, fault.Fix);
                work.RowHash = unchecked((long)ContentHash.Of(fault.RawText));
                work.Key = _mapper.KeyOf(page.Source[i]);
            }
            else
            {
                work.IsSighting = page.Source[i].IsSighting;
                _mapper.Identify(page.Source[i], ref work);
            }

            if (string.IsNullOrEmpty(work.Key))
            {
                if (work.Fate == RowFate.Pulled)
                    RejectKey(ref work, "missing-key", $"the key '{_pipeline.Settings.From!.Key}' is empty", "give the record a key at its source, or choose another field in from.key");
                continue;
            }

            if (_unwritten is not null && _unwritten.NewKeys.Contains(work.Key))
                return false;
            if (!rowOfKey.TryAdd(work.Key, i))
            {
                Repeated(page, rowOfKey[work.Key], i);
                if (page.Rows[i].Fate is RowFate.Pulled)
                    rowOfKey[work.Key] = i;
            }
        }

        string[] keys = [.. rowOfKey.Keys];
        int[] rows = [.. rowOfKey.Values];
        using (var stored = Transaction.Lookup("source_key", ("inbound_id", State.Id), "source_id", keys, "record_id", "row_hash"))
        {
            while (stored.Next())
                Found(ref page.Rows[rows[stored.Index]], stored.Int64(0), stored.IsNull(1) ? null : stored.Int64(1));
        }

        for (var i = 0; i < page.Rows.Length; i++)
        {
            ref var work = ref page.Rows[i];
            if (page.Source[i].IsDelete && work.Fate == RowFate.Pulled)
                work.Fate = work.RecordId != 0 && !work.WasGone ? RowFate.Deleted : RowFate.Unchanged;
            else if (work.Fate == RowFate.Filtered && !_wholeSnapshot && work.RecordId != 0 && !work.WasGone)
                work.Fate = RowFate.Deleted;
            else if (work.Fate == RowFate.Pulled)
                work.Fate = work.IsSighting ? RowFate.Unchanged : RowFate.ToMap;
            if (work.Fate == RowFate.ToMap && work.RecordId == 0)
                page.NewKeys.Add(work.Key!);
        }

        if (page.Source is MessageRows messages)
            _messages.Compare(Transaction, page, messages);
        _twoWay?.Compare(Transaction, page);
        ReadStoredHashes(page);
        _unwritten = page;
        return true;
    }

    /// <summary>Decides about a row whose key is stored.</summary>
    private void Found(ref RowWork work, long record, long? storedRow)
    {
        work.RecordId = record;
        work.WasGone = storedRow is null;
        var first = work.Fate != RowFate.Filtered && _seen.Add(record);
        if (first && !work.WasGone)
            _seenLive++;
        if (work.Fate != RowFate.Pulled)
            return;
        if (work.RowHash == storedRow && !work.IsSighting)
            work.Fate = RowFate.Unchanged;
        else if (!first && _wholeSnapshot && !work.IsSighting)
            RejectRepeated(ref work);
    }

    /// <summary>For rows that differ from what is stored: the hash of what was made of them, to tell whether that differs, too.</summary>
    private void ReadStoredHashes(PageWork page)
    {
        _changed.Clear();
        for (var i = 0; i < page.Rows.Length; i++)
        {
            if (page.Rows[i].Fate == RowFate.ToMap && page.Rows[i].RecordId != 0)
                _changed.Add((page.Rows[i].RecordId, i));
        }

        if (_changed.Count == 0)
            return;
        var records = _changed.ConvertAll(one => one.Record).ToArray();
        using var stored = Transaction.Lookup("source_record", "id", records, "data_hash");
        while (stored.Next())
            page.Rows[_changed[stored.Index].Row].StoredHash = stored.Int64(0);
    }

    /// <summary>Maps what has to be mapped. Touches no store: runs beside the next page's comparison.</summary>
    public void Map(PageWork page)
    {
        for (var i = 0; i < page.Rows.Length; i++)
        {
            ref var work = ref page.Rows[i];
            if (work.Fate != RowFate.ToMap)
                continue;
            _mapper.Map(page.Source[i], ref work);
            if (work.Fate == RowFate.ToMap && _storeRules is null)
                _mapper.Serialise(ref work, page.Json);
        }
    }

    /// <summary>Lands a mapped page.</summary>
    /// <param name="work">The page.</param>
    /// <param name="page">As pulled: its cursor, receipt and what to do afterwards.</param>
    /// <param name="cancellationToken">Ends what is done after a commit.</param>
    public async Task WriteAsync(PageWork work, Page page, CancellationToken cancellationToken)
    {
        if (_storeRules is not null)
            CheckStoreRules(work);
        IsWhole = false;
        _accounting.Count(work);
        _recovered?.Take(work);
        Land(work);
        Drift?.Count(work);
        _uncommitted += _quarantine.Write(Transaction, _pipeline, work, _seen);
        if (work.Source is MessageRows messages)
            _uncommitted += _messages.Write(Transaction, work, messages);
        if (_unwritten == work)
            _unwritten = null;

        if (page.Cursor is { } cursor && cursor != _savedCursor)
        {
            Transaction.Execute("""update inbound set "cursor" = @cursor, cursor_at = @Now where id = @Id""", new { cursor, _run.Now, State.Id });
            _savedCursor = State.Cursor = cursor;
            _uncommitted++;
        }

        if (page.Receipt is { } receipt)
        {
            Transaction.Execute(
                """
                insert into receipt (connection, stream, id, run_id, at) select @Connection, @Stream, @receipt, @RunId, @Now
                where not exists (select 1 from receipt r where r.connection = @Connection and r.stream = @Stream and r.id = @receipt)
                """,
                new { Connection = _pipeline.Connection.Name, _pipeline.Stream, receipt, _run.RunId, _run.Now });
            _uncommitted++;
        }

        IsWhole = true;
        if (page.AfterCommit is { } after && !_store.Rehearsing)
            _afterCommit.Add(after);
        if (_uncommitted >= CommitRows || _afterCommit.Count > 0 || _run.Clock.GetElapsedTime(_openSince) >= s_longest)
            await CommitAsync(cancellationToken);
        if (Counts.Rejected > 100 && Counts.Read >= 1000 && RejectedTooMany)
            throw TooManyRejects();
    }

    /// <summary>Ends a complete snapshot: what is stored and did not come is gone.</summary>
    /// <exception cref="LimitException">More is gone than a run may let go without being asked.</exception>
    public void CompleteSnapshot()
    {
        var gone = new List<long>();

        // As many seen as there are: none is missing, and the scan is saved.
        if (_seenLive < State.Live)
        {
            using var rows = Transaction.Read("select id from source_record where inbound_id = @inbound and gone_run is null", ("inbound", State.Id));
            while (rows.Next())
            {
                if (!_seen.Contains(rows.Int64(0)))
                    gone.Add(rows.Int64(0));
            }
        }

        if (gone.Count > 0 && _quarantine.Unreadable > 0)
        {
            Notes.Add($"{gone.Count:N0} records are no longer in {_pipeline.Stream}, but {_quarantine.Unreadable:N0} rows without a readable key may be among them: none is removed until those rows are repaired, or discarded with `hub quarantine discard`");
            gone.Clear();
        }

        var limits = _pipeline.Limits;
        var allowed = Math.Max(limits.AlwaysAllowed, (long)(_liveBefore * limits.DeletePercent / 100));
        if (gone.Count > allowed && !_run.Options.IgnoreLimits)
        {
            throw new LimitException(
                $"{gone.Count:N0} of {_liveBefore:N0} records are gone from {_pipeline.Connection.Name}/{_pipeline.Stream}; {allowed:N0} may go without being asked (limits.deletePercent). None was removed",
                "look whether the source is complete; if it is right, run again with --ignore-limits");
        }

        IsWhole = false;
        _uncommitted += _writer.MarkGone(Transaction, [.. gone]);
        _accounting.Gone(gone.Count);
        Drift?.Gone(Transaction, gone);
        _uncommitted += _quarantine.CloseAbsent(Transaction);
        IsWhole = true;
    }

    /// <summary>The source was read to its end: what is wanted of each record is known from here on.</summary>
    /// <param name="swept">Whether all its ids were looked over.</param>
    public void Complete(bool swept)
    {
        if (!MustReadAll && !swept)
            return;
        Transaction.Execute("update inbound set counterparts = @wanted, swept_at = case when @swept = 1 then @Now else swept_at end where id = @Id",
            new { wanted = _twoWay?.Wanted ?? State.Counterparts, swept = swept ? 1 : 0, _run.Now, State.Id });
        _uncommitted++;
    }

    /// <summary>The store failed: what is not durable yet is given up, and comes again.</summary>
    public void Abandon() => IsWhole = false;

    /// <summary>Makes everything landed so far durable, then does what waited for that.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_uncommitted > 0)
        {
            Transaction.Execute("update inbound set live = @Live, fingerprint = @Fingerprint where id = @Id", new { State.Live, Fingerprint = unchecked((long)_pipeline.Fingerprint), State.Id });
        }

        _open?.Commit();
        _open?.Dispose();
        _open = null;
        _uncommitted = 0;
        foreach (var after in _afterCommit)
            await after(cancellationToken);
        _afterCommit.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _open?.Dispose();

    private void RejectKey(ref RowWork work, string rule, string message, string fix)
    {
        work.Fate = RowFate.Rejected;
        work.Rejection = new Rejection(rule, _pipeline.Settings.From!.Key, _pipeline.RulePlace(-1), message, fix);
    }

    private void RejectRepeated(ref RowWork work) => RejectKey(
        ref work, "repeated-key", $"another row of the file has the key '{work.Key}'; the first one was taken", "make the key unique at its source, or choose a better field in from.key");

    /// <summary>Two rows of a page with one key: in a snapshot the first counts, in a stream of changes the last.</summary>
    private void Repeated(PageWork page, int earlier, int later)
    {
        ref var first = ref page.Rows[earlier];
        ref var second = ref page.Rows[later];
        if (second.Fate != RowFate.Pulled)
            return;
        if (second.IsSighting || (first.RowHash == second.RowHash && first.Fate == RowFate.Pulled && page.Source[earlier].IsDelete == page.Source[later].IsDelete))
            second.Fate = RowFate.Unchanged;
        else if (_wholeSnapshot && first.Fate == RowFate.Pulled)
            RejectRepeated(ref second);
        else if (first.Fate == RowFate.Pulled)
            first.Fate = RowFate.Unchanged;
    }

    private void CheckStoreRules(PageWork work)
    {
        _storeRules!.Check(Transaction, work, _mapper);
        for (var i = 0; i < work.Rows.Length; i++)
        {
            if (work.Rows[i].Fate == RowFate.ToMap)
                _mapper.Serialise(ref work.Rows[i], work.Json);
        }
    }

    /// <summary>What is wrong when most of a source is rejected.</summary>
    public LimitException TooManyRejects() => new(
        $"{Counts.Rejected:N0} of the first {Counts.Read:N0} rows of {_pipeline.Connection.Name}/{_pipeline.Stream} were rejected; {_pipeline.Limits.RejectPercent}% may be (limits.rejectPercent)",
        $"the source or the mapping has changed: look at `hub quarantine list --pipeline {_pipeline.Name}`; if it is right, run again with --ignore-limits");

    /// <summary>Lands a page's rows, and remembers that they were seen.</summary>
    private void Land(PageWork work)
    {
        _uncommitted += _writer.Write(Transaction, work);
        _uncommitted += _twoWay?.Write(Transaction, work) ?? 0;
        AliasLedger.Keep(Transaction, State.Id, work);
        foreach (ref readonly var row in work.Rows)
        {
            if (row.Fate is not (RowFate.Created or RowFate.Changed))
                continue;
            _seen.Add(row.RecordId);
            if (row.Fate == RowFate.Created)
                _seenLive++;
        }

        _storeRules?.Keep(Transaction, work);
    }
}
