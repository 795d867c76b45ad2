using System.Globalization;
using System.Text.RegularExpressions;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

/// <summary>Reads indexes and the widths of columns out of migrations.</summary>
internal static partial class Indexes
{
    /// <summary>The indexes and primary keys of a script.</summary>
    public static IEnumerable<(string Name, string Table, string[] Columns, bool Clustered)> In(string script)
    {
        foreach (Match match in CreateIndex().Matches(script))
            yield return (match.Groups["name"].Value, match.Groups["table"].Value, List(match.Groups["columns"].Value), false);
        foreach (Match table in CreateTable().Matches(script))
        {
            foreach (Match match in PrimaryKey().Matches(table.Groups["body"].Value))
                yield return (match.Groups["name"].Value, table.Groups["table"].Value, List(match.Groups["columns"].Value), !match.Groups["kind"].Success);
            foreach (Match match in OwnKey().Matches(table.Groups["body"].Value))
                yield return (match.Groups["name"].Value, table.Groups["table"].Value, [match.Groups["name"].Value], true);
        }
    }

    /// <summary>How many bytes a value of a column may take in an index.</summary>
    public static Dictionary<(string Table, string Column), int> Widths(IEnumerable<string> scripts)
    {
        var widths = new Dictionary<(string, string), int>();
        foreach (var script in scripts)
        {
            foreach (Match table in CreateTable().Matches(script))
            {
                foreach (Match column in Column().Matches(table.Groups["body"].Value))
                {
                    var size = column.Groups["size"].Value;
                    widths[(table.Groups["table"].Value, column.Groups["name"].Value)] = column.Groups["type"].Value switch
                    {
                        "nvarchar" when size == "max" => int.MaxValue / 8,
                        "nvarchar" => 2 * int.Parse(size, CultureInfo.InvariantCulture),
                        "as" => 4,
                        _ => 8,
                    };
                }
            }

            foreach (Match column in AlterColumn().Matches(script))
                widths[(column.Groups["table"].Value, column.Groups["name"].Value)] = 2 * int.Parse(column.Groups["size"].Value, CultureInfo.InvariantCulture);
        }

        return widths;
    }

    private static string[] List(string columns) => [.. columns.Split(',').Select(column => column.Trim().Trim('[', ']'))];

    [GeneratedRegex(@"create (unique )?index (?<name>\w+) on hub\.(?<table>\w+) \((?<columns>[^)]*)\)")]
    private static partial Regex CreateIndex();

    [GeneratedRegex(@"create table hub\.(?<table>\w+) \((?<body>.*?)^\);", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CreateTable();

    [GeneratedRegex(@"alter table hub\.(?<table>\w+) alter column (?<name>\w+) nvarchar\((?<size>\d+)\)")]
    private static partial Regex AlterColumn();

    [GeneratedRegex(@"constraint (?<name>\w+) primary key (?<kind>nonclustered )?\((?<columns>[^)]*)\)")]
    private static partial Regex PrimaryKey();

    [GeneratedRegex(@"^ +\[?(?<name>\w+)\]? [^\n]*not null primary key", RegexOptions.Multiline)]
    private static partial Regex OwnKey();

    [GeneratedRegex(@"^ +\[?(?<name>\w+)\]? (?<type>nvarchar|bigint|float|as)(\((?<size>\w+)\))?", RegexOptions.Multiline)]
    private static partial Regex Column();
}
