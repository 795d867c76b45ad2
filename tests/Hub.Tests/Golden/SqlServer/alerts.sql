-- What the program asks about alerts; written by GoldenStatementTests.

insert into hub.alert (code, severity, title, detail, fix, opened_at, told_at) values (@code, @severity, @Title, @Text, @Fix, @now, @now);

insert into hub.alert_message (channel, subject, content, created_at, due_at) values (@channel, @Subject, @content, @Now, @due);

insert into hub.digest (name, last_at) values ('digest', @at);

select id, channel, content, created_at, attempts from hub.alert_message where sent_at is null and due_at <= @Now order by id offset 0 rows fetch next @most rows only;

select id, code, severity, title, detail, fix, opened_at, told_at from hub.alert where closed_at is null order by id;

select id, created_at from hub.alert_message where sent_at < @before order by sent_at, id offset 0 rows fetch next @most rows only;

select id, opened_at from hub.alert where closed_at < @before order by closed_at, id offset 0 rows fetch next @most rows only;

select last_at from hub.digest where name = 'digest';

select title from hub.alert where closed_at is null order by id;

update hub.alert set closed_at = @now where id = @Id;

update hub.alert set severity = @severity, title = @Title, detail = @Text, fix = @Fix, told_at = @told where id = @id;

update hub.alert_message set attempts = attempts + 1, sent_at = @sent, due_at = @due, problem = @problem where id = @Id;
