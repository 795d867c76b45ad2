-- What the program asks about triggers; written by GoldenStatementTests.

delete from hub.run_slot where request_id = @id;

insert into hub.fired (pipeline, due_at, fired_at, request_id) values (@pipeline, @due, @Now, @id);

insert into hub.fired (pipeline, due_at, fired_at, request_id) values (@pipeline, @due, @now, @id);

insert into hub.run_request (id, pipelines, cause, asked_by, due_at, created_at, state, ignore_limits, rehearsal, attempts, fence, ended_at, note)
values (@id, @pipelines, @cause, @By, @due, @Now, @state, @ignoreLimits, @rehearsal, 0, 0, @endedAt, @Note);

insert into hub.run_slot (pipeline, request_id) values (@pipeline, @Id);

insert into hub.schedule (pipeline, triggers, last_due, last_change) values (@Pipeline, @Key, @instant, 0);

select count_big(*) from hub.fired where pipeline = @pipeline and due_at = @due;

select count_big(*) from hub.run_request where id = @Id and fence = @Fence and lease_until = @LeaseUntil and state = 'running';

select count_big(*) from hub.run_request where state = 'waiting' and due_at <= @Now;

select due_at, request_id from hub.fired where fired_at < @before order by fired_at offset 0 rows fetch next @most rows only;

select id, created_at from hub.run_request where ended_at < @before order by ended_at, id offset 0 rows fetch next @most rows only;

select min(id) from hub.run_request where state = 'running' and pipelines = @pipelines and rehearsal = 0;

select min(id) from hub.run_request where state = 'waiting' and pipelines = @pipelines and rehearsal = 0;

select pipeline from hub.run_slot;

select r.id, r.pipelines, r.cause, r.asked_by, r.due_at, r.created_at, r.state, r.ignore_limits, r.rehearsal, r.attempts, r.fence, r.node, r.lease_until, r.started_at, r.run_id, r.ended_at, r.cancelled_by, r.note from hub.run_request r where r.id < @before order by r.id desc offset 0 rows fetch next @count rows only;

select r.id, r.pipelines, r.cause, r.asked_by, r.due_at, r.created_at, r.state, r.ignore_limits, r.rehearsal, r.attempts, r.fence, r.node, r.lease_until, r.started_at, r.run_id, r.ended_at, r.cancelled_by, r.note from hub.run_request r where r.state = 'running' and (r.lease_until < @Now or (@alone = 1 and r.node <> @node)) order by r.id;

select r.id, r.pipelines, r.cause, r.asked_by, r.due_at, r.created_at, r.state, r.ignore_limits, r.rehearsal, r.attempts, r.fence, r.node, r.lease_until, r.started_at, r.run_id, r.ended_at, r.cancelled_by, r.note from hub.run_request r where r.state = 'running' and r.node = @node;

select r.id, r.pipelines, r.cause, r.asked_by, r.due_at, r.created_at, r.state, r.ignore_limits, r.rehearsal, r.attempts, r.fence, r.node, r.lease_until, r.started_at, r.run_id, r.ended_at, r.cancelled_by, r.note from hub.run_request r where r.state = 'waiting' and r.due_at <= @now order by r.due_at, r.id offset 0 rows fetch next @LooksAt rows only;

select r.id, r.pipelines, r.cause, r.asked_by, r.due_at, r.created_at, r.state, r.ignore_limits, r.rehearsal, r.attempts, r.fence, r.node, r.lease_until, r.started_at, r.run_id, r.ended_at, r.cancelled_by, r.note from hub.run_request r where r.state in ('waiting', 'running') order by r.id;

select r.id, r.pipelines, r.cause, r.asked_by, r.due_at, r.created_at, r.state, r.ignore_limits, r.rehearsal, r.attempts, r.fence, r.node, r.lease_until, r.started_at, r.run_id, r.ended_at, r.cancelled_by, r.note, r.report from hub.run_request r where r.id = @id;

select state as label, count_big(*) as value from hub.run_request where state in ('waiting', 'running') group by state;

select triggers, last_due from hub.schedule where pipeline = @Pipeline;

update hub.run_request set attempts = attempts - 1 where id = @Id;

update hub.run_request set cancelled_by = @by where id = @id and state = 'running';

update hub.run_request set lease_until = @until where state = 'running' and node = @node;

update hub.run_request set state = 'cancelled', ended_at = @Now, cancelled_by = @by, note = @note where id = @id and state = 'waiting';

update hub.run_request set state = 'running', node = @node, lease_until = @until, started_at = @now, attempts = attempts + 1, fence = fence + 1 where id = @Id and fence = @Fence and state = 'waiting';

update hub.run_request set state = @state, note = @note, due_at = @due, run_id = @runId, report = @report, ended_at = @endedAt, lease_until = null where id = @id and fence = @fence and state = 'running';

update hub.schedule set last_due = @due where pipeline = @Pipeline;

update hub.schedule set triggers = @Key, last_due = @last where pipeline = @Pipeline;
