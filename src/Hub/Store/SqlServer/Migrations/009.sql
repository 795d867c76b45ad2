-- What the columns are for stands in Sqlite/Migrations/009.sql and Sqlite/Service/Migrations/009.sql.
alter table hub.run add node nvarchar(200) collate Latin1_General_100_BIN2;
alter table hub.run add fence bigint not null default 0;
alter table hub.run add problem nvarchar(max) collate Latin1_General_100_BIN2;
create index run_running on hub.run (id) where state = N'running';

create table hub.run_lease (
    run_id bigint not null primary key,
    node nvarchar(200) collate Latin1_General_100_BIN2 not null,
    heartbeat_at bigint not null,
    pipeline nvarchar(400) collate Latin1_General_100_BIN2,
    phase nvarchar(40) collate Latin1_General_100_BIN2,
    moved bigint not null,
    progress_at bigint not null,
    pace bigint not null,
    cancel_at bigint,
    cancel_by nvarchar(200) collate Latin1_General_100_BIN2
);

-- Who holds a lock stands in lock_session by now.
if object_id(N'hub.lock_holder') is not null drop table hub.lock_holder;
