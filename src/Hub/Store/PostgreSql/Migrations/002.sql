-- What the matcher has learned from the records of an entity. The highest version is in force.
create table match_model (
    entity text collate "C" not null,
    version bigint not null,
    run_id bigint not null,
    at bigint not null,
    records bigint not null,                -- how many the entity had
    parameters text collate "C" not null,   -- bits to add, level by level, as JSON
    primary key (entity, version)
);
