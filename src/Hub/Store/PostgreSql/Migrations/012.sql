-- Access to the API; what the tables are for stands in Sqlite/Service/Migrations/012.sql.
create table api_token (
    id bigint primary key,
    name text collate "C" not null unique,
    hash text collate "C" not null unique,
    role text collate "C" not null,
    scopes text collate "C" not null,
    created_at bigint not null,
    created_by text collate "C" not null,
    expires_at bigint,
    revoked_at bigint,
    revoked_by text collate "C",
    used_at bigint
);

create table audit (
    seq bigint primary key,
    at bigint not null,
    actor text collate "C" not null,
    action text collate "C" not null,
    subject text collate "C" not null,
    outcome text collate "C" not null,
    previous text collate "C" not null,
    hash text collate "C" not null
);

create table request_once (
    actor text collate "C" not null,
    name text collate "C" not null,
    body text collate "C" not null,
    request_id bigint not null,
    at bigint not null,
    primary key (actor, name)
);
create index request_once_at on request_once (at);
