-- Instants are milliseconds since 1970-01-01 UTC. Hashes are XXH64 as signed integers.

create table setting (
    name text primary key,
    value text not null
) without rowid;

create table sequence (
    name text primary key,
    next integer not null
) without rowid;

-- Runs ------------------------------------------------------------------------------------------------------------

create table run (
    id integer primary key,
    state text not null,                -- running, done, failed, stopped, cancelled
    started_at integer not null,
    ended_at integer,
    report text                         -- the run's report as JSON, once it has ended
);

-- What became of each record of a run; unchanged ones are counted only.
create table run_record (
    run_id integer not null,
    record_id integer not null,
    outcome text not null,              -- c created, u changed, d deleted
    primary key (run_id, record_id)
) without rowid;

-- Values blanked and rules that only warn; the first thousand of a run.
create table run_finding (
    id integer primary key,
    run_id integer not null,
    pipeline text not null,
    record_id integer,
    what text not null,                 -- blanked, warned
    rule text not null,
    path text not null,
    message text not null
);
create index run_finding_run on run_finding (run_id);

-- What became of each write of a run.
create table run_write (
    run_id integer not null,
    outbound_id integer not null,
    master_id integer not null,
    outcome text not null,              -- c created, u changed, d deleted, r refused
    message text,
    primary key (run_id, outbound_id, master_id)
) without rowid;

-- Inbound ---------------------------------------------------------------------------------------------------------

create table inbound (
    id integer primary key,
    pipeline text not null unique,
    connection text not null,
    stream text not null,
    entity text not null,
    fingerprint integer not null,       -- of the mapping that made the stored records
    cursor text,
    cursor_at integer,
    live integer not null default 0     -- source records not gone
);

create table source_record (
    id integer primary key,
    inbound_id integer not null,
    source_id text not null,
    data_hash integer not null,         -- of data
    data text not null,                 -- the mapped record
    modified_at integer,                -- as the source says
    changed_at integer not null,        -- when the hub saw it change
    changed_run integer not null,
    gone_run integer                    -- the run that found it gone from the source
);

-- Finds a record by its source id, and tells at the same place whether the source's row is as it was: a nightly run over
-- unchanged rows reads this and nothing else.
create table source_key (
    inbound_id integer not null,
    source_id text not null,
    record_id integer not null,
    row_hash integer,                   -- of the mapped columns of the source's row, and the mapping; null when the record is gone
    primary key (inbound_id, source_id)
) without rowid;

-- Records that matching has not seen yet, with their content as matching last saw it.
create table pending (
    record_id integer primary key,
    entity text not null,
    matched_data text
);

create table receipt (
    connection text not null,
    stream text not null,
    id text not null,
    run_id integer not null,
    at integer not null,
    primary key (connection, stream, id)
) without rowid;

-- For the rule `unique`: which record has a value.
create table unique_value (
    inbound_id integer not null,
    value_hash integer not null,        -- of rule and value
    record_id integer not null,
    primary key (inbound_id, value_hash)
) without rowid;
create index unique_value_record on unique_value (record_id);

create table quarantine (
    id integer primary key,
    inbound_id integer not null,
    identity text not null,             -- the source id, or "#" and the hash of a row without one
    source_id text,
    position text not null,             -- "customers.csv line 17"
    row_hash integer not null,
    rule text not null,
    path text,
    place text not null,                -- "pipelines/shop.json:12"
    message text not null,
    fix text not null,
    payload text not null,              -- the whole source row: a JSON object, or the raw text of a row that could not be read
    readable integer not null,          -- 1 when payload is a JSON object that can be mapped again
    state text not null,                -- open, resolved, discarded
    first_run integer not null,
    last_run integer not null,
    opened_at integer not null,
    closed_at integer,
    closed_by text                      -- a person, or "run 17"
);
create unique index quarantine_identity on quarantine (inbound_id, identity) where state <> 'resolved';
create index quarantine_state on quarantine (state);

