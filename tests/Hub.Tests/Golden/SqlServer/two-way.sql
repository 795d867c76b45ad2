-- What the program asks about two-way; written by GoldenStatementTests.

delete from hub.counterpart where outbound_id = @outbound and external_id = @ExternalId;

delete from hub.field_decision where record_id = @other and field = @field;

insert into hub.field_conflict (outbound_id, master_id, record_id, field, base, ours, theirs, ours_at, theirs_at, policy, state, winner, run_id, at, decided_at, decided_by)
values (@outbound, @MasterId, @RecordId, @field, @agreed, @ours, @theirs, @oursAt, @theirsAt, @policy, @state, @winner, @RunId, @Now, @decidedAt, @by);

insert into hub.field_conflict (outbound_id, master_id, record_id, field, policy, state, run_id, at, note)
values (@outbound, @MasterId, @RecordId, '', '', 'duplicate', @RunId, @Now, @note);

insert into hub.field_decision (record_id, field, at, run_id) values (@record, @field, @at, @run);

insert into hub.made_record (record_id, run_id) select b.k, @RunId from #batch b where not exists (select 1 from hub.made_record m where m.record_id = b.k);

insert into hub.record_alias (inbound_id, source_id, into_id, settled) values (@inbound, @id, @into, 0);

select c.id, c.outbound_id, c.master_id, c.record_id, c.field, c.base, c.ours, c.theirs, c.ours_at, c.theirs_at, c.policy, c.state, c.winner, c.run_id, c.at, c.decided_at, c.decided_by, c.note, o.pipeline, o.connection, o.stream, o.entity, r.source_id from hub.field_conflict c join hub.outbound o on o.id = c.outbound_id join hub.source_record r on r.id = c.record_id where c.id = @id;

select c.id, c.outbound_id, c.master_id, c.record_id, c.field, c.base, c.ours, c.theirs, c.ours_at, c.theirs_at, c.policy, c.state, c.winner, c.run_id, c.at, c.decided_at, c.decided_by, c.note, o.pipeline, o.connection, o.stream, o.entity, r.source_id from hub.field_conflict c join hub.outbound o on o.id = c.outbound_id join hub.source_record r on r.id = c.record_id where c.state = @state order by c.id desc offset 0 rows fetch next @limit rows only;

select c.id, c.outbound_id, c.master_id, c.record_id, c.field, c.base, c.ours, c.theirs, c.ours_at, c.theirs_at, c.policy, c.state, c.winner, c.run_id, c.at, c.decided_at, c.decided_by, c.note, o.pipeline, o.connection, o.stream, o.entity, r.source_id from hub.field_conflict c join hub.outbound o on o.id = c.outbound_id join hub.source_record r on r.id = c.record_id where c.state = @state order by c.id offset 0 rows fetch next @limit rows only;

select count_big(*) from hub.field_conflict where state = @state;

select count_big(*) from hub.field_decision;

select count_big(*) from hub.made_record;

update hub.counterpart set fresh = 0 where outbound_id = @outbound and fresh = 1;

update hub.field_conflict set master_id = @MasterId, ours = @ours, theirs = @theirs, ours_at = @oursAt, theirs_at = @theirsAt, state = 'open', winner = null where id = @Id;

update hub.field_conflict set state = 'settled', winner = 'hub', decided_at = @Now, decided_by = @by
where outbound_id = @outbound and record_id = @RecordId and field = @field and state = 'announced' and run_id = @RunId;

update hub.field_conflict set state = 'settled', winner = @winner, note = @note, decided_at = case when decided_at is null then @Now else decided_at end, decided_by = case when decided_by is null then @by else decided_by end where id = @Id;

update hub.field_conflict set state = @state, winner = @winner, decided_at = @Now, decided_by = @who, note = @why where id = @Id;

update hub.field_decision set at = @at, run_id = @run where record_id = @record and field = @field;

update hub.record_alias set settled = 1 where inbound_id = @InboundId and source_id = @SourceId;

update hub.record_alias set settled = case when into_id = @into then settled else 0 end, into_id = @into where inbound_id = @inbound and source_id = @id;
