-- What the matcher compares, ready made; a cache.
create table hub.comparable (
    record_id bigint not null primary key,
    data varbinary(max) not null
);

alter table hub.pending add paired bigint not null default 0;
