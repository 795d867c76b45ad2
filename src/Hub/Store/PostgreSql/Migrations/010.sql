-- Run requests and schedules; what the tables are for stands in Sqlite/Service/Migrations/010.sql.
create table run_request (
    id bigint primary key,
    pipelines text collate "C" not null,
    cause text collate "C" not null,
    asked_by text collate "C" not null,
    due_at bigint not null,
    created_at bigint not null,
    state text collate "C" not null,
    ignore_limits bigint not null,
    rehearsal bigint not null,
    attempts bigint not null,
    fence bigint not null,
    node text collate "C",
    lease_until bigint,
    started_at bigint,
    run_id bigint,
    ended_at bigint,
    cancelled_by text collate "C",
    note text collate "C",
    report text collate "C"
);
create index run_request_open on run_request (state, due_at);
create index run_request_ended on run_request (ended_at);

create table run_slot (
    pipeline text collate "C" primary key,
    request_id bigint not null
);
create index run_slot_request on run_slot (request_id);

create table fired (
    pipeline text collate "C" not null,
    due_at bigint not null,
    fired_at bigint not null,
    request_id bigint not null,
    primary key (pipeline, due_at)
);
create index fired_at on fired (fired_at);

create table schedule (
    pipeline text collate "C" primary key,
    triggers text collate "C" not null,
    last_due bigint not null,
    last_change bigint not null
);
