-- What the engine sends on its own: connections, versions, locks; written by GoldenStatementTests.

set xact_abort on; set lock_timeout 60000;

select @@version as version, cast(serverproperty('ProductMajorVersion') as nvarchar(20)) as major, cast(serverproperty('EngineEdition') as nvarchar(20)) as edition;

select cast(is_read_committed_snapshot_on as bigint) from sys.databases where name = db_name();

select sum(cast(size as bigint)) * 8192 from sys.database_files;

select object_id(N'hub.schema_version');

select max(version) from hub.schema_version;

delete from hub.schema_version; insert into hub.schema_version (version) values (@version);

drop table if exists #batch, #candidate, #number, #text;
create table #batch (i bigint not null primary key, k bigint, v bigint, t nvarchar(800) collate Latin1_General_100_BIN2);
create table #candidate (master_id bigint not null primary key);
create table #number (i bigint not null primary key, v bigint not null);
create table #text (i bigint not null primary key, v nvarchar(800) collate Latin1_General_100_BIN2 not null);

truncate table #batch;

declare @result int;
exec @result = sp_getapplock @Resource = N'hub.writer', @LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = 0;
select @result;

select applock_test(N'public', N'hub.writer', N'Exclusive', N'Session');

select object_id(N'hub.lock_holder');

if schema_id(N'hub') is null exec(N'create schema hub');
if object_id(N'hub.lock_holder') is null create table hub.lock_holder (holder nvarchar(400) not null);

delete from hub.lock_holder; insert into hub.lock_holder (holder) values (@holder);

select max(holder) from hub.lock_holder;

delete from hub.lock_holder;

exec sp_getapplock @Resource = N'hub.schema', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 60000;
