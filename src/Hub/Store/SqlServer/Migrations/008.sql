-- What the columns are for stands in Sqlite/Migrations/008.sql.
alter table hub.run add undoes bigint;

-- Writes that a person has taken back.
create table hub.held_delivery (
    outbound_id bigint not null,
    master_id bigint not null,
    run_id bigint not null,
    undo_id bigint not null,
    kind nvarchar(20) collate Latin1_General_100_BIN2 not null,
    held nvarchar(max) collate Latin1_General_100_BIN2 not null,
    released bigint not null,
    constraint held_delivery_primary primary key (outbound_id, master_id)
);
create index held_delivery_run on hub.held_delivery (run_id);
