-- Access to the API; what the tables are for stands in Sqlite/Service/Migrations/012.sql.
create table hub.api_token (
    id bigint not null primary key,
    name nvarchar(100) collate Latin1_General_100_BIN2 not null,
    hash nvarchar(64) collate Latin1_General_100_BIN2 not null,
    role nvarchar(20) collate Latin1_General_100_BIN2 not null,
    scopes nvarchar(400) collate Latin1_General_100_BIN2 not null,
    created_at bigint not null,
    created_by nvarchar(200) collate Latin1_General_100_BIN2 not null,
    expires_at bigint,
    revoked_at bigint,
    revoked_by nvarchar(200) collate Latin1_General_100_BIN2,
    used_at bigint,
    constraint api_token_name unique (name),
    constraint api_token_hash unique (hash)
);

create table hub.audit (
    seq bigint not null primary key,
    at bigint not null,
    actor nvarchar(200) collate Latin1_General_100_BIN2 not null,
    action nvarchar(200) collate Latin1_General_100_BIN2 not null,
    subject nvarchar(400) collate Latin1_General_100_BIN2 not null,
    outcome nvarchar(400) collate Latin1_General_100_BIN2 not null,
    previous nvarchar(64) collate Latin1_General_100_BIN2 not null,
    hash nvarchar(64) collate Latin1_General_100_BIN2 not null
);

create table hub.request_once (
    actor nvarchar(200) collate Latin1_General_100_BIN2 not null,
    name nvarchar(200) collate Latin1_General_100_BIN2 not null,
    body nvarchar(64) collate Latin1_General_100_BIN2 not null,
    request_id bigint not null,
    at bigint not null,
    constraint request_once_key primary key (actor, name)
);
create index request_once_at on hub.request_once (at);
