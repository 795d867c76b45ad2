-- What the program asks about accounts; written by GoldenStatementTests.

delete from hub.account_lease where connection = @connection and name = @name and holder = @holder;

delete from hub.account_memory where connection = @connection and name = @name;

delete from hub.account_memory where secret = 1;

delete from hub.hub_key where id <> @id;

delete from hub.secret where name = @name;

insert into hub.account_lease (connection, name, holder, ends_at) values (@connection, @name, @holder, @ends);

insert into hub.account_memory (connection, name, value, secret, changed_at) values (@connection, @name, @kept, @secret, @Now);

insert into hub.hub_key (id, since) values (@Id, @Now);

insert into hub.secret (name, value, changed_at) values (@name, @kept, @Now);

select count_big(*) from hub.account_lease where connection = @connection and name = @name;

select count_big(*) from hub.hub_key where id = @Id;

select count_big(*) from hub.secret;

select min(id) from hub.hub_key;

select min(id) from hub.hub_key where id <> @Id;

select name, changed_at from hub.secret order by name;

select value from hub.secret where name = @name;

select value, secret from hub.account_memory where connection = @connection and name = @name;

update hub.account_lease set holder = @holder, ends_at = @ends where connection = @connection and name = @name and ends_at <= @Now;

update hub.account_memory set value = @kept, secret = @secret, changed_at = @Now where connection = @connection and name = @name;

update hub.secret set value = @kept, changed_at = @Now where name = @name;
