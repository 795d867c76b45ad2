-- What the columns are for stands in Sqlite/Migrations/009.sql and Sqlite/Service/Migrations/009.sql.
alter table run add column node text collate "C";
alter table run add column fence bigint not null default 0;
alter table run add column problem text collate "C";
create index run_running on run (id) where state = 'running';

create table run_lease (
    run_id bigint primary key,
    node text collate "C" not null,
    heartbeat_at bigint not null,
    pipeline text collate "C",
    phase text collate "C",
    moved bigint not null,
    progress_at bigint not null,
    pace bigint not null,
    cancel_at bigint,
    cancel_by text collate "C"
);
