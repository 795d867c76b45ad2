-- What the program asks about matching; written by GoldenStatementTests.

delete from hub.comparable where record_id in (select k from #batch);

delete from hub.edge where a in (select k from #batch);

delete from hub.judgement where record_a = @left and record_b = @right and same = 0;

delete from hub.review where id in (select k from #batch);

insert into hub.hot_key (hash, entity, kind, records, example_record) select @hash, @entity, @kind, @records, @example
where not exists (select 1 from hub.hot_key h where h.hash = @hash);

insert into hub.judgement (record_a, record_b, same, who, why, at) values (@a, @b, @same, @who, @why, @Now);

insert into hub.term (hash, records) select b.k, b.v from #batch b where not exists (select 1 from hub.term t where t.hash = b.k);

select count_big(*) from hub.match_key_recent;

select count_big(*) from hub.review where state = 'open' and entity = @name;

select count_big(*) from hub.review where state = @state;

select entity, kind, count_big(*), max(records) from hub.hot_key group by entity, kind order by count_big(*) desc;

select hash from hub.hot_key where entity = @entity;

select min(j.who) from hub.judgement j join hub.xref x on x.record_id = j.record_a join hub.xref y on y.record_id = j.record_b
where j.same = 0 and ((x.master_id = @left and y.master_id = @right) or (x.master_id = @right and y.master_id = @left));

select min(v.id) from hub.review v join hub.xref x on x.record_id = v.record_a join hub.xref y on y.record_id = v.record_b
where v.state = 'open' and ((x.master_id = @left and y.master_id = @right) or (x.master_id = @right and y.master_id = @left));

select v.id, v.entity, v.record_a, v.record_b, x.master_id as master_a, y.master_id as master_b, v.bits, v.guard, v.run_id, v.at, v.state, v.decided_at, v.decided_by, v.note,
    m.data as data_a, n.data as data_b
from hub.review v
left join hub.xref x on x.record_id = v.record_a left join hub.xref y on y.record_id = v.record_b
left join hub.master m on m.id = x.master_id left join hub.master n on n.id = y.master_id where v.state = @state order by v.bits desc, v.id offset 0 rows fetch next @limit rows only;

update hub.judgement set same = @same, who = @who, why = @why, at = @Now where record_a = @a and record_b = @b;

update hub.review set state = @state, decided_at = @Now, decided_by = @who, note = @why where record_a = @a and record_b = @b and state = 'open';

update term set records = records + b.v from hub.term as term, #batch b where term.hash = b.k;
