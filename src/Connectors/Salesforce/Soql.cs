using System.Text;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Queries in Salesforce's language. Names come from its own metadata, values are quoted here.</summary>
internal static class Soql
{
    /// <summary>A text in quotes.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('\'');
        foreach (var c in text)
        {
            _ = c switch
            {
                '\'' => quoted.Append("\\'"),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('\'').ToString();
    }

    /// <summary>One of some texts.</summary>
    public static string In(string field, IEnumerable<string> values) => $"{field} IN ({string.Join(',', values.Select(Quote))})";

    /// <summary>A query.</summary>
    public static string Select(IEnumerable<string> fields, string from, string? where = null, string? orderBy = null) =>
        $"SELECT {string.Join(',', fields)} FROM {from}{(string.IsNullOrEmpty(where) ? "" : $" WHERE {where}")}{(orderBy is null ? "" : $" ORDER BY {orderBy}")}";

    /// <summary>All records at or after a place: from an instant on, or exactly behind the last record read.</summary>
    /// <param name="field">The cursor field.</param>
    /// <param name="at">The instant; null for everything.</param>
    /// <param name="id">The last record read at that instant; null to read all of that instant.</param>
    public static string? From(string field, DateTimeOffset? at, string? id) => (at, id) switch
    {
        (null, _) => null,
        ({ } instant, null) => $"{field} >= {FieldValues.Text(instant)}",
        ({ } instant, { } last) => $"({field} > {FieldValues.Text(instant)} OR ({field} = {FieldValues.Text(instant)} AND Id > {Quote(last)}))",
    };

    /// <summary>How long a query gets in an address.</summary>
    public static string Escape(string soql) => Uri.EscapeDataString(soql).Replace("%2C", ",", StringComparison.Ordinal).Replace("%28", "(", StringComparison.Ordinal).Replace("%29", ")", StringComparison.Ordinal);
}
