-- What the program asks about inbound; written by GoldenStatementTests.

delete from hub.pending where record_id in (select k from #batch);

delete from hub.receipt where exists (select 1 from hub.inbound i where i.pipeline = @pipeline and i.connection = receipt.connection and i.stream = receipt.stream);

delete from hub.unique_value where record_id in (select k from #batch);

insert into hub.inbound (pipeline, connection, stream, entity, fingerprint)
values (@Name, @Connection, @Stream, @Entity, @Fingerprint);

insert into hub.pending (record_id, entity) select @record, @entity where not exists (select 1 from hub.pending p where p.record_id = @record);

select 1 where exists (select 1 from hub.inbound i where i.id = @Id and i.fingerprint = @fingerprint) and exists (select 1 from hub.inbox_latest l where l.inbound_id = @Id);

select count_big(*) from hub.pending where entity = @entity;

select entity as label, count_big(*) as value from hub.pending group by entity;

select i.connection, i.stream, k.source_id, k.record_id from hub.inbound i join hub.source_key k on k.inbound_id = i.id
where i.entity = @entity and k.row_hash is not null;

select i.entity, i.connection, i.stream, r.source_id, x.master_id
from hub.source_record r join hub.inbound i on i.id = r.inbound_id join hub.xref x on x.record_id = r.id
where @entity is null or i.entity = @entity order by r.id;

select id from hub.inbound where pipeline = @Name;

select id from hub.receipt where connection = @connection and stream = @stream;

select id from hub.source_record where inbound_id = @inbound and gone_run is null;

select id, "cursor", live, swept_at, counterparts from hub.inbound where pipeline = @Name and connection = @Connection and stream = @Stream and entity = @Entity;

select id, connection from hub.inbound;

select m.id, m.entity, m.data, m.version, m.changed_at, m.changed_run
from hub.inbound i join hub.source_key k on k.inbound_id = i.id and k.source_id = @text
join hub.xref x on x.record_id = k.record_id join hub.master m on m.id = x.master_id
order by m.id;

select p.record_id from hub.pending p left join hub.xref x on x.record_id = p.record_id
where p.entity = @entity and p.paired = 0 and p.matched_data is null and x.record_id is null;

select pipeline, 1 as inbound, connection, stream, entity, "cursor", cursor_at, live as records from hub.inbound order by pipeline;

select record_id from hub.pending with (updlock, rowlock) where record_id in (select k from #batch) order by record_id;

select record_id from hub.pending with (updlock, rowlock, readpast) where paired = 1 and record_id in (select k from #batch) order by record_id;

select record_id, matched_data from hub.pending with (updlock, rowlock, readpast) where entity = @entity and paired = @paired and record_id > @after
order by record_id offset 0 rows fetch next @count rows only;

update hub.inbound set "cursor" = @cursor, cursor_at = @Now where id = @Id;

update hub.inbound set "cursor" = @cursor, cursor_at = @Now where pipeline = @pipeline;

update hub.inbound set counterparts = @wanted, swept_at = case when @swept = 1 then @Now else swept_at end where id = @Id;

update hub.inbound set live = @Live, fingerprint = @Fingerprint where id = @Id;

update hub.pending set paired = 0, matched_data = (select case when r.gone_run is null then r.data end from hub.source_record r where r.id = pending.record_id)
where paired = 1 and record_id in (select k from #batch);

update hub.source_record set gone_run = @RunId where id in (select k from #batch);

update source_key set row_hash = null
from hub.source_key as source_key, #batch b join hub.source_record r on r.id = b.k
where source_key.inbound_id = r.inbound_id and source_key.source_id = r.source_id;
