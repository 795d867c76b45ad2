-- What the columns are for stands in Sqlite/Service/Migrations/011.sql.
create table hub.inbox (
    id bigint identity(1, 1) not null,
    connection nvarchar(200) collate Latin1_General_100_BIN2 not null,
    stream nvarchar(200) collate Latin1_General_100_BIN2 not null,
    delivery_id nvarchar(200) collate Latin1_General_100_BIN2 not null,
    received_at bigint not null,
    method nvarchar(20) collate Latin1_General_100_BIN2 not null,
    headers nvarchar(max) collate Latin1_General_100_BIN2 not null,
    query nvarchar(max) collate Latin1_General_100_BIN2 not null,
    body varbinary(max) not null,
    state bigint not null default 0,
    attempts bigint not null default 0,
    done_at bigint,
    run_id bigint,
    problem nvarchar(max) collate Latin1_General_100_BIN2,
    claimed_by nvarchar(200) collate Latin1_General_100_BIN2,
    claimed_until bigint,
    constraint inbox_key primary key nonclustered (connection, delivery_id)
);
create unique index inbox_id on hub.inbox (id);
create index inbox_waiting on hub.inbox (connection, stream, id) where state = 0;
create index inbox_poison on hub.inbox (id) where state = 2;

-- Which requests of the inbox a pipeline has landed; written with the records that they brought.
create table hub.inbox_receipt (
    inbound_id bigint not null,
    inbox_id bigint not null,
    constraint inbox_receipt_key primary key (inbound_id, inbox_id)
);

-- Which message each record was last taken from: an earlier one that is taken again does not write over it.
create table hub.inbox_latest (
    inbound_id bigint not null,
    source_id nvarchar(440) collate Latin1_General_100_BIN2 not null,
    source_id_bytes as datalength(source_id) persisted not null,
    inbox_id bigint not null,
    constraint inbox_latest_key primary key (inbound_id, source_id, source_id_bytes)
);
