-- What is not as it should be, and was.
create table alert (
    id integer primary key autoincrement,
    code text not null,                  -- the same for the same trouble: run:zoho-contacts
    severity text not null,             -- warning, error
    title text not null,
    detail text not null,
    fix text not null,
    opened_at integer not null,
    told_at integer not null,           -- when it was last told of
    closed_at integer
);
create unique index alert_open on alert (code) where closed_at is null;
create index alert_closed on alert (closed_at);

-- Messages on their way: written together with the alert, sent and tried again until they have arrived.
create table alert_message (
    id integer primary key autoincrement,
    channel text not null,
    subject text not null,
    content text not null,              -- JSON: what each kind of channel makes its own form of
    created_at integer not null,
    due_at integer not null,            -- not sent earlier
    attempts integer not null default 0,
    sent_at integer,
    problem text                        -- why the last attempt failed
);
create index alert_message_due on alert_message (due_at) where sent_at is null;
create index alert_message_sent on alert_message (sent_at);

-- The day for which the digest was last written.
create table digest (
    name text primary key,
    last_at integer not null
) without rowid;
