-- What the columns are for stands in Sqlite/Service/Migrations/013.sql.
create table hub.alert (
    id bigint identity(1, 1) not null primary key,
    code nvarchar(400) collate Latin1_General_100_BIN2 not null,
    severity nvarchar(20) collate Latin1_General_100_BIN2 not null,
    title nvarchar(max) collate Latin1_General_100_BIN2 not null,
    detail nvarchar(max) collate Latin1_General_100_BIN2 not null,
    fix nvarchar(max) collate Latin1_General_100_BIN2 not null,
    opened_at bigint not null,
    told_at bigint not null,
    closed_at bigint
);
create unique index alert_open on hub.alert (code) where closed_at is null;
create index alert_closed on hub.alert (closed_at);

create table hub.alert_message (
    id bigint identity(1, 1) not null primary key,
    channel nvarchar(200) collate Latin1_General_100_BIN2 not null,
    subject nvarchar(max) collate Latin1_General_100_BIN2 not null,
    content nvarchar(max) collate Latin1_General_100_BIN2 not null,
    created_at bigint not null,
    due_at bigint not null,
    attempts bigint not null default 0,
    sent_at bigint,
    problem nvarchar(max) collate Latin1_General_100_BIN2
);
create index alert_message_due on hub.alert_message (due_at) where sent_at is null;
create index alert_message_sent on hub.alert_message (sent_at);

create table hub.digest (
    name nvarchar(100) collate Latin1_General_100_BIN2 not null primary key,
    last_at bigint not null
);
