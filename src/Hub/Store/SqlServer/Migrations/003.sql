-- When the fields of a source record last changed at the source, for records that have changed since they were first seen.
create table hub.field_time (
    record_id bigint not null primary key,
    times nvarchar(max) collate Latin1_General_100_BIN2 not null
);

-- What stewards say of values; what the columns are for stands in Sqlite/Migrations/003.sql.
create table hub.correction (
    id bigint not null primary key,
    entity nvarchar(100) collate Latin1_General_100_BIN2 not null,
    master_id bigint not null,
    record_id bigint not null,
    field nvarchar(400) collate Latin1_General_100_BIN2 not null,
    kind nvarchar(20) collate Latin1_General_100_BIN2 not null,
    data nvarchar(max) collate Latin1_General_100_BIN2 not null,
    instead_of nvarchar(max) collate Latin1_General_100_BIN2 not null,
    instead_modified bigint,
    who nvarchar(400) collate Latin1_General_100_BIN2 not null,
    why nvarchar(max) collate Latin1_General_100_BIN2,
    at bigint not null,
    expires_at bigint,
    state nvarchar(20) collate Latin1_General_100_BIN2 not null,
    ended_at bigint,
    ended_run bigint
);
create index correction_master on hub.correction (master_id, state);
create index correction_record on hub.correction (record_id, state);
create index correction_state on hub.correction (state, entity);
