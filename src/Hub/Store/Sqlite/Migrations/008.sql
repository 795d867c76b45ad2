-- The run whose writes this run took back.
alter table run add column undoes integer;

-- Writes that a person has taken back: the hub does not make them again for as long as it would send the same.
create table held_delivery (
    outbound_id integer not null,
    master_id integer not null,
    run_id integer not null,            -- the run whose write was taken back
    undo_id integer not null,           -- the run that took it back
    kind text not null,                 -- c: not to be made, d: not to be removed, u: fields not to be written
    held text not null,                 -- what the hub would send: a JSON object by the destination's fields
    released integer not null,          -- 1 when a person let it go: the next run sends it
    primary key (outbound_id, master_id)
) without rowid;
create index held_delivery_run on held_delivery (run_id);
