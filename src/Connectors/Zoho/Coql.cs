using System.Globalization;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>Queries in Zoho's language. Conditions stand in brackets by twos, which is the only form that it takes.</summary>
internal static class Coql
{
    /// <summary>The most values that <c>in</c> takes.</summary>
    public const int InValues = 50;

    /// <summary>
    /// The records changed since a time, by time and id; those after a record already read. No offset: it would skip records when
    /// others change meanwhile, and ends at 100,000.
    /// </summary>
    public static string Changed(string module, IEnumerable<string> fields, DateTimeOffset? since, (DateTimeOffset Time, string Id)? after, int rows)
    {
        var where = after is { } last
            ? $"((Modified_Time > {Text(ZohoTime.Write(last.Time))}) or ((Modified_Time = {Text(ZohoTime.Write(last.Time))}) and (id > {Text(last.Id)})))"
            : since is { } from ? $"(Modified_Time >= {Text(ZohoTime.Write(from))})" : "(id is not null)";
        return string.Create(CultureInfo.InvariantCulture, $"select {string.Join(", ", fields)} from {module} where {where} order by Modified_Time asc, id asc limit {rows}");
    }

    /// <summary>The records that have one of these values in a field.</summary>
    public static string Holding(string module, string fields, string field, IEnumerable<string> values) =>
        $"select {fields} from {module} where ({field} in ({string.Join(", ", values.Select(Text))})) limit {ZohoApi.PageRows}";

    public static string Text(string text) => $"'{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";
}
