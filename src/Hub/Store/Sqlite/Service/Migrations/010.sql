-- A file of its own beside the store: what the service writes while runs hold the store's only writer.
-- Instants are milliseconds since 1970-01-01 UTC.

-- Numbers that are given once.
create table if not exists sequence (
    name text primary key,
    next integer not null
) without rowid;

-- Runs that the service is to carry out, carries out, and has carried out.
create table run_request (
    id integer primary key,
    pipelines text not null,            -- names, a line each; empty for all
    cause text not null,                -- schedule, after, change, manual, webhook, api
    asked_by text not null,             -- a node, a token, a pipeline
    due_at integer not null,            -- not begun earlier
    created_at integer not null,
    state text not null,                -- waiting, running, done, failed, stopped, paused, cancelled, skipped
    ignore_limits integer not null,
    rehearsal integer not null,
    attempts integer not null,          -- how often it was begun
    fence integer not null,             -- higher each time it is begun: who holds a lower one has lost it
    node text,                          -- who carries it out
    lease_until integer,                -- until when that node need not be heard of
    started_at integer,
    run_id integer,
    ended_at integer,
    cancelled_by text,                  -- who wants it ended
    note text,
    report text                         -- of a rehearsal, which leaves no run: JSON
);
create index run_request_open on run_request (state, due_at);
create index run_request_ended on run_request (ended_at);

-- Pipelines that a request has for itself for as long as it runs: none runs twice at once.
create table run_slot (
    pipeline text primary key,
    request_id integer not null
) without rowid;
create index run_slot_request on run_slot (request_id);

-- Instants of schedules that have fired, each once, whichever node saw it first.
create table fired (
    pipeline text not null,
    due_at integer not null,
    fired_at integer not null,
    request_id integer not null,        -- the request it made, or joined
    primary key (pipeline, due_at)
) without rowid;
create index fired_at on fired (fired_at);

-- How far each pipeline's triggers have come.
create table schedule (
    pipeline text primary key,
    triggers text not null,             -- as configured: a changed schedule does not make up for the past
    last_due integer not null,          -- the newest instant that was seen to
    last_change integer not null        -- the newest entry of the change feed for which a run was requested
) without rowid;
