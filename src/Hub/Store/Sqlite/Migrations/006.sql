-- Two-way streams: a record at the other end, by the fields that an outbound pipeline writes there.
create table counterpart (
    outbound_id integer not null,
    external_id text not null,          -- the destination's id, which is the source id of the inbound pipeline
    seen text,                          -- its fields as last pulled; null when it has not come yet
    version text,                       -- of seen
    sent text,                          -- what both ends last agreed on, in the words of the hub; null before they first did
    answered text not null,             -- the same in the words of the destination; a field that is missing was written and has not come back
    answered_version text,              -- the version that the destination answered to the last write
    awaits integer not null,            -- 1 while a write has not come back
    tries integer not null,             -- how often a write came back as something else, at a destination that has no versions
    fresh integer not null,             -- 1 when somebody edited it and the outbound pipeline has not looked at it since
    primary key (outbound_id, external_id)
) without rowid;
create index counterpart_fresh on counterpart (outbound_id, fresh) where fresh = 1;

-- Source records that the hub itself made at their source.
create table made_record (
    record_id integer primary key,
    run_id integer not null
);

-- Records that stand for others by the word of their source.
create table record_alias (
    inbound_id integer not null,
    source_id text not null,            -- a record that its source merged into another one, or converted
    into_id text not null,              -- that other one
    settled integer not null,           -- 1 once masters and judgements have followed
    primary key (inbound_id, source_id)
) without rowid;

-- Fields in which a source record is to be believed, since a conflict was decided for it; until another record of the master changes that field.
create table field_decision (
    record_id integer not null,
    field text not null,
    at integer not null,
    run_id integer not null,
    primary key (record_id, field)
) without rowid;

-- Fields that were edited at the destination while the hub says otherwise.
create table field_conflict (
    id integer primary key,
    outbound_id integer not null,
    master_id integer not null,
    record_id integer not null,
    field text not null,                -- the destination's field; empty for a duplicate
    base text,                          -- what both ends last agreed on
    ours text,
    theirs text,
    ours_at integer,
    theirs_at integer,
    policy text not null,               -- hub, source, newest, ask
    state text not null,                -- open, decided (the next run carries it out), settled
    winner text,                        -- hub, source, both (they agree by now)
    run_id integer not null,
    at integer not null,
    decided_at integer,
    decided_by text,                    -- a person, or "run 17"
    note text
);
create index field_conflict_state on field_conflict (state, outbound_id);
create index field_conflict_record on field_conflict (record_id, state);

-- 1 when the hub made the record at the destination. States besides: gone (its users removed it).
alter table delivery add column made integer not null default 0;
create index delivery_external on delivery (outbound_id, external_id);

-- What a write changed: a JSON object, field -> [before, after].
alter table run_write add column external_id text;
alter table run_write add column changes text;

-- When all ids were last looked over to find out what is gone, and which fields the outbound pipelines of the stream wanted to know when it was last read whole.
alter table inbound add column swept_at integer;
alter table inbound add column counterparts integer not null default 0;
