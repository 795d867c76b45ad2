-- What is remembered of accounts; what the tables are for stands in Sqlite/Accounts/Migrations/001.sql.
create table account_memory (
    connection text collate "C" not null,
    name text collate "C" not null,
    value text collate "C" not null,
    secret bigint not null,
    changed_at bigint not null,
    primary key (connection, name)
);

create table account_lease (
    connection text collate "C" not null,
    name text collate "C" not null,
    holder text collate "C" not null,
    ends_at bigint not null,
    primary key (connection, name)
);

create table secret (
    name text collate "C" primary key,
    value text collate "C" not null,
    changed_at bigint not null
);

create table hub_key (
    id text collate "C" primary key,
    since bigint not null
);
