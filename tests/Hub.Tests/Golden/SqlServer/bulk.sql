-- Bulk inserts by way of a staging table, bulk look-ups and deletes; written by GoldenStatementTests.

delete t from hub.change_feed as t join #batch as b on t.[seq] = b.k and t.[master_id] = b.v;

delete t from hub.edge as t join #batch as b on t.[a] = b.k and t.[b] = b.v;

delete t from hub.inbox as t join #batch as b on t.[id] = b.k and t.[received_at] = b.v;

delete t from hub.master_version as t join #batch as b on t.[master_id] = b.k and t.[version] = b.v;

delete t from hub.match_key as t join #batch as b on t.[hash] = b.k and t.[record_id] = b.v;

delete t from hub.match_key_recent as t join #batch as b on t.[hash] = b.k and t.[record_id] = b.v;

delete t from hub.quarantine as t join #batch as b on t.[id] = b.k and t.[inbound_id] = b.v;

delete t from hub.run as t join #batch as b on t.[id] = b.k and t.[started_at] = b.v;

delete t from hub.run_record as t join #batch as b on t.[run_id] = b.k and t.[record_id] = b.v;

delete t from hub.run_write as t join #batch as b on t.[run_id] = b.k and t.[master_id] = b.v;

drop table #staged_comparable;

drop table #staged_counterpart;

drop table #staged_delivery;

drop table #staged_edge;

drop table #staged_field_time;

drop table #staged_held_delivery;

drop table #staged_inbox;

drop table #staged_inbox_latest;

drop table #staged_inbox_receipt;

drop table #staged_master;

drop table #staged_match_key;

drop table #staged_match_key_recent;

drop table #staged_pending;

drop table #staged_run_record;

drop table #staged_run_write;

drop table #staged_sequence;

drop table #staged_source_key;

drop table #staged_source_record;

drop table #staged_unique_value;

drop table #staged_xref;