-- Masters ---------------------------------------------------------------------------------------------------------

create table master (
    id integer primary key,
    entity text not null,
    data text not null,                 -- the golden record
    data_hash integer not null,
    version integer not null,
    changed_at integer not null,
    changed_run integer not null,
    merged_into integer,                -- an alias for ever
    ended_run integer                   -- its last record is gone
);
create index master_merged on master (merged_into) where merged_into is not null;

-- Older versions of golden records.
create table master_version (
    master_id integer not null,
    version integer not null,
    data text not null,
    changed_at integer not null,
    changed_run integer not null,
    primary key (master_id, version)
) without rowid;

create table xref (
    record_id integer primary key,
    master_id integer not null
);
create index xref_master on xref (master_id);

-- Records that left a master for another one (or for none).
create table xref_move (
    id integer primary key,
    record_id integer not null,
    from_master integer not null,
    to_master integer,
    run_id integer not null,
    at integer not null
);
create index xref_move_record on xref_move (record_id);
create index xref_move_from on xref_move (from_master);
create index xref_move_to on xref_move (to_master);

create table entity_total (
    entity text primary key,
    records integer not null,
    masters integer not null,
    scored integer not null default 0   -- how many records there were when all were last scored together
) without rowid;

-- Matching --------------------------------------------------------------------------------------------------------

create table match_key (
    hash integer not null,
    record_id integer not null,
    primary key (hash, record_id)
) without rowid;

-- Keys come in no order, and each would touch a page of its own in a large index: they gather here, and go over in order.
create table match_key_recent (
    hash integer not null,
    record_id integer not null,
    primary key (hash, record_id)
) without rowid;

-- Keys that too many records share: they bring nobody together any more.
create table hot_key (
    hash integer primary key,
    entity text not null,
    kind text not null,
    records integer not null,
    example_record integer not null
);

create table term (
    hash integer primary key,
    records integer not null
);

-- Pairs scored at or above the review threshold, in both directions.
create table edge (
    a integer not null,
    b integer not null,
    bits real not null,
    guard integer not null,
    primary key (a, b)
) without rowid;

-- What stewards said of pairs. record_a < record_b.
create table judgement (
    id integer primary key,
    record_a integer not null,
    record_b integer not null,
    same integer not null,
    who text not null,
    why text,
    at integer not null
);
create unique index judgement_pair on judgement (record_a, record_b);
create index judgement_b on judgement (record_b);

create table review (
    id integer primary key,
    entity text not null,
    record_a integer not null,
    record_b integer not null,
    bits real not null,
    guard integer not null,
    run_id integer not null,
    at integer not null,
    state text not null,                -- open, accepted, rejected
    decided_at integer,
    decided_by text,
    note text
);
create unique index review_pair on review (record_a, record_b);
create index review_state on review (state, bits);
create index review_b on review (record_b);

-- Outbound --------------------------------------------------------------------------------------------------------

create table change_feed (
    seq integer primary key autoincrement,
    entity text not null,
    master_id integer not null,
    kind text not null,                 -- c created, u changed, m merged into another, d ended
    run_id integer not null,
    at integer not null
);

create table outbound (
    id integer primary key,
    pipeline text not null unique,
    connection text not null,
    stream text not null,
    entity text not null,
    fingerprint integer not null,
    feed_seq integer not null,          -- how far into the change feed it has come
    delivered integer not null default 0
);

create table delivery (
    outbound_id integer not null,
    master_id integer not null,
    key text not null,
    external_id text,
    version text,                       -- what the destination answered
    sent text not null,                 -- the values last accepted, a JSON object by the destination's fields
    state text not null,                -- done, deleted, failed (to be tried again), refused (waits for a change)
    error text,
    run_id integer not null,
    at integer not null,
    primary key (outbound_id, master_id)
) without rowid;
create index delivery_state on delivery (outbound_id, state) where state <> 'done';
create index delivery_key on delivery (outbound_id, key);
