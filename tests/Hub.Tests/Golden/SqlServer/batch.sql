-- What the program asks about batch; written by GoldenStatementTests.

select b.k as master_id, w.run_id, w.outcome, w.changes, w.external_id, u.undoes from #batch b join hub.run_write w on w.master_id = b.k join hub.run u on u.id = w.run_id
where w.outbound_id = @outbound and w.run_id >= @run and w.outcome <> 'r' order by b.k, w.run_id;

select b.k, d.record_id, d.field from #batch b join hub.xref x on x.record_id = b.k join hub.xref y on y.master_id = x.master_id
join hub.field_decision d on d.record_id = y.record_id where d.record_id <> b.k;

select b.k, m.data from #batch b join hub.xref x on x.record_id = b.k join hub.master m on m.id = x.master_id;

select b.k, m.merged_into from #batch b join hub.master m on m.id = b.k where m.merged_into is not null;

select b.k, u.record_id from #batch b join hub.unique_value u on u.inbound_id = @inbound and u.value_hash = b.k;

select b.t from #batch b join hub.inbound i on i.connection = @Connection and i.stream = @Stream and i.entity = @Entity join hub.record_alias a on a.inbound_id = i.id and a.source_id = b.t;

select b.t, k.record_id, k.row_hash, x.master_id, o.record_id
from #batch b join hub.inbound i on i.connection = @connection and i.stream = @stream and i.entity = @entity
join hub.source_key k on k.inbound_id = i.id and k.source_id = b.t left join hub.xref x on x.record_id = k.record_id
left join hub.made_record o on o.record_id = k.record_id;

select c.id, c.outbound_id, c.master_id, c.record_id, c.field, c.base, c.ours, c.theirs, c.ours_at, c.theirs_at, c.policy, c.state, c.winner, c.run_id, c.at, c.decided_at, c.decided_by, c.note from #batch b join hub.field_conflict c on c.record_id = b.k where c.outbound_id = @outbound and c.state in ('open', 'decided', 'announced', 'duplicate');

select d."key", d.master_id from #batch b join hub.delivery d on d.outbound_id = @outbound and d."key" = b.t where d.state = 'done';

select d.external_id from #batch b join hub.delivery d on d.outbound_id = @outbound and d.master_id = b.k where d.external_id is not null;

select distinct b.i from #batch b join hub.inbound i on i.connection = @connection and i.entity = @entity
join hub.source_key k on k.inbound_id = i.id and k.source_id = b.t where k.row_hash is not null;

select distinct x.master_id from #batch b join hub.xref x on x.master_id = b.k join hub.pending p on p.record_id = x.record_id;

select e.a, e.b from #batch b join hub.edge e on e.a = b.k;

select i.id from #batch b join hub.inbox i on i.id = b.k where i.state = 0;

select q.id, q."identity", q.row_hash, q."rule", q.message, q.state, case when q.state = 'discarded' then q.payload end as payload
from #batch b join hub.quarantine q on q.inbound_id = @inboundId and q."identity" = b.t where q.state <> 'resolved';

select r.id, r.record_a, r.record_b, r.state, r.bits from #batch b join hub.review r on r.record_a = b.k
union select r.id, r.record_a, r.record_b, r.state, r.bits from #batch b join hub.review r on r.record_b = b.k
order by id;

select r.inbound_id, r.inbox_id from #batch b join hub.inbox_receipt r on r.inbound_id = b.k;

select r.source_id from #batch b join hub.source_record r on r.id = b.k order by b.i;

select t.hash, t.records from #batch b join hub.term t on t.hash = b.k;

select v.record_id, v.from_master from #batch b join hub.xref_move v on v.record_id = b.k join hub.master m on m.id = v.from_master
where v.to_master is null and m.ended_run is not null
order by v.id;

select x.master_id from #batch b join hub.xref x on x.master_id = b.v join hub.made_record o on o.record_id = x.record_id
union
select d.master_id from #batch b join hub.source_record r on r.id = b.k join hub.outbound o on o.entity = @entity
join hub.delivery d on d.outbound_id = o.id and d.master_id = b.v where d.external_id = r.source_id;

select x.master_id, min(r.id) from #batch b join hub.xref x on x.master_id = b.k join hub.source_record r on r.id = x.record_id where r.gone_run is null group by x.master_id;

select x.master_id, r.id, r.source_id, r.data, o.record_id
from #batch b join hub.xref x on x.master_id = b.k join hub.source_record r on r.id = x.record_id join hub.inbound i on i.id = r.inbound_id
left join hub.made_record o on o.record_id = r.id
where i.connection = @connection and i.stream = @stream and i.entity = @entity and r.gone_run is null order by x.master_id, r.id;

select x.record_id, x.master_id from #batch b join hub.xref x on x.record_id = b.k;
