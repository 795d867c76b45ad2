using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>Objects one at a time: their metadata, their records, what was changed and deleted of them.</summary>
internal sealed class SObjectsApi(SalesforceVendor vendor)
{
    public void Map(Action<string, string, RequestDelegate> add)
    {
        add("GET", "/sobjects", context => Locked(context, () => Describe.Global(vendor.Org.Schema.All.Where(new Visibility(vendor.Faults).Sees))));
        add("GET", "/sobjects/{type}", context => Locked(context, () => new JsonObject { ["objectDescribe"] = Describe.Object(Type(context), new Visibility(vendor.Faults)), ["recentItems"] = new JsonArray() }));
        add("GET", "/sobjects/{type}/describe", context => Locked(context, () => DescribeOne(Type(context))));
        add("GET", "/sobjects/{type}/deleted", context => Locked(context, () => Deleted(context)));
        add("GET", "/sobjects/{type}/updated", context => Locked(context, () => Updated(context)));
        add("POST", "/sobjects/{type}", CreateAsync);
        add("GET", "/sobjects/{type}/{id}", ReadAsync);
        add("PATCH", "/sobjects/{type}/{id}", UpdateAsync);
        add("DELETE", "/sobjects/{type}/{id}", DeleteAsync);
        add("GET", "/sobjects/{type}/{key}/{value}", ReadByKeyAsync);
        add("PATCH", "/sobjects/{type}/{key}/{value}", UpsertAsync);
    }

    private SObjectType Type(HttpContext context) =>
        vendor.Org.Type((string)context.Request.RouteValues["type"]!) is { } type && new Visibility(vendor.Faults).Sees(type) ? type : throw SalesforceError.NotFound();

    private Task Locked(HttpContext context, Func<JsonNode> answer)
    {
        JsonNode body;
        lock (vendor.Gate)
            body = answer();
        return context.WriteJsonAsync(200, body);
    }

    private JsonObject DescribeOne(SObjectType type) =>
        vendor.Faults.StandingAll("broken-object").Any(fault => type.Name.Equals(fault.Stream, StringComparison.OrdinalIgnoreCase))
            ? Describe.Broken(type)
            : Describe.Object(type, new Visibility(vendor.Faults));

    private JsonObject Deleted(HttpContext context)
    {
        var (type, org) = (Type(context), vendor.Org);
        var (start, end, covered) = Window(context);
        var earliest = org.Now - Org.Bin;
        if (start < earliest.AddMinutes(-1))
            throw new SalesforceError(400, "INVALID_REPLICATION_DATE", $"startDate before org's replication enabled date; earliest is {Minute(earliest)}");

        return new JsonObject
        {
            ["deletedRecords"] = new JsonArray([.. type.Rows.Where(row => row?.Deleted is { } time && time >= start && time < end).Select(row => new JsonObject { ["id"] = row!.Id, ["deletedDate"] = Text(row.Deleted!.Value) })]),
            ["earliestDateAvailable"] = Text(Minute(earliest)),
            ["latestDateCovered"] = Text(covered),
        };
    }

    private JsonObject Updated(HttpContext context)
    {
        var type = Type(context);
        var (start, end, covered) = Window(context);
        return new JsonObject
        {
            ["ids"] = new JsonArray([.. type.Rows.Where(row => row is { Deleted: null } && row.Modified >= start && row.Modified < end).Select(row => JsonValue.Create(row!.Id))]),
            ["latestDateCovered"] = Text(covered),
        };
    }

