-- Which requests of the inbox a pipeline has landed; written with the records that they brought, and gone once the inbox knows.
create table inbox_receipt (
    inbound_id integer not null,
    inbox_id integer not null,
    primary key (inbound_id, inbox_id)
) without rowid;

-- Which message each record was last taken from: an earlier one that is taken again does not write over it.
create table inbox_latest (
    inbound_id integer not null,
    source_id text not null,
    inbox_id integer not null,
    primary key (inbound_id, source_id)
) without rowid;
