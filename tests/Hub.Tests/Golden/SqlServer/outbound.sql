-- What the program asks about outbound; written by GoldenStatementTests.

delete from #candidate;

delete from hub.held_delivery where outbound_id = @outbound and master_id in (select k from #batch);

delete from hub.held_delivery where outbound_id = @outbound and released = 1;

insert into #candidate (master_id)
select w.master_id from (
    select x.master_id from hub.counterpart c join hub.inbound i on i.connection = @Connection and i.stream = @Stream and i.entity = @Entity
    join hub.source_key k on k.inbound_id = i.id and k.source_id = c.external_id join hub.xref x on x.record_id = k.record_id
    where c.outbound_id = @outbound and c.fresh = 1
    union
    select x.master_id from hub.field_conflict f join hub.xref x on x.record_id = f.record_id where f.outbound_id = @outbound and f.state in ('open', 'decided')
    union
    select m.merged_into from hub.change_feed n join hub.master m on m.id = n.master_id where n.seq > @feedSeq and n.entity = @Entity and m.merged_into is not null
) w
where not exists (select 1 from #candidate o where o.master_id = w.master_id);

insert into #candidate (master_id) select distinct master_id from hub.change_feed where seq > @FeedSeq and entity = @entity
union select master_id from hub.delivery where outbound_id = @Id and state = 'failed'
union select master_id from hub.held_delivery where outbound_id = @Id and released = 1;

insert into #candidate (master_id) select id from hub.master where entity = @entity and merged_into is null and ended_run is null
union select master_id from hub.delivery where outbound_id = @Id;

insert into #candidate (master_id) select w.master_id from hub.run_write w where w.run_id = @run and w.outbound_id = @outbound and w.outcome <> 'r';

insert into hub.delivery (outbound_id, master_id, "key", sent, state, error, run_id, at) select @outbound, @master, '', '{}', 'failed', @why, @RunId, @Now
where not exists (select 1 from hub.delivery d where d.outbound_id = @outbound and d.master_id = @master);

insert into hub.outbound (pipeline, connection, stream, entity, fingerprint, feed_seq) values (@Name, @Connection, @Stream, @Entity, 0, 0);

select a.inbound_id, a.source_id, i.connection, o.record_id as old_record, n.record_id as new_record, x.master_id,
    (select min(d.master_id) from hub.outbound p join hub.delivery d on d.outbound_id = p.id and d.external_id = a.source_id
        where p.connection = i.connection and p.stream = i.stream and p.entity = i.entity) as made_for
from hub.record_alias a join hub.inbound i on i.id = a.inbound_id
join hub.source_key n on n.inbound_id = a.inbound_id and n.source_id = a.into_id
left join hub.source_key o on o.inbound_id = a.inbound_id and o.source_id = a.source_id
left join hub.xref x on x.record_id = o.record_id
where a.settled = 0 and i.entity = @name and n.row_hash is not null;

select c.master_id, m.data, m.merged_into, m.ended_run, d."key", d.sent, d.state, d.external_id, d.made, cast(0 as bigint), h.kind, h.held, h.released
from #candidate c join hub.master m on m.id = c.master_id left join hub.delivery d on d.outbound_id = @outbound and d.master_id = c.master_id
left join hub.held_delivery h on h.outbound_id = @outbound and h.master_id = c.master_id
where c.master_id > @last order by c.master_id offset 0 rows fetch next @count rows only;

select count_big(*) from #candidate;

select count_big(*) from hub.held_delivery where outbound_id = @outbound;

select d.external_id from hub.delivery d where d.outbound_id = @outbound and d.state = 'done' and d.external_id is not null
and not exists (select 1 from hub.inbound i join hub.source_key k on k.inbound_id = i.id and k.source_id = d.external_id
    where i.connection = @Connection and i.stream = @Stream and i.entity = @Entity)
and not exists (select 1 from hub.inbound i join hub.quarantine q on q.inbound_id = i.id and q."identity" = d.external_id
    where i.connection = @Connection and i.stream = @Stream and i.entity = @Entity and q.state <> 'resolved')
order by d.master_id;

select d.master_id, d."key" from hub.delivery d where d.outbound_id = @outbound and d.state = 'done' and d.master_id > @last order by d.master_id offset 0 rows fetch next @count rows only;

select id from hub.outbound where pipeline = @Name;

select id, feed_seq, fingerprint, delivered from hub.outbound where pipeline = @Name and connection = @Connection and stream = @Stream and entity = @Entity;

select max(seq) from hub.change_feed;

select min(feed_seq) from hub.outbound;

select o.pipeline as label, max(f.newest - o.feed_seq) as value from hub.outbound o join (select max(seq) as newest from hub.change_feed) f on f.newest > 0 group by o.pipeline;

select o.pipeline, o.connection, o.stream from hub.outbound o
where exists (select 1 from hub.run_write w where w.run_id = @run and w.outbound_id = o.id and w.outcome <> 'r') order by o.pipeline;

select o.pipeline, o.connection, o.stream, d."key", d.external_id, d.state, d.error, d.run_id, d.at
from hub.delivery d join hub.outbound o on o.id = d.outbound_id where d.master_id = @master order by o.pipeline;

select o.pipeline, o.connection, o.stream, o.entity, o.feed_seq, o.delivered as records,
    (select count_big(distinct f.master_id) from hub.change_feed f where f.entity = o.entity and f.seq > o.feed_seq) as behind
from hub.outbound o order by o.pipeline;

select seq, master_id, at from hub.change_feed where seq <= @read order by seq offset 0 rows fetch next @most rows only;

update hub.delivery set external_id = @SourceId, made = 1 where outbound_id = @outbound and master_id = @master;

update hub.delivery set state = 'failed', error = @why where outbound_id = @outbound and master_id = @master and (state <> 'failed' or error <> @why);

update hub.held_delivery set held = @held where outbound_id = @outbound and master_id = @master;

update hub.held_delivery set released = 1 where run_id = @run and released = 0 and outbound_id in (select id from hub.outbound where pipeline = coalesce(@pipeline, pipeline));

update hub.outbound set delivered = delivered + 1 where id = @Id;

update hub.outbound set delivered = delivered + @delta where id = @Id;

update hub.outbound set delivered = delivered - @count where id = @outbound;

update hub.outbound set feed_seq = @_upTo, fingerprint = @fingerprint where id = @Id;
