-- SQL Server's form of the first version; what the tables are for stands in Sqlite/Migrations/001.sql. Text is nvarchar with a binary collation:
-- it compares and sorts by its characters' codes, as in the other engines. Comparing pads with blanks, whatever the collation; where two
-- texts that differ by a blank at the end are two, a column *_bytes with the length is part of the key.
-- Index keys hold 900 bytes (clustered) or 1700: that is where the lengths come from.

if schema_id(N'hub') is null exec(N'create schema hub');

create table hub.schema_version (
    version bigint not null
);

create table hub.setting (
    name nvarchar(100) collate Latin1_General_100_BIN2 not null primary key,
    value nvarchar(max) collate Latin1_General_100_BIN2 not null
);

create table hub.sequence (
    name nvarchar(100) collate Latin1_General_100_BIN2 not null primary key,
    next bigint not null
);

-- Runs

create table hub.run (
    id bigint not null primary key,
    state nvarchar(20) collate Latin1_General_100_BIN2 not null,
    started_at bigint not null,
    ended_at bigint,
    report nvarchar(max) collate Latin1_General_100_BIN2
);

create table hub.run_record (
    run_id bigint not null,
    record_id bigint not null,
    outcome nvarchar(20) collate Latin1_General_100_BIN2 not null,
    constraint run_record_key primary key (run_id, record_id)
);

create table hub.run_finding (
    id bigint identity(1, 1) not null primary key,
    run_id bigint not null,
    pipeline nvarchar(200) collate Latin1_General_100_BIN2 not null,
    record_id bigint,
    what nvarchar(20) collate Latin1_General_100_BIN2 not null,
    [rule] nvarchar(200) collate Latin1_General_100_BIN2 not null,
    path nvarchar(400) collate Latin1_General_100_BIN2 not null,
    message nvarchar(max) collate Latin1_General_100_BIN2 not null
);
create index run_finding_run on hub.run_finding (run_id);

create table hub.run_write (
    run_id bigint not null,
    outbound_id bigint not null,
    master_id bigint not null,
    outcome nvarchar(20) collate Latin1_General_100_BIN2 not null,
    message nvarchar(max) collate Latin1_General_100_BIN2,
    constraint run_write_key primary key (run_id, outbound_id, master_id)
);

-- Inbound

create table hub.inbound (
    id bigint identity(1, 1) not null primary key,
    pipeline nvarchar(200) collate Latin1_General_100_BIN2 not null,
    connection nvarchar(150) collate Latin1_General_100_BIN2 not null,
    stream nvarchar(250) collate Latin1_General_100_BIN2 not null,
    entity nvarchar(100) collate Latin1_General_100_BIN2 not null,
    fingerprint bigint not null,
    [cursor] nvarchar(max) collate Latin1_General_100_BIN2,
    cursor_at bigint,
    live bigint not null default 0
);
create unique index inbound_pipeline on hub.inbound (pipeline);

create table hub.source_record (
    id bigint not null primary key,
    inbound_id bigint not null,
    source_id nvarchar(440) collate Latin1_General_100_BIN2 not null,
    data_hash bigint not null,
    data nvarchar(max) collate Latin1_General_100_BIN2 not null,
    modified_at bigint,
    changed_at bigint not null,
    changed_run bigint not null,
    gone_run bigint
);

create table hub.source_key (
    inbound_id bigint not null,
    source_id nvarchar(440) collate Latin1_General_100_BIN2 not null,
    source_id_bytes as datalength(source_id) persisted not null,
    record_id bigint not null,
    row_hash bigint,
    constraint source_key_key primary key (inbound_id, source_id, source_id_bytes)
);

create table hub.pending (
    record_id bigint not null primary key,
    entity nvarchar(100) collate Latin1_General_100_BIN2 not null,
    matched_data nvarchar(max) collate Latin1_General_100_BIN2
);

create table hub.receipt (
    connection nvarchar(150) collate Latin1_General_100_BIN2 not null,
    stream nvarchar(250) collate Latin1_General_100_BIN2 not null,
    id nvarchar(440) collate Latin1_General_100_BIN2 not null,
    run_id bigint not null,
    at bigint not null,
    constraint receipt_key primary key nonclustered (connection, stream, id)
);

create table hub.unique_value (
    inbound_id bigint not null,
    value_hash bigint not null,
    record_id bigint not null,
    constraint unique_value_key primary key (inbound_id, value_hash)
);
create index unique_value_record on hub.unique_value (record_id);

create table hub.quarantine (
    id bigint not null primary key,
    inbound_id bigint not null,
    [identity] nvarchar(800) collate Latin1_General_100_BIN2 not null,
    identity_bytes as datalength([identity]) persisted not null,
    source_id nvarchar(max) collate Latin1_General_100_BIN2,
    position nvarchar(max) collate Latin1_General_100_BIN2 not null,
    row_hash bigint not null,
    [rule] nvarchar(200) collate Latin1_General_100_BIN2 not null,
    path nvarchar(400) collate Latin1_General_100_BIN2,
    place nvarchar(max) collate Latin1_General_100_BIN2 not null,
    message nvarchar(max) collate Latin1_General_100_BIN2 not null,
    fix nvarchar(max) collate Latin1_General_100_BIN2 not null,
    payload nvarchar(max) collate Latin1_General_100_BIN2 not null,
    readable bigint not null,
    state nvarchar(20) collate Latin1_General_100_BIN2 not null,
    first_run bigint not null,
    last_run bigint not null,
    opened_at bigint not null,
    closed_at bigint,
    closed_by nvarchar(400) collate Latin1_General_100_BIN2
);
create unique index quarantine_identity on hub.quarantine (inbound_id, [identity], identity_bytes) where state <> N'resolved';
create index quarantine_state on hub.quarantine (state);

