-- What the program asks about inbox; written by GoldenStatementTests.

delete from hub.inbox_receipt where inbound_id = @inbound and inbox_id in (select k from #batch);

select connection as label, (@Now - min(received_at)) / 1000.0 as value from hub.inbox where state = 0 group by connection;

select connection as label, count_big(*) as value from hub.inbox where state = 0 group by connection;

select count_big(*) from hub.inbox where state = 2;

select i.id from hub.inbox i where i.connection = @connection and i.stream = @stream and i.state = 0 order by i.id offset 0 rows fetch next @most rows only;

select i.id, i.connection, i.stream, i.delivery_id, i.received_at, i.method, i.state, i.attempts, i.done_at, i.run_id, i.problem from hub.inbox i where (@State is null or i.state = @State) and (@Connection is null or i.connection = @Connection) and i.id < @before order by i.id desc offset 0 rows fetch next @limit rows only;

select i.id, i.connection, i.stream, i.delivery_id, i.received_at, i.method, i.state, i.attempts, i.done_at, i.run_id, i.problem, i.headers, i.query, i.body from hub.inbox i where i.id = @id;

select i.id, i.received_at, i.method, i.headers, i.query, i.body, i.attempts from hub.inbox i
where i.connection = @connection and i.stream = @stream and i.state = 0 and i.id > @after and i.id <= @upTo
order by i.id offset 0 rows fetch next @InHand rows only;

select id, received_at, done_at from hub.inbox where state = @state order by id offset 0 rows fetch next @most rows only;

update hub.inbox set attempts = attempts + 1, claimed_by = null where connection = @connection and stream = @stream and state = 0 and id <= @upTo and claimed_by is not null;

update hub.inbox set attempts = attempts + 1, problem = @problem where state = 0 and id in (select k from #batch);

update hub.inbox set claimed_by = @by where state = 0 and id in (select k from #batch);

update hub.inbox set claimed_by = null where connection = @connection and stream = @stream and state = 0 and id <= @upTo and claimed_by = @Name;

update hub.inbox set problem = @problem where state = 0 and id in (select k from #batch);

update hub.inbox set state = 0, attempts = 0, done_at = null, run_id = null, problem = null, claimed_by = null, claimed_until = null
where state <> 0 and id in (select k from #batch);

update hub.inbox set state = 1, done_at = @Now, run_id = @run, problem = null, claimed_by = null where state = 0 and id in (select k from #batch);

update hub.inbox set state = 2, done_at = @Now, run_id = @run, problem = @problem, claimed_by = null where state = 0 and id in (select k from #batch);
