
namespace Crm.Integration.Hub.Store.SqlServer;

/// <summary>The tables that the migrations make, read from their own text: what bulk work must know of them stands nowhere twice.</summary>
internal sealed class SqlServerTables
{
    /// <summary>The schema that holds them.</summary>
    public const string Schema = "hub";

    private readonly Dictionary<string, SqlServerTable> _tables = new(StringComparer.Ordinal);

    /// <summary>Reads them from scripts in the order of their application.</summary>
    /// <param name="scripts">With tables as <c>create table hub.NAME (…)</c>, and <c>alter table hub.NAME add …</c>.</param>
    public SqlServerTables(IEnumerable<string> scripts)
    {
        foreach (var script in scripts)
        {
            List<SqlToken> tokens = [.. SqlTokens.Of(script).Where(token => token.Kind != SqlTokenKind.Space)];
            for (var at = 0; at + 4 < tokens.Count; at++)
            {
                if (tokens[at + 1].Is("table") && tokens[at + 2].Is(Schema) && tokens[at + 3].Is("."))
                    Statement(tokens, at);
            }
        }
    }

    /// <summary>This program's tables.</summary>
    public static SqlServerTables Own => field ??= new(Migrations.Select(migration => migration.Script));

    /// <summary>This program's migrations, in order.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } = Migration.Of("SqlServer");

    /// <summary>Their names.</summary>
    public IReadOnlyCollection<string> Names => _tables.Keys;

    /// <summary>Whether there is such a table.</summary>
    public bool Has(string name) => _tables.ContainsKey(name);

    /// <summary>A table.</summary>
    public SqlServerTable this[string name] => _tables.TryGetValue(name, out var table) ? table : throw new ArgumentException($"no migration makes a table {name}", nameof(name));

    private void Statement(List<SqlToken> tokens, int at)
    {
        var name = tokens[at + 4].Text.Trim('[', ']');
        if (tokens[at].Is("drop"))
        {
            _tables.Remove(name);
        }
        else if (tokens[at].Is("create"))
        {
            var table = _tables[name] = new SqlServerTable();
            for (var (from, depth, to) = (at + 6, 1, at + 6); depth > 0; to++)
            {
                depth += tokens[to].Is("(") ? 1 : tokens[to].Is(")") ? -1 : 0;
                if (depth == 0 || (depth == 1 && tokens[to].Is(",")))
                {
                    table.Add(tokens[from..to]);
                    from = to + 1;
                }
            }
        }
        else if (tokens[at].Is("alter") && tokens[at + 5].Is("add"))
        {
            var end = tokens.FindIndex(at, token => token.Is(";"));
            _tables[name].Add(tokens[(at + 6)..end]);
        }
        else if (tokens[at].Is("alter") && tokens[at + 5].Is("drop") && tokens[at + 6].Is("column"))
        {
            _tables[name].Remove(tokens[at + 7].Text.Trim('[', ']'));
        }
    }
}

/// <summary>A table: its columns, and which of them make a row unique.</summary>
internal sealed class SqlServerTable
{
    private readonly List<(string Name, bool IsText)> _columns = [];
    private readonly List<string> _key = [];

    /// <summary>The columns that hold values of their own, in order.</summary>
    public IReadOnlyList<(string Name, bool IsText)> Columns => _columns;

    /// <summary>The columns of the primary key, without what is computed from them.</summary>
    public IReadOnlyList<string> Key => [.. _key.Where(key => _columns.Exists(column => column.Name == key))];

    /// <summary>Whether a column holds text.</summary>
    public bool IsText(string name) => _columns.Exists(column => column.Name == name && column.IsText);

    /// <summary>Takes a line of the table's definition.</summary>
    internal void Add(List<SqlToken> line)
    {
        if (line.FindIndex(token => token.Is("primary")) is var primary and >= 0)
        {
            _key.AddRange(line[0].Is("constraint")
                ? line[primary..].Where(token => token.Kind is SqlTokenKind.Word or SqlTokenKind.Name && !token.Is("primary") && !token.Is("key") && !token.Is("nonclustered")).Select(Name)
                : [Name(line[0])]);
        }

        if (!line[0].Is("constraint") && !line[1].Is("as"))
            _columns.Add((Name(line[0]), line[1].Is("nvarchar")));
    }

    /// <summary>Forgets a column.</summary>
    internal void Remove(string column) => _columns.RemoveAll(known => known.Name == column);

    private static string Name(SqlToken token) => token.Text.Trim('[', ']');
}
