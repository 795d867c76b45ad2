-- What the columns are for stands in Sqlite/Migrations/006.sql.
-- Two-way streams: a record at the other end, by the fields that an outbound pipeline writes there.
create table hub.counterpart (
    outbound_id bigint not null,
    external_id nvarchar(440) collate Latin1_General_100_BIN2 not null,
    seen nvarchar(max) collate Latin1_General_100_BIN2,
    version nvarchar(max) collate Latin1_General_100_BIN2,
    sent nvarchar(max) collate Latin1_General_100_BIN2,
    answered nvarchar(max) collate Latin1_General_100_BIN2 not null,
    answered_version nvarchar(max) collate Latin1_General_100_BIN2,
    awaits bigint not null,
    tries bigint not null,
    fresh bigint not null,
    constraint counterpart_primary primary key (outbound_id, external_id)
);
create index counterpart_fresh on hub.counterpart (outbound_id, fresh) where fresh = 1;

-- Source records that the hub itself made at their source.
create table hub.made_record (
    record_id bigint not null primary key,
    run_id bigint not null
);

-- Records that stand for others by the word of their source.
create table hub.record_alias (
    inbound_id bigint not null,
    source_id nvarchar(440) collate Latin1_General_100_BIN2 not null,
    into_id nvarchar(440) collate Latin1_General_100_BIN2 not null,
    settled bigint not null,
    constraint record_alias_primary primary key (inbound_id, source_id)
);

-- Fields in which a source record is to be believed, since a conflict was decided for it; until another record of the master changes that field.
create table hub.field_decision (
    record_id bigint not null,
    field nvarchar(400) collate Latin1_General_100_BIN2 not null,
    at bigint not null,
    run_id bigint not null,
    constraint field_decision_primary primary key (record_id, field)
);

-- Fields that were edited at the destination while the hub says otherwise.
create table hub.field_conflict (
    id bigint identity(1, 1) not null primary key,
    outbound_id bigint not null,
    master_id bigint not null,
    record_id bigint not null,
    field nvarchar(400) collate Latin1_General_100_BIN2 not null,
    base nvarchar(max) collate Latin1_General_100_BIN2,
    ours nvarchar(max) collate Latin1_General_100_BIN2,
    theirs nvarchar(max) collate Latin1_General_100_BIN2,
    ours_at bigint,
    theirs_at bigint,
    policy nvarchar(20) collate Latin1_General_100_BIN2 not null,
    state nvarchar(20) collate Latin1_General_100_BIN2 not null,
    winner nvarchar(20) collate Latin1_General_100_BIN2,
    run_id bigint not null,
    at bigint not null,
    decided_at bigint,
    decided_by nvarchar(400) collate Latin1_General_100_BIN2,
    note nvarchar(max) collate Latin1_General_100_BIN2
);
create index field_conflict_state on hub.field_conflict (state, outbound_id);
create index field_conflict_record on hub.field_conflict (record_id, state);

alter table hub.delivery add made bigint not null default 0;
alter table hub.delivery alter column external_id nvarchar(440) collate Latin1_General_100_BIN2;
create index delivery_external on hub.delivery (outbound_id, external_id);

alter table hub.run_write add external_id nvarchar(max) collate Latin1_General_100_BIN2;
alter table hub.run_write add changes nvarchar(max) collate Latin1_General_100_BIN2;

alter table hub.inbound add swept_at bigint;
alter table hub.inbound add counterparts bigint not null default 0;
