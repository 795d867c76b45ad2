-- What the program asks about runs; written by GoldenStatementTests.

delete from hub.run where id = @RunId and fence = @_fence;

delete from hub.run_lease where run_id = @run;

insert into hub.run (id, state, started_at, undoes, node, fence) values (@id, 'running', @Now, @Undo, @Node, 1);

insert into hub.run_finding (run_id, pipeline, record_id, what, "rule", path, message) values (@RunId, @Name, @record, @what, @rule, @Path, @Message);

insert into hub.run_lease (run_id, node, heartbeat_at, moved, progress_at, pace) values (@run, @node, @Now, 0, @Now, 0);

insert into hub.setting (name, value) values (@name, @rules);

select cancel_by from hub.run_lease where run_id = @run;

select count_big(*) from hub.run where state = 'running';

select fence from hub.run where id = @RunId;

select id, node, fence, started_at from hub.run where state = 'running' order by id;

select id, node, started_at from hub.run where state = 'running' order by id;

select id, started_at from hub.run where id < @young order by id offset 0 rows fetch next @most rows only;

select max(id) from hub.run;

select min(id) from hub.run where ended_at is null or ended_at >= @before;

select next from hub.sequence where name = @sequence;

select node as label, (@Now - min(heartbeat_at)) / 1000.0 as value from hub.run_lease group by node;

select node as label, (@Now - min(progress_at)) / 1000.0 as value from hub.run_lease group by node;

select r.id, i.pipeline, i.connection, i.stream, r.source_id, o.outcome, x.master_id, i.entity
from hub.run_record o
join hub.source_record r on r.id = o.record_id
join hub.inbound i on i.id = r.inbound_id
left join hub.xref x on x.record_id = r.id
where o.run_id = @run and o.record_id > @after order by o.record_id offset 0 rows fetch next @limit rows only;

select r.id, r.state, r.started_at, r.ended_at, r.report, r.undoes, r.node, r.problem,
(select max(u.id) from hub.run u where u.undoes = r.id and u.state = 'done' and not exists (select 1 from hub.run v where v.undoes = u.id and v.state = 'done')) as undone_by from hub.run r where r.id < @before order by r.id desc offset 0 rows fetch next @count rows only;

select r.id, r.state, r.started_at, r.ended_at, r.report, r.undoes, r.node, r.problem,
(select max(u.id) from hub.run u where u.undoes = r.id and u.state = 'done' and not exists (select 1 from hub.run v where v.undoes = u.id and v.state = 'done')) as undone_by from hub.run r where r.id = @id;

select report from hub.run where ended_at >= @since and report is not null order by id;

select run_id, id from hub.run_finding where run_id < @young order by run_id, id offset 0 rows fetch next @most rows only;

select run_id, master_id from hub.run_write where run_id < @young order by run_id, outbound_id, master_id offset 0 rows fetch next @most rows only;

select run_id, node, heartbeat_at, pipeline, phase, moved, progress_at, pace, cancel_by from hub.run_lease order by run_id;

select run_id, record_id from hub.run_record where run_id < @young order by run_id, record_id offset 0 rows fetch next @most rows only;

select u.id, u.report from hub.run u where u.undoes = @run and u.report is not null and not exists (select 1 from hub.run v where v.undoes = u.id and v.state = 'done') order by u.id;

select value from hub.setting where name = @name;

update hub.run set state = 'failed', fence = fence + 1, ended_at = @Now, problem = @problem where id = @Id and state = 'running' and fence = @Fence;

update hub.run set state = @state, ended_at = @Now, report = @report where id = @RunId;

update hub.run_lease set cancel_at = @Now, cancel_by = coalesce(cancel_by, @by) where run_id = @run;

update hub.run_lease set heartbeat_at = @Now, pipeline = @Pipeline, phase = @Phase, moved = @Moved, progress_at = @ProgressAt, pace = @Pace where run_id = @run;

update hub.sequence set next = next + @count where name = @sequence;

update hub.setting set value = @rules where name = @name;
