using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Control;

/// <summary>The records of a vendor as its own users see and change them.</summary>
internal static class RecordsApi
{
    public static void Map(Action<string, string, Func<Vendor, HttpContext, Task<JsonNode?>>> verb)
    {
        verb("GET", "records", (vendor, _) => Task.FromResult<JsonNode?>(Count(vendor)));
        verb("GET", "records/{stream}", (vendor, context) => Task.FromResult<JsonNode?>(List(vendor, context)));
        verb("GET", "records/{stream}/{id}", (vendor, context) => Task.FromResult<JsonNode?>(One(vendor, context)));
        verb("POST", "records/{stream}", CreateAsync);
        verb("PATCH", "records/{stream}/{id}", UpdateAsync);
        verb("DELETE", "records/{stream}/{id}", (vendor, context) => Task.FromResult(Delete(vendor, context)));
        verb("POST", "records/{stream}/{id}/{verb}", ActAsync);
    }

    private static JsonObject Count(Vendor vendor)
    {
        lock (vendor.Gate)
            return new JsonObject(vendor.Streams.Select(stream => KeyValuePair.Create(stream, (JsonNode?)vendor.CountOf(stream))));
    }

    private static JsonArray List(Vendor vendor, HttpContext context)
    {
        // A query names fields and what they hold: ?Email=ann@example.com.
        lock (vendor.Gate)
            return [.. vendor.Records(Stream(vendor, context)).Where(record => context.Request.Query.All(wanted => record[wanted.Key]?.ToString() == wanted.Value))];
    }

    private static JsonObject One(Vendor vendor, HttpContext context)
    {
        lock (vendor.Gate)
            return Existing(vendor, Stream(vendor, context), Id(context));
    }

    private static async Task<JsonNode?> CreateAsync(Vendor vendor, HttpContext context)
    {
        var fields = await ControlApi.ObjectAsync(context);
        lock (vendor.Gate)
        {
            var stream = Stream(vendor, context);
            var id = vendor.NewId(stream);
            vendor.Commit(() => vendor.Create(stream, id, fields));
            return new JsonObject { ["id"] = id };
        }
    }

    private static async Task<JsonNode?> UpdateAsync(Vendor vendor, HttpContext context)
    {
        var fields = await ControlApi.ObjectAsync(context);
        lock (vendor.Gate)
        {
            var (stream, id) = (Stream(vendor, context), Id(context));
            Existing(vendor, stream, id);
            vendor.Commit(() => vendor.Update(stream, id, fields));
            return null;
        }
    }

    private static JsonNode? Delete(Vendor vendor, HttpContext context)
    {
        lock (vendor.Gate)
        {
            var (stream, id) = (Stream(vendor, context), Id(context));
            Existing(vendor, stream, id);
            vendor.Commit(() => vendor.Delete(stream, id));
            return null;
        }
    }

    private static async Task<JsonNode?> ActAsync(Vendor vendor, HttpContext context)
    {
        var arguments = await ControlApi.ObjectAsync(context);
        lock (vendor.Gate)
        {
            var (stream, id, verb) = (Stream(vendor, context), Id(context), (string)context.Request.RouteValues["verb"]!);
            Existing(vendor, stream, id);
            if (verb != "merge")
                return vendor.Act(verb, stream, id, arguments) ?? throw new BadControlException($"Nobody can {verb} a record of {stream} at {vendor.Name}.");

            var loser = (string?)arguments["loser"] ?? throw new BadControlException("loser is missing: the id of the record that goes.");
            Existing(vendor, stream, loser);
            vendor.Commit(() => vendor.Merge(stream, id, loser));
            return null;
        }
    }

    private static string Stream(Vendor vendor, HttpContext context)
    {
        var stream = (string)context.Request.RouteValues["stream"]!;
        return vendor.Streams.Contains(stream)
            ? stream
            : throw new BadControlException($"{vendor.Name} has no '{stream}'; it has {string.Join(", ", vendor.Streams)}.");
    }

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static JsonObject Existing(Vendor vendor, string stream, string id) =>
        vendor.Find(stream, id) ?? throw new BadControlException($"There is no {stream} '{id}' at {vendor.Name}.");
}