-- Masters

create table hub.master (
    id bigint not null primary key,
    entity nvarchar(100) collate Latin1_General_100_BIN2 not null,
    data nvarchar(max) collate Latin1_General_100_BIN2 not null,
    data_hash bigint not null,
    version bigint not null,
    changed_at bigint not null,
    changed_run bigint not null,
    merged_into bigint,
    ended_run bigint
);
create index master_merged on hub.master (merged_into) where merged_into is not null;

create table hub.master_version (
    master_id bigint not null,
    version bigint not null,
    data nvarchar(max) collate Latin1_General_100_BIN2 not null,
    changed_at bigint not null,
    changed_run bigint not null,
    constraint master_version_key primary key (master_id, version)
);

create table hub.xref (
    record_id bigint not null primary key,
    master_id bigint not null
);
create index xref_master on hub.xref (master_id);

create table hub.xref_move (
    id bigint identity(1, 1) not null primary key,
    record_id bigint not null,
    from_master bigint not null,
    to_master bigint,
    run_id bigint not null,
    at bigint not null
);
create index xref_move_record on hub.xref_move (record_id);
create index xref_move_from on hub.xref_move (from_master);
create index xref_move_to on hub.xref_move (to_master);

create table hub.entity_total (
    entity nvarchar(100) collate Latin1_General_100_BIN2 not null primary key,
    records bigint not null,
    masters bigint not null,
    scored bigint not null default 0
);

-- Matching

create table hub.match_key (
    hash bigint not null,
    record_id bigint not null,
    constraint match_key_key primary key (hash, record_id)
);

create table hub.match_key_recent (
    hash bigint not null,
    record_id bigint not null,
    constraint match_key_recent_key primary key (hash, record_id)
);

create table hub.hot_key (
    hash bigint not null primary key,
    entity nvarchar(100) collate Latin1_General_100_BIN2 not null,
    kind nvarchar(100) collate Latin1_General_100_BIN2 not null,
    records bigint not null,
    example_record bigint not null
);

create table hub.term (
    hash bigint not null primary key,
    records bigint not null
);

create table hub.edge (
    a bigint not null,
    b bigint not null,
    bits float not null,
    guard bigint not null,
    constraint edge_key primary key (a, b)
);

create table hub.judgement (
    id bigint identity(1, 1) not null primary key,
    record_a bigint not null,
    record_b bigint not null,
    same bigint not null,
    who nvarchar(400) collate Latin1_General_100_BIN2 not null,
    why nvarchar(max) collate Latin1_General_100_BIN2,
    at bigint not null
);
create unique index judgement_pair on hub.judgement (record_a, record_b);
create index judgement_b on hub.judgement (record_b);

create table hub.review (
    id bigint not null primary key,
    entity nvarchar(100) collate Latin1_General_100_BIN2 not null,
    record_a bigint not null,
    record_b bigint not null,
    bits float not null,
    guard bigint not null,
    run_id bigint not null,
    at bigint not null,
    state nvarchar(20) collate Latin1_General_100_BIN2 not null,
    decided_at bigint,
    decided_by nvarchar(400) collate Latin1_General_100_BIN2,
    note nvarchar(max) collate Latin1_General_100_BIN2
);
create unique index review_pair on hub.review (record_a, record_b);
create index review_state on hub.review (state, bits);
create index review_b on hub.review (record_b);

-- Outbound

create table hub.change_feed (
    seq bigint identity(1, 1) not null primary key,
    entity nvarchar(100) collate Latin1_General_100_BIN2 not null,
    master_id bigint not null,
    kind nvarchar(20) collate Latin1_General_100_BIN2 not null,
    run_id bigint not null,
    at bigint not null
);

create table hub.outbound (
    id bigint identity(1, 1) not null primary key,
    pipeline nvarchar(200) collate Latin1_General_100_BIN2 not null,
    connection nvarchar(150) collate Latin1_General_100_BIN2 not null,
    stream nvarchar(250) collate Latin1_General_100_BIN2 not null,
    entity nvarchar(100) collate Latin1_General_100_BIN2 not null,
    fingerprint bigint not null,
    feed_seq bigint not null,
    delivered bigint not null default 0
);
create unique index outbound_pipeline on hub.outbound (pipeline);

create table hub.delivery (
    outbound_id bigint not null,
    master_id bigint not null,
    [key] nvarchar(800) collate Latin1_General_100_BIN2 not null,
    external_id nvarchar(max) collate Latin1_General_100_BIN2,
    version nvarchar(max) collate Latin1_General_100_BIN2,
    sent nvarchar(max) collate Latin1_General_100_BIN2 not null,
    state nvarchar(20) collate Latin1_General_100_BIN2 not null,
    error nvarchar(max) collate Latin1_General_100_BIN2,
    run_id bigint not null,
    at bigint not null,
    constraint delivery_primary primary key (outbound_id, master_id)
);
create index delivery_state on hub.delivery (outbound_id, state) where state <> N'done';
create index delivery_key on hub.delivery (outbound_id, [key]);
