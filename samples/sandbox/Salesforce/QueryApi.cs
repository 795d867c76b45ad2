using System.Globalization;
using System.Text.Json;
using Crm.Integration.Sandbox.Salesforce.Soql;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>Queries answered page by page.</summary>
internal sealed class QueryApi(SalesforceVendor vendor)
{
    private const int LargestPage = 2000;
    private const int SmallestPage = 200;
    private const int OpenCursors = 10;
    private static readonly TimeSpan s_life = TimeSpan.FromDays(2);

    private readonly Dictionary<string, Cursor> _cursors = [];
    private readonly Random _chance = new(7);
    private long _last;

    public void Map(Action<string, string, RequestDelegate> add)
    {
        add("GET", "/query", context => StartAsync(context, withDeleted: false));
        add("GET", "/queryAll", context => StartAsync(context, withDeleted: true));
        add("GET", "/query/{locator}", NextAsync);
        add("GET", "/queryAll/{locator}", NextAsync);
    }

    private Task StartAsync(HttpContext context, bool withDeleted)
    {
        var soql = context.Request.Query["q"].ToString();
        if (soql.Length == 0)
            throw new SalesforceError(400, "MALFORMED_QUERY", "Query parameter 'q' is missing");

        byte[] answer;
        lock (vendor.Gate)
        {
            var plan = SoqlPlan.Make(soql, vendor.Org, new Visibility(vendor.Faults));
            var serials = plan.Run(withDeleted);
            var cursor = new Cursor(plan, serials, PageSize(context), vendor.Clock.GetUtcNow() + s_life);
            answer = Page(context, cursor, 0, null);
            Mutate(context, plan.Type);
        }

        return context.WriteBytesAsync("application/json;charset=UTF-8", answer);
    }

    private Task NextAsync(HttpContext context)
    {
        var locator = (string)context.Request.RouteValues["locator"]!;
        byte[] answer;
        lock (vendor.Gate)
        {
            var dash = locator.LastIndexOf('-');
            if (dash < 0 || !int.TryParse(locator.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var from)
                || !_cursors.TryGetValue(locator[..dash], out var cursor) || cursor.Until < vendor.Clock.GetUtcNow() || from > cursor.Serials.Count)
            {
                throw new SalesforceError(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
            }

            answer = Page(context, cursor, from, locator[..dash]);
            Mutate(context, cursor.Plan.Type);
        }

        return context.WriteBytesAsync("application/json;charset=UTF-8", answer);
    }

    private byte[] Page(HttpContext context, Cursor cursor, int from, string? key)
    {
        var (plan, serials) = (cursor.Plan, cursor.Serials);
        var to = plan.Select.Count == 0 ? from : Math.Min(from + cursor.PageSize, serials.Count);
        var done = plan.Select.Count == 0 || to == serials.Count;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonAnswers.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("totalSize", serials.Count);
            json.WriteBoolean("done", done);
            if (!done)
                json.WriteString("nextRecordsUrl", $"/services/data/v{context.Request.RouteValues["version"]}/query/{key ?? Open(cursor)}-{to}");
            json.WriteStartArray("records");
            for (var i = from; i < to; i++)
                RecordJson.Write(json, plan.Type.Rows[serials[i]]!, plan.Tree);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>A user may leave ten queries unread; one more, and the oldest is closed.</summary>
    private string Open(Cursor cursor)
    {
        var key = "0r8xx" + SalesforceId.Of("0r8", ++_last)[6..];
        _cursors.Add(key, cursor);
        while (_cursors.Count > OpenCursors)
            _cursors.Remove(_cursors.Keys.Order(StringComparer.Ordinal).First());
        return key;
    }

    private static int PageSize(HttpContext context)
    {
        var option = context.Request.Headers["Sforce-Query-Options"].ToString().Split('=') is ["batchSize", var text] && int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : LargestPage;
        return Math.Clamp(option, SmallestPage, LargestPage);
    }

    /// <summary>Between two pages people go on working: one record comes, one goes, one changes.</summary>
    private void Mutate(HttpContext context, SObjectType type)
    {
        if (!type.Writable || type.Rows.Count < 3 || vendor.Strikes("mutate-while-paging", context) is null)
            return;

        var org = vendor.Org;
        var made = org.Add(type);
        foreach (var field in type.Fields.Where(field => field.Required))
            made.Set(field, type.Rows[1]![field]);
        org.Touch(made, "created");

        var living = type.Rows.OfType<SObject>().Where(row => row.Deleted is null && row != made).ToList();
        if (living.Count < 2)
            return;
        org.Delete(living[_chance.Next(living.Count / 2)]);
        var changed = living[(living.Count / 2) + _chance.Next(living.Count - (living.Count / 2))];
        var text = type.Fields.First(field => field is { Type: "string" or "combobox", ReadOnly: false, ExternalId: false });
        changed.Set(text, $"Changed {_chance.Next(1000)}");
        org.Touch(changed, "updated");
    }

    private sealed record Cursor(SoqlPlan Plan, List<int> Serials, int PageSize, DateTimeOffset Until);
}
