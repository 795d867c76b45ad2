-- Run requests and schedules; what the tables are for stands in Sqlite/Service/Migrations/010.sql.
create table hub.run_request (
    id bigint not null primary key,
    pipelines nvarchar(max) collate Latin1_General_100_BIN2 not null,
    cause nvarchar(20) collate Latin1_General_100_BIN2 not null,
    asked_by nvarchar(200) collate Latin1_General_100_BIN2 not null,
    due_at bigint not null,
    created_at bigint not null,
    state nvarchar(20) collate Latin1_General_100_BIN2 not null,
    ignore_limits bigint not null,
    rehearsal bigint not null,
    attempts bigint not null,
    fence bigint not null,
    node nvarchar(200) collate Latin1_General_100_BIN2,
    lease_until bigint,
    started_at bigint,
    run_id bigint,
    ended_at bigint,
    cancelled_by nvarchar(200) collate Latin1_General_100_BIN2,
    note nvarchar(max) collate Latin1_General_100_BIN2,
    report nvarchar(max) collate Latin1_General_100_BIN2
);
create index run_request_open on hub.run_request (state, due_at);
create index run_request_ended on hub.run_request (ended_at);

create table hub.run_slot (
    pipeline nvarchar(200) collate Latin1_General_100_BIN2 not null primary key,
    request_id bigint not null
);
create index run_slot_request on hub.run_slot (request_id);

create table hub.fired (
    pipeline nvarchar(200) collate Latin1_General_100_BIN2 not null,
    due_at bigint not null,
    fired_at bigint not null,
    request_id bigint not null,
    constraint fired_primary primary key (pipeline, due_at)
);
create index fired_at on hub.fired (fired_at);

create table hub.schedule (
    pipeline nvarchar(200) collate Latin1_General_100_BIN2 not null primary key,
    triggers nvarchar(max) collate Latin1_General_100_BIN2 not null,
    last_due bigint not null,
    last_change bigint not null
);
