-- A file of its own beside the store: what the service must write while runs hold the store's only writer.
-- Instants are milliseconds since 1970-01-01 UTC.

-- Webhook requests, stored before they are acknowledged.
create table inbox (
    id integer primary key autoincrement,   -- in the order of their commits; never given twice
    connection text not null,
    stream text not null,
    delivery_id text not null,              -- what tells it from any other of its connection; the hub's own where the sender gives none
    received_at integer not null,
    method text not null,
    headers text not null,                  -- those that reading it needs, as JSON; no credentials
    query text not null,                    -- likewise
    body blob not null,                     -- unpacked
    state integer not null default 0,       -- 0 waiting, 1 done, 2 poison
    attempts integer not null default 0,
    done_at integer,
    run_id integer,                         -- the run that took it
    problem text,                           -- why it could not be taken
    claimed_by text,                        -- the node that takes it now
    claimed_until integer
);
create unique index inbox_delivery on inbox (connection, delivery_id);
create index inbox_waiting on inbox (connection, stream, id) where state = 0;
create index inbox_poison on inbox (id) where state = 2;
