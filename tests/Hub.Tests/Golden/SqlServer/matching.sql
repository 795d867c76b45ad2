-- What the program asks about matching; written by GoldenStatementTests.

delete from hub.comparable where record_id in (select k from #batch);

delete from hub.edge where a in (select k from #batch);

delete from hub.hot_key where hash in (select k from #batch);

delete from hub.judgement where record_a = @left and record_b = @right and same = 0;

delete from hub.match_key where hash in (select k from #batch);

delete from hub.match_key_recent where hash in (select k from #batch);

delete from hub.review where id in (select k from #batch);

insert into hub.hot_key (hash, entity, kind, records, example_record) select @hash, @entity, @kind, @records, @example
where not exists (select 1 from hub.hot_key h where h.hash = @hash);

insert into hub.judgement (record_a, record_b, same, who, why, at)
select @a, @b, @Same, @Who, @Why, @At where not exists (select 1 from hub.judgement j where j.record_a = @a and j.record_b = @b);

insert into hub.judgement (record_a, record_b, same, who, why, at)
select b.k, b.v, 1, @Who, @why, @Now from #batch b where not exists (select 1 from hub.judgement j where j.record_a = b.k and j.record_b = b.v);

insert into hub.judgement (record_a, record_b, same, who, why, at) values (@a, @b, @same, @who, @why, @Now);

select count_big(*) from hub.judgement;

select count_big(*) from hub.match_key where hash = @hash;

select count_big(*) from hub.match_key_recent;

select count_big(*) from hub.match_key_recent where hash = @hash;

select count_big(*) from hub.review where state = 'open';

select count_big(*) from hub.review where state = 'open' and entity = @name;

select count_big(*) from hub.review where state = @state;

select distinct a from hub.edge;

select entity as label, count_big(*) as value from hub.review where state = 'open' group by entity;

select entity, kind, count_big(*), max(records) from hub.hot_key group by entity, kind order by count_big(*) desc;

select hash from hub.hot_key where entity = @entity;

select j.at, j.same, j.who, j.why, count_big(*) as pairs from hub.judgement j
where j.record_a in (select record_id from hub.xref where master_id = @master) or j.record_b in (select record_id from hub.xref where master_id = @master)
group by j.at, j.same, j.who, j.why order by j.at;

select m.version, m.parameters from hub.match_model m where m.entity = @entity and m.version = (select max(l.version) from hub.match_model l where l.entity = @entity);

select max(records) from hub.hot_key where hash = @hash;

select min(j.who) from hub.judgement j join hub.xref x on x.record_id = j.record_a join hub.xref y on y.record_id = j.record_b
where j.same = 0 and ((x.master_id = @left and y.master_id = @right) or (x.master_id = @right and y.master_id = @left));

select min(v.id) from hub.review v join hub.xref x on x.record_id = v.record_a join hub.xref y on y.record_id = v.record_b
where v.state = 'open' and ((x.master_id = @left and y.master_id = @right) or (x.master_id = @right and y.master_id = @left));

select record_a from hub.judgement union select record_b from hub.judgement;

select record_a, record_b, same, who, why, at from hub.judgement where record_a = @old or record_b = @old;

update hub.hot_key set records = @records where hash = @hash;

update hub.judgement set same = @same, who = @who, why = @why, at = @Now where record_a = @a and record_b = @b;

update hub.review set state = @state, decided_at = @Now, decided_by = @who, note = @why where record_a = @a and record_b = @b and state = 'open';

update term set records = records + b.v from hub.term as term, #batch b where term.hash = b.k;