insert into hub.comparable ([record_id], [data])
select s.[record_id], s.[data] from (select d.* from (
    select a.staged_order, a.[record_id], a.[data], row_number() over (partition by a.[record_id] order by a.staged_order desc) as staged_turn
    from #staged_comparable as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.comparable as t where t.[record_id] = s.[record_id])
order by s.staged_order;

insert into hub.counterpart ([outbound_id], [external_id], [seen], [version], [sent], [answered], [answered_version], [awaits], [tries], [fresh])
select s.[outbound_id], s.[external_id], s.[seen], s.[version], s.[sent], s.[answered], s.[answered_version], s.[awaits], s.[tries], s.[fresh] from (select d.* from (
    select a.staged_order, a.[outbound_id], a.[external_id], a.[seen], a.[version], a.[sent], a.[answered], a.[answered_version], a.[awaits], a.[tries], a.[fresh], row_number() over (partition by a.[outbound_id], a.[external_id], datalength(a.[external_id]) order by a.staged_order desc) as staged_turn
    from #staged_counterpart as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.counterpart as t where t.[outbound_id] = s.[outbound_id] and t.[external_id] = s.[external_id] and datalength(t.[external_id]) = datalength(s.[external_id]))
order by s.staged_order;

insert into hub.delivery ([outbound_id], [master_id], [key], [external_id], [version], [sent], [state], [error], [run_id], [at], [made])
select s.[outbound_id], s.[master_id], s.[key], s.[external_id], s.[version], s.[sent], s.[state], s.[error], s.[run_id], s.[at], s.[made] from (select d.* from (
    select a.staged_order, a.[outbound_id], a.[master_id], a.[key], a.[external_id], a.[version], a.[sent], a.[state], a.[error], a.[run_id], a.[at], a.[made], row_number() over (partition by a.[outbound_id], a.[master_id] order by a.staged_order desc) as staged_turn
    from #staged_delivery as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.delivery as t where t.[outbound_id] = s.[outbound_id] and t.[master_id] = s.[master_id])
order by s.staged_order;

insert into hub.edge ([a], [b], [bits], [guard])
select s.[a], s.[b], s.[bits], s.[guard] from (select d.* from (
    select a.staged_order, a.[a], a.[b], a.[bits], a.[guard], row_number() over (partition by a.[a], a.[b] order by a.staged_order desc) as staged_turn
    from #staged_edge as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.edge as t where t.[a] = s.[a] and t.[b] = s.[b])
order by s.staged_order;

insert into hub.field_time ([record_id], [times])
select s.[record_id], s.[times] from (select d.* from (
    select a.staged_order, a.[record_id], a.[times], row_number() over (partition by a.[record_id] order by a.staged_order desc) as staged_turn
    from #staged_field_time as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.field_time as t where t.[record_id] = s.[record_id])
order by s.staged_order;

insert into hub.held_delivery ([outbound_id], [master_id], [run_id], [undo_id], [kind], [held], [released])
select s.[outbound_id], s.[master_id], s.[run_id], s.[undo_id], s.[kind], s.[held], s.[released] from (select d.* from (
    select a.staged_order, a.[outbound_id], a.[master_id], a.[run_id], a.[undo_id], a.[kind], a.[held], a.[released], row_number() over (partition by a.[outbound_id], a.[master_id] order by a.staged_order desc) as staged_turn
    from #staged_held_delivery as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.held_delivery as t where t.[outbound_id] = s.[outbound_id] and t.[master_id] = s.[master_id])
order by s.staged_order;

insert into hub.inbox ([connection], [stream], [delivery_id], [received_at], [method], [headers], [query], [body])
select s.[connection], s.[stream], s.[delivery_id], s.[received_at], s.[method], s.[headers], s.[query], s.[body] from (select d.* from (
    select a.staged_order, a.[connection], a.[stream], a.[delivery_id], a.[received_at], a.[method], a.[headers], a.[query], a.[body], row_number() over (partition by a.[connection], datalength(a.[connection]), a.[delivery_id], datalength(a.[delivery_id]) order by a.staged_order) as staged_turn
    from #staged_inbox as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.inbox as t where t.[connection] = s.[connection] and datalength(t.[connection]) = datalength(s.[connection]) and t.[delivery_id] = s.[delivery_id] and datalength(t.[delivery_id]) = datalength(s.[delivery_id]))
order by s.staged_order;

insert into hub.inbox_latest ([inbound_id], [source_id], [inbox_id])
select s.[inbound_id], s.[source_id], s.[inbox_id] from (select d.* from (
    select a.staged_order, a.[inbound_id], a.[source_id], a.[inbox_id], row_number() over (partition by a.[inbound_id], a.[source_id], datalength(a.[source_id]) order by a.staged_order desc) as staged_turn
    from #staged_inbox_latest as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.inbox_latest as t where t.[inbound_id] = s.[inbound_id] and t.[source_id] = s.[source_id] and datalength(t.[source_id]) = datalength(s.[source_id]))
order by s.staged_order;

insert into hub.inbox_receipt ([inbound_id], [inbox_id])
select s.[inbound_id], s.[inbox_id] from (select d.* from (
    select a.staged_order, a.[inbound_id], a.[inbox_id], row_number() over (partition by a.[inbound_id], a.[inbox_id] order by a.staged_order) as staged_turn
    from #staged_inbox_receipt as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.inbox_receipt as t where t.[inbound_id] = s.[inbound_id] and t.[inbox_id] = s.[inbox_id])
order by s.staged_order;

insert into hub.master ([id], [entity], [data], [data_hash], [version], [changed_at], [changed_run])
select s.[id], s.[entity], s.[data], s.[data_hash], s.[version], s.[changed_at], s.[changed_run] from (select d.* from (
    select a.staged_order, a.[id], a.[entity], a.[data], a.[data_hash], a.[version], a.[changed_at], a.[changed_run], row_number() over (partition by a.[id] order by a.staged_order desc) as staged_turn
    from #staged_master as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.master as t where t.[id] = s.[id])
order by s.staged_order;

insert into hub.match_key ([hash], [record_id])
select s.[hash], s.[record_id] from (select d.* from (
    select a.staged_order, a.[hash], a.[record_id], row_number() over (partition by a.[hash], a.[record_id] order by a.staged_order) as staged_turn
    from #staged_match_key as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.match_key as t where t.[hash] = s.[hash] and t.[record_id] = s.[record_id])
order by s.staged_order;

insert into hub.match_key_recent ([hash], [record_id])
select s.[hash], s.[record_id] from (select d.* from (
    select a.staged_order, a.[hash], a.[record_id], row_number() over (partition by a.[hash], a.[record_id] order by a.staged_order) as staged_turn
    from #staged_match_key_recent as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.match_key_recent as t where t.[hash] = s.[hash] and t.[record_id] = s.[record_id])
order by s.staged_order;

insert into hub.pending ([record_id], [entity], [paired])
select s.[record_id], s.[entity], s.[paired] from (select d.* from (
    select a.staged_order, a.[record_id], a.[entity], a.[paired], row_number() over (partition by a.[record_id] order by a.staged_order) as staged_turn
    from #staged_pending as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.pending as t where t.[record_id] = s.[record_id])
order by s.staged_order;

insert into hub.run_record ([run_id], [record_id], [outcome])
select s.[run_id], s.[record_id], s.[outcome] from (select d.* from (
    select a.staged_order, a.[run_id], a.[record_id], a.[outcome], row_number() over (partition by a.[run_id], a.[record_id] order by a.staged_order desc) as staged_turn
    from #staged_run_record as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.run_record as t where t.[run_id] = s.[run_id] and t.[record_id] = s.[record_id])
order by s.staged_order;

insert into hub.run_write ([run_id], [outbound_id], [master_id], [outcome], [message], [external_id], [changes])
select s.[run_id], s.[outbound_id], s.[master_id], s.[outcome], s.[message], s.[external_id], s.[changes] from (select d.* from (
    select a.staged_order, a.[run_id], a.[outbound_id], a.[master_id], a.[outcome], a.[message], a.[external_id], a.[changes], row_number() over (partition by a.[run_id], a.[outbound_id], a.[master_id] order by a.staged_order desc) as staged_turn
    from #staged_run_write as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.run_write as t where t.[run_id] = s.[run_id] and t.[outbound_id] = s.[outbound_id] and t.[master_id] = s.[master_id])
order by s.staged_order;

insert into hub.sequence ([name], [next])
select s.[name], s.[next] from (select d.* from (
    select a.staged_order, a.[name], a.[next], row_number() over (partition by a.[name], datalength(a.[name]) order by a.staged_order) as staged_turn
    from #staged_sequence as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.sequence as t where t.[name] = s.[name] and datalength(t.[name]) = datalength(s.[name]))
order by s.staged_order;

insert into hub.source_key ([inbound_id], [source_id], [record_id], [row_hash])
select s.[inbound_id], s.[source_id], s.[record_id], s.[row_hash] from (select d.* from (
    select a.staged_order, a.[inbound_id], a.[source_id], a.[record_id], a.[row_hash], row_number() over (partition by a.[inbound_id], a.[source_id], datalength(a.[source_id]) order by a.staged_order desc) as staged_turn
    from #staged_source_key as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.source_key as t where t.[inbound_id] = s.[inbound_id] and t.[source_id] = s.[source_id] and datalength(t.[source_id]) = datalength(s.[source_id]))
order by s.staged_order;

insert into hub.source_record ([id], [inbound_id], [source_id], [data_hash], [data], [modified_at], [changed_at], [changed_run])
select s.[id], s.[inbound_id], s.[source_id], s.[data_hash], s.[data], s.[modified_at], s.[changed_at], s.[changed_run] from (select d.* from (
    select a.staged_order, a.[id], a.[inbound_id], a.[source_id], a.[data_hash], a.[data], a.[modified_at], a.[changed_at], a.[changed_run], row_number() over (partition by a.[id] order by a.staged_order desc) as staged_turn
    from #staged_source_record as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.source_record as t where t.[id] = s.[id])
order by s.staged_order;

insert into hub.unique_value ([inbound_id], [value_hash], [record_id])
select s.[inbound_id], s.[value_hash], s.[record_id] from (select d.* from (
    select a.staged_order, a.[inbound_id], a.[value_hash], a.[record_id], row_number() over (partition by a.[inbound_id], a.[value_hash] order by a.staged_order desc) as staged_turn
    from #staged_unique_value as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.unique_value as t where t.[inbound_id] = s.[inbound_id] and t.[value_hash] = s.[value_hash])
order by s.staged_order;

insert into hub.xref ([record_id], [master_id])
select s.[record_id], s.[master_id] from (select d.* from (
    select a.staged_order, a.[record_id], a.[master_id], row_number() over (partition by a.[record_id] order by a.staged_order desc) as staged_turn
    from #staged_xref as a) as d where d.staged_turn = 1) as s
where not exists (select 1 from hub.xref as t where t.[record_id] = s.[record_id])
order by s.staged_order;

select n.i, t.[b], t.[bits], t.[guard] from #number as n join hub.edge as t on t.[a] = n.v
order by n.i, t.[b];

select n.i, t.[data] from #number as n join hub.comparable as t on t.[record_id] = n.v
order by n.i;

select n.i, t.[data], t.[modified_at] from #number as n join hub.source_record as t on t.[id] = n.v
order by n.i;

select n.i, t.[data_hash] from #number as n join hub.source_record as t on t.[id] = n.v
order by n.i;

select n.i, t.[data_hash], t.[version], t.[ended_run] from #number as n join hub.master as t on t.[id] = n.v
order by n.i;

select n.i, t.[field], t.[at] from #number as n join hub.field_decision as t on t.[record_id] = n.v
order by n.i;

select n.i, t.[gone_run], t.[inbound_id], t.[source_id], t.[modified_at], t.[data] from #number as n join hub.source_record as t on t.[id] = n.v
order by n.i;

select n.i, t.[inbound_id], t.[gone_run], t.[source_id] from #number as n join hub.source_record as t on t.[id] = n.v
order by n.i;

select n.i, t.[inbound_id], t.[source_id], t.[modified_at], t.[data] from #number as n join hub.source_record as t on t.[id] = n.v
order by n.i;

select n.i, t.[inbox_id] from #text as n
join hub.inbox_latest as t on t.[inbound_id] = @prefix and t.[source_id] = n.v and datalength(t.[source_id]) = datalength(n.v)
order by n.i;

select n.i, t.[master_id] from #number as n join hub.xref as t on t.[record_id] = n.v
order by n.i;

select n.i, t.[master_id], t.[external_id] from #text as n
join hub.delivery as t on t.[outbound_id] = @prefix and t.[key] = n.v and datalength(t.[key]) = datalength(n.v)
order by n.i;

select n.i, t.[master_id], t.[made], t.[state], t.[sent] from #text as n
join hub.delivery as t on t.[outbound_id] = @prefix and t.[external_id] = n.v and datalength(t.[external_id]) = datalength(n.v)
order by n.i;

select n.i, t.[master_id], t.[state], t.[sent], t.[external_id], t.[made] from #text as n
join hub.delivery as t on t.[outbound_id] = @prefix and t.[key] = n.v and datalength(t.[key]) = datalength(n.v)
order by n.i;

select n.i, t.[modified_at] from #number as n join hub.source_record as t on t.[id] = n.v
order by n.i;

select n.i, t.[record_a], t.[same] from #number as n join hub.judgement as t on t.[record_b] = n.v
order by n.i, t.[record_a];

select n.i, t.[record_b], t.[same] from #number as n join hub.judgement as t on t.[record_a] = n.v
order by n.i, t.[record_b];

select n.i, t.[record_id] from #number as n join hub.match_key as t on t.[hash] = n.v
order by n.i, t.[record_id];

select n.i, t.[record_id] from #number as n join hub.match_key_recent as t on t.[hash] = n.v
order by n.i, t.[record_id];

select n.i, t.[record_id] from #number as n join hub.xref as t on t.[master_id] = n.v
order by n.i, t.[record_id];

select n.i, t.[record_id], t.[row_hash] from #text as n
join hub.source_key as t on t.[inbound_id] = @prefix and t.[source_id] = n.v and datalength(t.[source_id]) = datalength(n.v)
order by n.i;

select n.i, t.[records] from #number as n join hub.term as t on t.[hash] = n.v
order by n.i;

select n.i, t.[seen], t.[version], t.[sent], t.[answered], t.[answered_version], t.[awaits], t.[tries], t.[fresh] from #text as n
join hub.counterpart as t on t.[outbound_id] = @prefix and t.[external_id] = n.v and datalength(t.[external_id]) = datalength(n.v)
order by n.i;

select n.i, t.[times] from #number as n join hub.field_time as t on t.[record_id] = n.v
order by n.i;

select top (0) cast(0 as bigint) as staged_order, s.[a], s.[b], s.[bits], s.[guard] into #staged_edge from hub.edge s;

select top (0) cast(0 as bigint) as staged_order, s.[connection], s.[stream], s.[delivery_id], s.[received_at], s.[method], s.[headers], s.[query], s.[body] into #staged_inbox from hub.inbox s;

select top (0) cast(0 as bigint) as staged_order, s.[hash], s.[record_id] into #staged_match_key from hub.match_key s;

select top (0) cast(0 as bigint) as staged_order, s.[hash], s.[record_id] into #staged_match_key_recent from hub.match_key_recent s;

select top (0) cast(0 as bigint) as staged_order, s.[id], s.[entity], s.[data], s.[data_hash], s.[version], s.[changed_at], s.[changed_run] into #staged_master from hub.master s;

select top (0) cast(0 as bigint) as staged_order, s.[id], s.[inbound_id], s.[source_id], s.[data_hash], s.[data], s.[modified_at], s.[changed_at], s.[changed_run] into #staged_source_record from hub.source_record s;

select top (0) cast(0 as bigint) as staged_order, s.[inbound_id], s.[inbox_id] into #staged_inbox_receipt from hub.inbox_receipt s;

select top (0) cast(0 as bigint) as staged_order, s.[inbound_id], s.[source_id], s.[inbox_id] into #staged_inbox_latest from hub.inbox_latest s;

select top (0) cast(0 as bigint) as staged_order, s.[inbound_id], s.[source_id], s.[record_id], s.[row_hash] into #staged_source_key from hub.source_key s;

select top (0) cast(0 as bigint) as staged_order, s.[inbound_id], s.[value_hash], s.[record_id] into #staged_unique_value from hub.unique_value s;

select top (0) cast(0 as bigint) as staged_order, s.[name], s.[next] into #staged_sequence from hub.sequence s;

select top (0) cast(0 as bigint) as staged_order, s.[outbound_id], s.[external_id], s.[seen], s.[version], s.[sent], s.[answered], s.[answered_version], s.[awaits], s.[tries], s.[fresh] into #staged_counterpart from hub.counterpart s;

select top (0) cast(0 as bigint) as staged_order, s.[outbound_id], s.[master_id], s.[key], s.[external_id], s.[version], s.[sent], s.[state], s.[error], s.[run_id], s.[at], s.[made] into #staged_delivery from hub.delivery s;

select top (0) cast(0 as bigint) as staged_order, s.[outbound_id], s.[master_id], s.[run_id], s.[undo_id], s.[kind], s.[held], s.[released] into #staged_held_delivery from hub.held_delivery s;

select top (0) cast(0 as bigint) as staged_order, s.[record_id], s.[data] into #staged_comparable from hub.comparable s;

select top (0) cast(0 as bigint) as staged_order, s.[record_id], s.[entity], s.[paired] into #staged_pending from hub.pending s;

select top (0) cast(0 as bigint) as staged_order, s.[record_id], s.[master_id] into #staged_xref from hub.xref s;

select top (0) cast(0 as bigint) as staged_order, s.[record_id], s.[times] into #staged_field_time from hub.field_time s;

select top (0) cast(0 as bigint) as staged_order, s.[run_id], s.[outbound_id], s.[master_id], s.[outcome], s.[message], s.[external_id], s.[changes] into #staged_run_write from hub.run_write s;

select top (0) cast(0 as bigint) as staged_order, s.[run_id], s.[record_id], s.[outcome] into #staged_run_record from hub.run_record s;

update t set [bits] = s.[bits], [guard] = s.[guard]
from hub.edge as t join (select d.* from (
    select a.staged_order, a.[a], a.[b], a.[bits], a.[guard], row_number() over (partition by a.[a], a.[b] order by a.staged_order desc) as staged_turn
    from #staged_edge as a) as d where d.staged_turn = 1) as s on t.[a] = s.[a] and t.[b] = s.[b];

update t set [data] = s.[data]
from hub.comparable as t join (select d.* from (
    select a.staged_order, a.[record_id], a.[data], row_number() over (partition by a.[record_id] order by a.staged_order desc) as staged_turn
    from #staged_comparable as a) as d where d.staged_turn = 1) as s on t.[record_id] = s.[record_id];

update t set [entity] = s.[entity], [data] = s.[data], [data_hash] = s.[data_hash], [version] = s.[version], [changed_at] = s.[changed_at], [changed_run] = s.[changed_run], [merged_into] = default, [ended_run] = default
from hub.master as t join (select d.* from (
    select a.staged_order, a.[id], a.[entity], a.[data], a.[data_hash], a.[version], a.[changed_at], a.[changed_run], row_number() over (partition by a.[id] order by a.staged_order desc) as staged_turn
    from #staged_master as a) as d where d.staged_turn = 1) as s on t.[id] = s.[id];

update t set [inbound_id] = s.[inbound_id], [source_id] = s.[source_id], [data_hash] = s.[data_hash], [data] = s.[data], [modified_at] = s.[modified_at], [changed_at] = s.[changed_at], [changed_run] = s.[changed_run], [gone_run] = default
from hub.source_record as t join (select d.* from (
    select a.staged_order, a.[id], a.[inbound_id], a.[source_id], a.[data_hash], a.[data], a.[modified_at], a.[changed_at], a.[changed_run], row_number() over (partition by a.[id] order by a.staged_order desc) as staged_turn
    from #staged_source_record as a) as d where d.staged_turn = 1) as s on t.[id] = s.[id];

update t set [inbox_id] = s.[inbox_id]
from hub.inbox_latest as t join (select d.* from (
    select a.staged_order, a.[inbound_id], a.[source_id], a.[inbox_id], row_number() over (partition by a.[inbound_id], a.[source_id], datalength(a.[source_id]) order by a.staged_order desc) as staged_turn
    from #staged_inbox_latest as a) as d where d.staged_turn = 1) as s on t.[inbound_id] = s.[inbound_id] and t.[source_id] = s.[source_id] and datalength(t.[source_id]) = datalength(s.[source_id]);

update t set [key] = s.[key], [external_id] = s.[external_id], [version] = s.[version], [sent] = s.[sent], [state] = s.[state], [error] = s.[error], [run_id] = s.[run_id], [at] = s.[at], [made] = s.[made]
from hub.delivery as t join (select d.* from (
    select a.staged_order, a.[outbound_id], a.[master_id], a.[key], a.[external_id], a.[version], a.[sent], a.[state], a.[error], a.[run_id], a.[at], a.[made], row_number() over (partition by a.[outbound_id], a.[master_id] order by a.staged_order desc) as staged_turn
    from #staged_delivery as a) as d where d.staged_turn = 1) as s on t.[outbound_id] = s.[outbound_id] and t.[master_id] = s.[master_id];

update t set [master_id] = s.[master_id]
from hub.xref as t join (select d.* from (
    select a.staged_order, a.[record_id], a.[master_id], row_number() over (partition by a.[record_id] order by a.staged_order desc) as staged_turn
    from #staged_xref as a) as d where d.staged_turn = 1) as s on t.[record_id] = s.[record_id];

update t set [outcome] = s.[outcome]
from hub.run_record as t join (select d.* from (
    select a.staged_order, a.[run_id], a.[record_id], a.[outcome], row_number() over (partition by a.[run_id], a.[record_id] order by a.staged_order desc) as staged_turn
    from #staged_run_record as a) as d where d.staged_turn = 1) as s on t.[run_id] = s.[run_id] and t.[record_id] = s.[record_id];

update t set [outcome] = s.[outcome], [message] = s.[message], [external_id] = s.[external_id], [changes] = s.[changes]
from hub.run_write as t join (select d.* from (
    select a.staged_order, a.[run_id], a.[outbound_id], a.[master_id], a.[outcome], a.[message], a.[external_id], a.[changes], row_number() over (partition by a.[run_id], a.[outbound_id], a.[master_id] order by a.staged_order desc) as staged_turn
    from #staged_run_write as a) as d where d.staged_turn = 1) as s on t.[run_id] = s.[run_id] and t.[outbound_id] = s.[outbound_id] and t.[master_id] = s.[master_id];

update t set [record_id] = s.[record_id]
from hub.unique_value as t join (select d.* from (
    select a.staged_order, a.[inbound_id], a.[value_hash], a.[record_id], row_number() over (partition by a.[inbound_id], a.[value_hash] order by a.staged_order desc) as staged_turn
    from #staged_unique_value as a) as d where d.staged_turn = 1) as s on t.[inbound_id] = s.[inbound_id] and t.[value_hash] = s.[value_hash];

update t set [record_id] = s.[record_id], [row_hash] = s.[row_hash]
from hub.source_key as t join (select d.* from (
    select a.staged_order, a.[inbound_id], a.[source_id], a.[record_id], a.[row_hash], row_number() over (partition by a.[inbound_id], a.[source_id], datalength(a.[source_id]) order by a.staged_order desc) as staged_turn
    from #staged_source_key as a) as d where d.staged_turn = 1) as s on t.[inbound_id] = s.[inbound_id] and t.[source_id] = s.[source_id] and datalength(t.[source_id]) = datalength(s.[source_id]);

update t set [run_id] = s.[run_id], [undo_id] = s.[undo_id], [kind] = s.[kind], [held] = s.[held], [released] = s.[released]
from hub.held_delivery as t join (select d.* from (
    select a.staged_order, a.[outbound_id], a.[master_id], a.[run_id], a.[undo_id], a.[kind], a.[held], a.[released], row_number() over (partition by a.[outbound_id], a.[master_id] order by a.staged_order desc) as staged_turn
    from #staged_held_delivery as a) as d where d.staged_turn = 1) as s on t.[outbound_id] = s.[outbound_id] and t.[master_id] = s.[master_id];

update t set [seen] = s.[seen], [version] = s.[version], [sent] = s.[sent], [answered] = s.[answered], [answered_version] = s.[answered_version], [awaits] = s.[awaits], [tries] = s.[tries], [fresh] = s.[fresh]
from hub.counterpart as t join (select d.* from (
    select a.staged_order, a.[outbound_id], a.[external_id], a.[seen], a.[version], a.[sent], a.[answered], a.[answered_version], a.[awaits], a.[tries], a.[fresh], row_number() over (partition by a.[outbound_id], a.[external_id], datalength(a.[external_id]) order by a.staged_order desc) as staged_turn
    from #staged_counterpart as a) as d where d.staged_turn = 1) as s on t.[outbound_id] = s.[outbound_id] and t.[external_id] = s.[external_id] and datalength(t.[external_id]) = datalength(s.[external_id]);

update t set [times] = s.[times]
from hub.field_time as t join (select d.* from (
    select a.staged_order, a.[record_id], a.[times], row_number() over (partition by a.[record_id] order by a.staged_order desc) as staged_turn
    from #staged_field_time as a) as d where d.staged_turn = 1) as s on t.[record_id] = s.[record_id];
