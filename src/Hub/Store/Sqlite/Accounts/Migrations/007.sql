-- A file of its own beside the store: what is remembered of accounts is written while a run holds the store's only writer.
-- Instants are milliseconds since 1970-01-01 UTC.

-- What connections remember from run to run: tokens, bulk jobs, subscriptions, how much of a quota is used.
create table account_memory (
    connection text not null,
    name text not null,
    value text not null,            -- sealed where it is secret
    secret integer not null,        -- 1 where it is
    changed_at integer not null,
    primary key (connection, name)
) without rowid;

-- Who may do what only one may do at a time, until when.
create table account_lease (
    connection text not null,
    name text not null,
    holder text not null,
    ends_at integer not null,
    primary key (connection, name)
) without rowid;

-- The secrets that configuration files name by ${secret:NAME}.
create table secret (
    name text primary key,
    value text not null,            -- sealed
    changed_at integer not null
) without rowid;

-- Which key seals: its id, and never the key.
create table hub_key (
    id text primary key,
    since integer not null
) without rowid;