    /// <summary>Seconds count for nothing: the window is one of whole minutes, and covers nothing of the running minute.</summary>
    private (DateTime Start, DateTime End, DateTime Covered) Window(HttpContext context)
    {
        DateTime Bound(string name) => DateTimeOffset.TryParse(context.Request.Query[name], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Minute(time.UtcDateTime)
            : throw new SalesforceError(400, "INVALID_REPLICATION_DATE", $"{name} is not a date and time");

        var (start, end) = (Bound("start"), Bound("end"));
        if (end < start.AddMinutes(1))
            throw new SalesforceError(400, "INVALID_REPLICATION_DATE", "startDate must be at least one minute greater than endDate");
        if (end - start > TimeSpan.FromDays(30))
            throw new SalesforceError(400, "INVALID_REPLICATION_DATE", "The specified date range must be less than 30 days");
        var covered = Minute(vendor.Org.Now) is var now && now < end ? now : end;
        return (start, covered, covered);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var body = await BodyAsync(context);
        JsonObject answer;
        lock (vendor.Gate)
        {
            var (type, writer) = (Type(context), new RecordWriter(vendor, vendor.Org, context));
            answer = Saved(writer.Create(type, writer.Read(type, body)));
        }

        await context.WriteJsonAsync(201, answer);
    }

    private Task ReadAsync(HttpContext context)
    {
        lock (vendor.Gate)
        {
            var type = Type(context);
            var row = type.Record((string)context.Request.RouteValues["id"]!);
            return Show(context, row is { Deleted: null } ? row : throw SalesforceError.NotFound());
        }
    }

    private async Task UpdateAsync(HttpContext context)
    {
        var body = await BodyAsync(context);
        lock (vendor.Gate)
        {
            var (type, id, writer) = (Type(context), (string)context.Request.RouteValues["id"]!, new RecordWriter(vendor, vendor.Org, context));
            Precondition(context, type.Record(id));
            writer.Update(type, id, writer.Read(type, body));
        }

        context.Response.StatusCode = 204;
    }

    private Task DeleteAsync(HttpContext context)
    {
        lock (vendor.Gate)
            new RecordWriter(vendor, vendor.Org, context).Delete(Type(context), (string)context.Request.RouteValues["id"]!);
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private Task ReadByKeyAsync(HttpContext context)
    {
        lock (vendor.Gate)
        {
            var (type, key, value) = Key(context);
            return type.Keys(key)!.Serials(value) switch
            {
                [] => throw SalesforceError.NotFound(),
                [var one] => Show(context, type.Rows[one]!),
                var several => Ambiguous(context, several.Select(serial => type.Rows[serial]!)),
            };
        }
    }

    private async Task UpsertAsync(HttpContext context)
    {
        var body = await BodyAsync(context);
        var (status, answer) = (200, (JsonNode)new JsonObject());
        lock (vendor.Gate)
        {
            var (type, key, value) = Key(context);
            if (body.Any(member => member.Key.Equals(key.Name, StringComparison.OrdinalIgnoreCase)))
                throw new SalesforceError(400, "INVALID_FIELD", $"The {key.Name} field should not be specified in the sobject data.", key.Name);
            try
            {
                var writer = new RecordWriter(vendor, vendor.Org, context);
                if (type.Keys(key)!.Serials(value) is [var one])
                    Precondition(context, type.Rows[one]);
                var (row, created) = writer.Upsert(type, key, value, writer.Read(type, body));
                var saved = Saved(row);
                saved["created"] = created;
                (status, answer) = (created ? 201 : 200, saved);
            }
            catch (AmbiguousKeyException ambiguous)
            {
                (status, answer) = (300, Urls(ambiguous.Rows));
            }
        }

        await context.WriteJsonAsync(status, answer);
    }

    private (SObjectType Type, SField Key, string Value) Key(HttpContext context)
    {
        var type = Type(context);
        var name = (string)context.Request.RouteValues["key"]!;
        return type.Find(name) is { ExternalId: true } key && new Visibility(vendor.Faults).Sees(type, key)
            ? (type, key, ((string)context.Request.RouteValues["value"]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase))
            : throw SalesforceError.NotFound($"Provided external ID field does not exist or is not accessible: {name}");
    }

    private Task Show(HttpContext context, SObject row)
    {
        if (Since(context, "If-Modified-Since") is { } since && row.Modified < since.AddSeconds(1))
        {
            context.Response.StatusCode = 304;
            return Task.CompletedTask;
        }

        var visibility = new Visibility(vendor.Faults);
        var seen = row.Type.Fields.Where(field => visibility.Sees(row.Type, field)).ToList();
        IEnumerable<SField> fields = seen;
        if (context.Request.Query["fields"].ToString() is { Length: > 0 } wanted)
        {
            fields = wanted.Split(',').Select(name => seen.FirstOrDefault(field => field.Name.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase))
                ?? throw new SalesforceError(400, "INVALID_FIELD", $"No such column '{name}' on sobject of type {row.Type.Name}"));
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonAnswers.WriterOptions))
            RecordJson.Write(json, row, fields);
        return context.WriteBytesAsync("application/json;charset=UTF-8", buffer.ToArray());
    }

    private static void Precondition(HttpContext context, SObject? row)
    {
        // One second is as fine as the header gets.
        if (row is not null && Since(context, "If-Unmodified-Since") is { } since && row.Modified >= since.AddSeconds(1))
            throw new SalesforceError(412, "PRECONDITION_FAILED", "The specified If-Unmodified-Since condition was not met");
    }

    private static DateTime? Since(HttpContext context, string header)
    {
        var text = context.Request.Headers[header].ToString();
        if (text.Length == 0)
            return null;
        return DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.UtcDateTime
            : throw new SalesforceError(400, "INVALID_HEADER", $"{header} must be a date in RFC 1123 form");
    }

    private static async Task<JsonObject> BodyAsync(HttpContext context) =>
        await context.ReadJsonAsync() as JsonObject ?? throw new SalesforceError(400, "JSON_PARSER_ERROR", "Unexpected end-of-input or a value that is not an object at [line:1, column:1]");

    private static JsonObject Saved(SObject row) => new() { ["id"] = row.Id, ["success"] = true, ["errors"] = new JsonArray() };

    private static JsonArray Urls(IEnumerable<SObject> rows) => [.. rows.Select(row => JsonValue.Create(row.Url))];

    private static Task Ambiguous(HttpContext context, IEnumerable<SObject> rows) => context.WriteJsonAsync(300, Urls(rows));

    private static DateTime Minute(DateTime time) => new(time.Ticks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, DateTimeKind.Utc);

    private static string Text(DateTime time) => time.ToString(RecordJson.InstantForm, CultureInfo.InvariantCulture);
}
