-- When the fields of a source record last changed at the source, for records that have changed since they were first seen.
create table field_time (
    record_id bigint primary key,
    times text collate "C" not null                 -- a JSON object: field -> instant; "" for all others
);

-- What stewards say of values: records of the connection `steward`, which are never matched and go where the record goes that they correct.
create table correction (
    id bigint primary key,
    entity text collate "C" not null,
    master_id bigint not null,  -- whom it counts for
    record_id bigint not null,  -- the source record whose value it corrects
    field text collate "C" not null,  -- a field, or a group that moves as one
    kind text collate "C" not null,  -- set, verified
    data text collate "C" not null,  -- the values, a record of the entity
    instead_of text collate "C" not null,  -- what the corrected record said then, the same fields
    instead_modified bigint,  -- and when its source had changed it
    who text collate "C" not null,
    why text collate "C",
    at bigint not null,
    expires_at bigint,
    state text collate "C" not null,  -- open, expired, retired, replaced, removed
    ended_at bigint,
    ended_run bigint
);
create index correction_master on correction (master_id, state);
create index correction_record on correction (record_id, state);
create index correction_state on correction (state, entity);
