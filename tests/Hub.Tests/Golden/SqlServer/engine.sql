-- What the engine sends on its own: connections, versions, locks; written by GoldenStatementTests.

set xact_abort on; set lock_timeout 60000;

select @@version as version, cast(serverproperty('ProductMajorVersion') as nvarchar(20)) as major, cast(serverproperty('EngineEdition') as nvarchar(20)) as edition;

select cast(is_read_committed_snapshot_on as bigint) from sys.databases where name = db_name();

select sum(cast(size as bigint)) * 8192 from sys.database_files;

select datediff_big(millisecond, cast('1970-01-01' as datetime2), sysutcdatetime());

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
exec @result = sp_getapplock @Resource = @resource, @LockMode = @mode, @LockOwner = N'Session', @LockTimeout = @timeout;
select @result;

delete from hub.lock_session where resource = @resource and session_id = @@spid;
exec sp_releaseapplock @Resource = @resource, @LockOwner = N'Session';

select applock_test(N'public', @resource, N'Exclusive', N'Session');

select object_id(N'hub.lock_session');

if schema_id(N'hub') is null exec(N'create schema hub');
if object_id(N'hub.lock_session') is null create table hub.lock_session (resource nvarchar(60) not null, session_id int not null, holder nvarchar(400) not null, constraint lock_session_primary primary key (resource, session_id));

delete from hub.lock_session where resource = @resource and (@alone = 1 or session_id = @@spid);
insert into hub.lock_session (resource, session_id, holder) values (@resource, @@spid, @holder);

select max(holder) from hub.lock_session where resource = @resource;

exec sp_getapplock @Resource = N'hub.schema', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 60000;
