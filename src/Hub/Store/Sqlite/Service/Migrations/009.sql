-- Runs that are at work: a sign of life every few seconds, written while the run itself writes. A row ends with its run.
create table run_lease (
    run_id integer primary key,
    node text not null,
    heartbeat_at integer not null,
    pipeline text,                      -- where it is: the pipeline, what is done, and how many rows of that
    phase text,
    moved integer not null,
    progress_at integer not null,       -- when it last came further
    pace integer not null,              -- the median of the milliseconds from one step to the next; 0 as long as nobody knows
    cancel_at integer,
    cancel_by text                      -- who wants it to stop
);
