-- What the program asks about masters; written by GoldenStatementTests.

delete from hub.xref where record_id in (select k from #batch);

insert into hub.entity_total (entity, records, masters) values (@entity, @records, @masters);

insert into hub.master_version (master_id, version, data, changed_at, changed_run)
select m.id, m.version, m.data, m.changed_at, m.changed_run from #batch b join hub.master m on m.id = b.k;

select c.master_id, m.data, m.merged_into, m.ended_run, d."key", d.sent, d.state, d.external_id, d.made, (select cast(case when count_big(*) > 0 and count_big(*) = count_big(o.record_id) then 1 else 0 end as bigint) from hub.xref x left join hub.made_record o on o.record_id = x.record_id where x.master_id = m.id), h.kind, h.held, h.released
from #candidate c join hub.master m on m.id = c.master_id left join hub.delivery d on d.outbound_id = @outbound and d.master_id = c.master_id
left join hub.held_delivery h on h.outbound_id = @outbound and h.master_id = c.master_id
where c.master_id > @last order by c.master_id offset 0 rows fetch next @count rows only;

select count_big(*) from hub.correction where state = 'open' and entity = @entity;

select count_big(*) from hub.correction where state = 'open' and entity = @name;

select d.record_id, d.field, d.at from hub.xref x join hub.field_decision d on d.record_id = x.record_id where x.master_id = @master;

select i.connection, i.stream, r.source_id, m.from_master, m.to_master, m.run_id, m.at
from hub.xref_move m left join hub.source_record r on r.id = m.record_id left join hub.inbound i on i.id = r.inbound_id
where m.from_master = @master or m.to_master = @master order by m.id;

select i.connection, i.stream, r.source_id, v.from_master, v.to_master
from hub.xref_move v join hub.source_record r on r.id = v.record_id join hub.inbound i on i.id = r.inbound_id
where v.run_id = @RunId and v.id > @movesBefore and i.entity = @entity
    -- A customer that the rehearsal itself has found is not moved from anywhere.
    and exists (select 1 from hub.master_version o where o.master_id = v.from_master and o.changed_run < @RunId
        union all select 1 from hub.master m where m.id = v.from_master and m.changed_run < @RunId)
order by v.id offset 0 rows fetch next @Most rows only;

select id from hub.master where entity = @entity and merged_into is null and ended_run is null and id > @after order by id offset 0 rows fetch next @count rows only;

select id from hub.master where merged_into = @id and changed_at <= @instant order by id;

select id, data from hub.master where entity = @entity and merged_into is null and ended_run is null order by id;

select id, entity, data, version, changed_at, changed_run from hub.master where merged_into is null and ended_run is null and (@entity is null or entity = @entity) and id > @after order by id;

select id, entity, data, version, changed_at, changed_run, merged_into, ended_run from hub.master where id = @id;

select id, entity, record_id, field, kind, data, who, why, at, expires_at, state, ended_at, ended_run from hub.correction where master_id = @master and state = 'open' order by id;

select id, entity, record_id, field, kind, data, who, why, at, expires_at, state, ended_at, ended_run from hub.correction where master_id = @master order by id;

select master_id from hub.xref where record_id = @Id;

select max(id) from hub.xref_move;

select r.id, i.connection, i.stream, i.pipeline, r.source_id, r.data, r.modified_at, r.changed_at, f.times
from hub.xref x join hub.source_record r on r.id = x.record_id join hub.inbound i on i.id = r.inbound_id left join hub.field_time f on f.record_id = r.id
where x.master_id = @master order by i.connection, i.stream, r.source_id;

select record_id from hub.xref where master_id = @master;

select record_id from hub.xref where master_id = @master order by record_id;

select records from hub.entity_total where entity = @entity;

select records from hub.entity_total where entity = @name;

select records, masters from hub.entity_total where entity = @name;

select records, scored from hub.entity_total where entity = @entity;

select v.master_id, v.version from hub.master_version v
where v.changed_at < @before
    and (exists (select 1 from hub.master_version w where w.master_id = v.master_id and w.version > v.version and w.changed_at < @before)
        or exists (select 1 from hub.master m where m.id = v.master_id and m.changed_at < @before))
order by v.master_id, v.version offset 0 rows fetch next @most rows only;

select version, data, changed_at, changed_run from hub.master_version where master_id = @master
union all
select version, data, changed_at, changed_run from hub.master where id = @master
order by version;

select w.* from (select v.id, v.entity, v.record_a, v.record_b, x.master_id as master_a, y.master_id as master_b, v.bits, v.guard, v.run_id, v.at, v.state, v.decided_at, v.decided_by, v.note,
    m.data as data_a, n.data as data_b, (select count_big(*) from hub.xref o where o.master_id = x.master_id or o.master_id = y.master_id) as joined
from hub.review v
left join hub.xref x on x.record_id = v.record_a left join hub.xref y on y.record_id = v.record_b
left join hub.master m on m.id = x.master_id left join hub.master n on n.id = y.master_id where v.state = @state) w order by w.joined / (1.0 + abs(case when w.guard = 0 then w.bits else @GuardedBits end)) desc, w.id offset 0 rows fetch next @limit rows only;

select x.master_id, count_big(*) from hub.xref x join hub.master m on m.id = x.master_id where m.entity = @entity
group by x.master_id having count_big(*) >= @LeastRecords order by count_big(*) desc, x.master_id offset 0 rows fetch next @MostMasters rows only;

update hub.entity_total set records = records + @records, masters = masters + @masters where entity = @entity;

update hub.entity_total set scored = records where entity = @entity;

update master set version = version + 1, changed_at = @Now, changed_run = @RunId,
    merged_into = case when b.v = 0 then null else b.v end, ended_run = case when b.v = 0 then @RunId end
from hub.master as master, #batch b where master.id = b.k;
