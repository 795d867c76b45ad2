-- What the program asks about quarantine; written by GoldenStatementTests.

insert into hub.quarantine (id, inbound_id, "identity", source_id, position, row_hash, "rule", path, place, message, fix, payload, readable, state, first_run, last_run, opened_at)
values (@id, @inboundId, @identity, @sourceId, @position, @RowHash, @Rule, @Path, @Place, @Message, @Fix, @payload, @readable, 'open', @RunId, @RunId, @Now);

select 1 where exists (select 1 from hub.quarantine where inbound_id = @inboundId and state <> 'resolved');

select count_big(*) from hub.quarantine q join hub.inbound i on i.id = q.inbound_id where q.state = 'open' and i.entity = @name;

select count_big(*) from hub.quarantine where state = 'open';

select count_big(*), min(opened_at) from hub.quarantine where state = 'open';

select i.pipeline as label, count_big(*) as value from hub.quarantine q join hub.inbound i on i.id = q.inbound_id where q.state = 'open' group by i.pipeline;

select i.pipeline, q."rule", q.path, count_big(*) as count, min(q.id) as first, min(q.message) as message, min(q.fix) as fix
from hub.quarantine q join hub.inbound i on i.id = q.inbound_id where (@Pipeline is null or i.pipeline = @Pipeline) and (@Rule is null or q."rule" = @Rule) and (@State is null or q.state = @State)
group by i.pipeline, q."rule", q.path order by count_big(*) desc, i.pipeline, q."rule";

select id from hub.quarantine where inbound_id = @inboundId and state <> 'resolved';

select id, inbound_id from hub.quarantine where state = 'resolved' and closed_at < @before order by id offset 0 rows fetch next @most rows only;

select q.id, i.pipeline, q.source_id, q.position, q."rule", q.path, q.place, q.message, q.fix, q.payload, q.readable, q.state, q.first_run, q.last_run, q.opened_at, q.closed_at, q.closed_by from hub.quarantine q join hub.inbound i on i.id = q.inbound_id where (@Pipeline is null or i.pipeline = @Pipeline) and (@Rule is null or q."rule" = @Rule) and (@State is null or q.state = @State) and q.id > @after order by q.id offset 0 rows fetch next @limit rows only;

select q.id, i.pipeline, q.source_id, q.position, q."rule", q.path, q.place, q.message, q.fix, q.payload, q.readable, q.state, q.first_run, q.last_run, q.opened_at, q.closed_at, q.closed_by from hub.quarantine q join hub.inbound i on i.id = q.inbound_id where q.id = @id;

select q.position, q.source_id, q."rule", q.path, q.message from hub.quarantine q join hub.inbound i on i.id = q.inbound_id
where q.last_run = @RunId and i.pipeline = @Name order by q.id offset 0 rows fetch next @Most rows only;

update hub.quarantine set state = 'discarded', closed_at = @Now, closed_by = @who where state = 'open' and id in (select k from #batch);

update hub.quarantine set state = 'resolved', closed_at = @Now, closed_by = @by where id in (select k from #batch);
