-- The run whose writes this run took back.
alter table run add column undoes bigint;

-- Writes that a person has taken back: the hub does not make them again for as long as it would send the same.
create table held_delivery (
    outbound_id bigint not null,
    master_id bigint not null,
    run_id bigint not null,             -- the run whose write was taken back
    undo_id bigint not null,            -- the run that took it back
    kind text collate "C" not null,     -- c: not to be made, d: not to be removed, u: fields not to be written
    held text collate "C" not null,     -- what the hub would send: a JSON object by the destination's fields
    released bigint not null,           -- 1 when a person let it go: the next run sends it
    primary key (outbound_id, master_id)
);
create index held_delivery_run on held_delivery (run_id);
