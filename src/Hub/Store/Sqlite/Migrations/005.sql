-- What the matcher compares, ready made: reading it costs a tenth of reading the record. A cache, and no more: it may be emptied
-- at any time, and what another version of the program wrote is passed over.
create table comparable (
    record_id integer primary key,
    data blob not null
);
