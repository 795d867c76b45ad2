-- What the program asks about access; written by GoldenStatementTests.

insert into hub.api_token (id, name, hash, role, scopes, created_at, created_by, expires_at) values (@id, @name, @hash, @role, @scopes, @Now, @by, @expiresAt);

insert into hub.audit (seq, at, actor, action, subject, outcome, previous, hash) values (@Seq, @At, @Actor, @Action, @Subject, @Outcome, @Previous, @hash);

select count_big(*) from hub.api_token where name = @name;

select seq, at, actor, action, subject, outcome, previous, hash from hub.audit order by seq desc offset 0 rows fetch next @one rows only;

select seq, at, actor, action, subject, outcome, previous, hash from hub.audit where seq < @before order by seq desc offset 0 rows fetch next @count rows only;

select seq, at, actor, action, subject, outcome, previous, hash from hub.audit where seq > @after order by seq offset 0 rows fetch next @PageRows rows only;

select t.id, t.name, t.hash, t.role, t.scopes, t.created_at, t.created_by, t.expires_at, t.revoked_at, t.used_at from hub.api_token t order by t.name;

select t.id, t.name, t.hash, t.role, t.scopes, t.created_at, t.created_by, t.expires_at, t.revoked_at, t.used_at from hub.api_token t where t.id = @id;

select t.id, t.name, t.hash, t.role, t.scopes, t.created_at, t.created_by, t.expires_at, t.revoked_at, t.used_at from hub.api_token t where t.revoked_at is null;

update hub.api_token set revoked_at = @Now, revoked_by = @by where name = @name and revoked_at is null;

update hub.api_token set used_at = @Now where id = @Id;
