-- What the program asks about runs; written by GoldenStatementTests.

insert into hub.run (id, state, started_at, undoes) values (@id, 'running', @Now, @Undo);

insert into hub.run_finding (run_id, pipeline, record_id, what, "rule", path, message) values (@RunId, @Name, @record, @what, @rule, @Path, @Message);

insert into hub.sequence (name, next) values (@sequence, 1 + @count);

insert into hub.setting (name, value) values (@name, @rules);

select next from hub.sequence where name = @sequence;

select r.id, i.pipeline, i.connection, i.stream, r.source_id, o.outcome, x.master_id, i.entity
from hub.run_record o
join hub.source_record r on r.id = o.record_id
join hub.inbound i on i.id = r.inbound_id
left join hub.xref x on x.record_id = r.id
where o.run_id = @run and o.record_id > @after order by o.record_id offset 0 rows fetch next @limit rows only;

select r.id, r.state, r.started_at, r.ended_at, r.report, r.undoes,
(select max(u.id) from hub.run u where u.undoes = r.id and u.state = 'done' and not exists (select 1 from hub.run v where v.undoes = u.id and v.state = 'done')) as undone_by from hub.run r where r.id < @before order by r.id desc offset 0 rows fetch next @count rows only;

select r.id, r.state, r.started_at, r.ended_at, r.report, r.undoes,
(select max(u.id) from hub.run u where u.undoes = r.id and u.state = 'done' and not exists (select 1 from hub.run v where v.undoes = u.id and v.state = 'done')) as undone_by from hub.run r where r.id = @id;

select u.id, u.report from hub.run u where u.undoes = @run and u.report is not null and not exists (select 1 from hub.run v where v.undoes = u.id and v.state = 'done') order by u.id;

select value from hub.setting where name = @name;

update hub.run set state = 'failed', ended_at = @Now where state = 'running';

update hub.run set state = @state, ended_at = @Now, report = @report where id = @RunId;

update hub.sequence set next = next + @count where name = @sequence;

update hub.setting set value = @rules where name = @name;
