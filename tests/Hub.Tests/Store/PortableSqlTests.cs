using System.Text.RegularExpressions;
using Crm.Integration.Hub.Tests.Configuration;

namespace Crm.Integration.Hub.Tests.Store;

/// <summary>SQL is written once for all engines, and reaches a database only through the store.</summary>
public sealed partial class PortableSqlTests
{
    private static readonly string s_hub = Path.Combine(Repository.Root, "src", "Hub");

    [Fact]
    public void Only_the_store_knows_how_to_reach_a_database() =>
        Assert.Empty(Sources().Where(source => !source.Path.StartsWith("Store/", StringComparison.Ordinal)).Where(source => Bypass().IsMatch(source.Code)).Select(source => source.Path));

    [Theory]
    [InlineData("using Dapper;")]
    [InlineData("Dapper.SqlMapper.Execute(connection, text);")]
    [InlineData("using Npgsql;")]
    [InlineData("DbConnection connection = store.Open();")]
    [InlineData("using var command = connection.CreateCommand();")]
    public void A_way_around_the_store_would_be_found(string line) => Assert.Matches(Bypass(), line);

    [Fact]
    public void In_the_store_every_statement_is_adapted_to_the_engine()
    {
        foreach (var file in (string[])["MasterStore.cs", "Statements.cs", "StoreTransaction.cs", "StoreRows.cs"])
        {
            var code = File.ReadAllText(Path.Combine(s_hub, "Store", file));
            Assert.All(
                Statement().Matches(code).Select(match => match.Value),
                call => Assert.Matches(@"\.Sql\(|ngine\.DeleteBatch\(|migration\.Script", call));
        }
    }

    [Fact]
    public void No_statement_uses_what_some_engine_does_not_know()
    {
        var violations = Statements().SelectMany(statement => Forbidden(statement.Sql).Select(what => $"{statement.Path}: {what} in: {statement.Sql.ReplaceLineEndings(" ")}")).ToList();

        Assert.True(violations.Count == 0, string.Join(Environment.NewLine, violations));
    }

    [Theory]
    [InlineData("insert into pending (record_id) values (1) on conflict do nothing", "on conflict")]
    [InlineData("delete from edge where (a, b) in (select k, v from batch)", "row value")]
    [InlineData("select i.connection || '/' from inbound i", "||")]
    [InlineData("select q.rule from quarantine q", "reserved word rule")]
    [InlineData("select 1 from master where merged_into = true", "boolean literal")]
    [InlineData("select id from master limit 1", "limit without order by or parameter")]
    [InlineData("select id from (select id from master order by id limit @n) x", "limit without order by or parameter")]
    [InlineData("select k from batch b cross join master m where m.id = b.k", "cross join")]
    [InlineData("select ifnull(a, 0) from edge", "function ifnull")]
    [InlineData("insert into match_key select hash, record_id from match_key_recent", "insert without columns")]
    public void What_some_engine_does_not_know_would_be_found(string sql, string what) => Assert.Contains(what, Forbidden(sql));

    [Fact]
    public void Statements_are_found_in_the_sources() => Assert.InRange(Statements().Count(), 80, 1000);

    private static IEnumerable<string> Forbidden(string sql)
    {
        if (sql.Contains("on conflict", StringComparison.OrdinalIgnoreCase))
            yield return "on conflict";
        if (sql.Contains("||", StringComparison.Ordinal))
            yield return "||";
        if (sql.Contains("cross join", StringComparison.OrdinalIgnoreCase))
            yield return "cross join";
        if (RowValue().IsMatch(sql))
            yield return "row value";
        if (BooleanLiteral().IsMatch(sql))
            yield return "boolean literal";
        if (InsertWithoutColumns().IsMatch(sql))
            yield return "insert without columns";
        if (Limit().IsMatch(sql) && !GoodLimit().IsMatch(sql))
            yield return "limit without order by or parameter";
        foreach (Match match in Reserved().Matches(sql))
            yield return "reserved word " + match.Groups[1].Value;
        foreach (Match match in Function().Matches(sql))
            yield return "function " + match.Groups[1].Value;
    }

    /// <summary>The statements that stand in the sources as one text each.</summary>
    internal static IEnumerable<(string Path, string Sql)> Statements() =>
        from source in Sources()
        where !EngineFolder().IsMatch(source.Path)
        from Match match in Literal().Matches(source.Code)
        let sql = match.Groups.Values.Skip(1).First(part => part.Success).Value.Trim()
        where StatementStart().IsMatch(sql)
        select (source.Path, sql);

    private static IEnumerable<(string Path, string Code)> Sources() =>
        from file in Directory.EnumerateFiles(s_hub, "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(s_hub, file).Replace('\\', '/')
        where !path.StartsWith("bin/", StringComparison.Ordinal) && !path.StartsWith("obj/", StringComparison.Ordinal)
        select (path, Comment().Replace(File.ReadAllText(file), ""));

    [GeneratedRegex(@"\bDapper\b|\bDb(Connection|Command|DataReader|Transaction)\b|\bCreateCommand\b|\bNpgsql\b|Microsoft\.Data\.")]
    private static partial Regex Bypass();

    [GeneratedRegex(@"\b\w*onnection\.(?:Execute|Query)\w*(?:<[^(]*>)?\([^;]*;|CommandText = [^;]*;")]
    private static partial Regex Statement();

    [GeneratedRegex(@"^Store/\w+/")]
    private static partial Regex EngineFolder();

    // Raw literals first: they hold quotes.
    [GeneratedRegex("\"{3}(.*?)\"{3}|\"((?:[^\"\\\\\n]|\\\\.)*)\"", RegexOptions.Singleline)]
    private static partial Regex Literal();

    [GeneratedRegex(@"^(select|insert into|update|delete from)\s", RegexOptions.IgnoreCase)]
    private static partial Regex StatementStart();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\(\s*\w+\s*,\s*\w+\s*\)\s*(in|=)\b", RegexOptions.IgnoreCase)]
    private static partial Regex RowValue();

    [GeneratedRegex(@"\b(true|false)\b", RegexOptions.IgnoreCase)]
    private static partial Regex BooleanLiteral();

    [GeneratedRegex(@"insert into \w+ select", RegexOptions.IgnoreCase)]
    private static partial Regex InsertWithoutColumns();

    [GeneratedRegex(@"\blimit\b", RegexOptions.IgnoreCase)]
    private static partial Regex Limit();

    [GeneratedRegex(@"\border by\b.*\slimit @\w+\s*(for update( skip locked)?)?\s*$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex GoodLimit();

    // Names of columns that one engine or another takes for its own; in quotes they are names. An @ before it makes a parameter, a dot may.
    [GeneratedRegex(@"(?<![\w@""'])(rule|key|cursor|identity|user|plan|percent|column|table|index|group(?! by)|order(?! by)|rowid)(?![\w""'])", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();

    [GeneratedRegex(@"\b(ifnull|isnull|nvl|datetime|strftime|json_\w+|group_concat|string_agg|printf|instr|substr|length|total|iif|now)\s*\(", RegexOptions.IgnoreCase)]
    private static partial Regex Function();
}
