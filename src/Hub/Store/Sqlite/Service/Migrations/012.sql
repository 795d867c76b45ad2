-- Who may use the service's API, and what they did.

create table api_token (
    id integer primary key,
    name text not null unique,          -- given once: the audit log says who it was
    hash text not null unique,          -- SHA-256 of the token, hex; the token itself is kept nowhere
    role text not null,                 -- viewer, operator, steward, admin
    scopes text not null,               -- subjects, a space between; empty for all
    created_at integer not null,
    created_by text not null,
    expires_at integer,
    revoked_at integer,
    revoked_by text,
    used_at integer                     -- to the minute
);

-- Only ever added to. Each row's hash covers the row and the hash before it.
create table audit (
    seq integer primary key,
    at integer not null,
    actor text not null,
    action text not null,
    subject text not null,              -- ids, never values
    outcome text not null,
    previous text not null,
    hash text not null
);

-- Requests that their caller gave a key, so that asking twice asks once.
create table request_once (
    actor text not null,
    name text not null,                 -- the Idempotency-Key
    body text not null,                 -- SHA-256 of what was asked, hex
    request_id integer not null,
    at integer not null,
    primary key (actor, name)
) without rowid;
create index request_once_at on request_once (at);
