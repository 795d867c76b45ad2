-- What the matcher has learned from the records of an entity. The highest version is in force.
create table hub.match_model (
    entity nvarchar(100) collate Latin1_General_100_BIN2 not null,
    version int not null,
    run_id bigint not null,
    at bigint not null,
    records bigint not null,            -- how many the entity had
    parameters nvarchar(max) collate Latin1_General_100_BIN2 not null, -- bits to add, level by level, as JSON
    constraint match_model_primary primary key (entity, version)
);
