-- What the program asks about batch; written by GoldenStatementTests.

select b.k, u.record_id from #batch b join hub.unique_value u on u.inbound_id = @inbound and u.value_hash = b.k;

select d."key", d.master_id from #batch b join hub.delivery d on d.outbound_id = @outbound and d."key" = b.t where d.state = 'done';

select distinct b.i from #batch b join hub.inbound i on i.connection = @connection and i.entity = @entity
join hub.source_key k on k.inbound_id = i.id and k.source_id = b.t where k.row_hash is not null;

select e.a, e.b from #batch b join hub.edge e on e.a = b.k;

select q.id, q."identity", q.row_hash, q."rule", q.message, q.state, case when q.state = 'discarded' then q.payload end as payload
from #batch b join hub.quarantine q on q.inbound_id = @inboundId and q."identity" = b.t where q.state <> 'resolved';

select r.id, r.record_a, r.record_b, r.state, r.bits from #batch b join hub.review r on r.record_a = b.k
union select r.id, r.record_a, r.record_b, r.state, r.bits from #batch b join hub.review r on r.record_b = b.k
order by id;

select t.hash, t.records from #batch b join hub.term t on t.hash = b.k;

select v.record_id, v.from_master from #batch b join hub.xref_move v on v.record_id = b.k join hub.master m on m.id = v.from_master
where v.to_master is null and m.ended_run is not null
order by v.id;

select x.record_id, x.master_id from #batch b join hub.xref x on x.record_id = b.k;
