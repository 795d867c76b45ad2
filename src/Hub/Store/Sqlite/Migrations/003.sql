-- When the fields of a source record last changed at the source, for records that have changed since they were first seen.
create table field_time (
    record_id integer primary key,
    times text not null                 -- a JSON object: field -> instant; "" for all others
);

-- What stewards say of values: records of the connection `steward`, which are never matched and go where the record goes that they correct.
create table correction (
    id integer primary key,
    entity text not null,
    master_id integer not null,         -- whom it counts for
    record_id integer not null,         -- the source record whose value it corrects
    field text not null,                -- a field, or a group that moves as one
    kind text not null,                 -- set, verified
    data text not null,                 -- the values, a record of the entity
    instead_of text not null,           -- what the corrected record said then, the same fields
    instead_modified integer,           -- and when its source had changed it
    who text not null,
    why text,
    at integer not null,
    expires_at integer,
    state text not null,                -- open, expired, retired, replaced, removed
    ended_at integer,
    ended_run integer
);
create index correction_master on correction (master_id, state);
create index correction_record on correction (record_id, state);
create index correction_state on correction (state, entity);
