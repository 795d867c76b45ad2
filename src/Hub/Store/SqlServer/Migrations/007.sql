-- What is remembered of accounts; what the tables are for stands in Sqlite/Accounts/Migrations/001.sql.
create table hub.account_memory (
    connection nvarchar(200) collate Latin1_General_100_BIN2 not null,
    name nvarchar(200) collate Latin1_General_100_BIN2 not null,
    value nvarchar(max) collate Latin1_General_100_BIN2 not null,
    secret bigint not null,
    changed_at bigint not null,
    constraint account_memory_key primary key (connection, name)
);

create table hub.account_lease (
    connection nvarchar(200) collate Latin1_General_100_BIN2 not null,
    name nvarchar(200) collate Latin1_General_100_BIN2 not null,
    holder nvarchar(100) collate Latin1_General_100_BIN2 not null,
    ends_at bigint not null,
    constraint account_lease_key primary key (connection, name)
);

create table hub.secret (
    name nvarchar(200) collate Latin1_General_100_BIN2 not null primary key,
    value nvarchar(max) collate Latin1_General_100_BIN2 not null,
    changed_at bigint not null
);

create table hub.hub_key (
    id nvarchar(100) collate Latin1_General_100_BIN2 not null primary key,
    since bigint not null
);
