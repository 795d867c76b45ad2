-- What the matcher compares, ready made: reading it costs a tenth of reading the record. A cache, and no more: it may be emptied
-- at any time, and what another version of the program wrote is passed over.
create table comparable (
    record_id bigint primary key,
    data bytea not null
);

-- 1 while a record that is matched in bulk has its keys and pairs, and waits for its master only.
alter table pending add column paired bigint not null default 0;
