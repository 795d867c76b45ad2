-- What the matcher has learned from the records of an entity. The highest version is in force.
create table match_model (
    entity text not null,
    version integer not null,
    run_id integer not null,
    at integer not null,
    records integer not null,           -- how many the entity had
    parameters text not null,           -- bits to add, level by level, as JSON
    primary key (entity, version)
) without rowid;
