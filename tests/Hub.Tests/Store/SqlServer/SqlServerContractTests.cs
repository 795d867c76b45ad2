using Crm.Integration.Hub.Tests.Accounts;
using Crm.Integration.Hub.Tests.Cli;
using Crm.Integration.Hub.Tests.Pipelines;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

// The contract of the store, passed by SQL Server wherever HUB_TEST_SQLSERVER names one.
[Collection(SqlServerTurns.Name)]
public sealed class InboundOnSqlServerTests : InboundTests<SqlServerStore>;

[Collection(SqlServerTurns.Name)]
public sealed class MatchingOnSqlServerTests : MatchingTests<SqlServerStore>;

[Collection(SqlServerTurns.Name)]
public sealed class OutboundOnSqlServerTests : OutboundTests<SqlServerStore>;

[Collection(SqlServerTurns.Name)]
public sealed class StoreVerbsOnSqlServerTests : StoreVerbsTests<SqlServerStore>;

[Collection(SqlServerTurns.Name)]
public sealed class AccountsOnSqlServerTests : AccountStoreTests<SqlServerStore>;

/// <summary>They share a schema, and take turns.</summary>
[CollectionDefinition(Name)]
public sealed class SqlServerTurns
{
    public const string Name = "SQL Server";
}
