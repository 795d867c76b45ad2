using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>What a list of records is asked for.</summary>
internal sealed record ZohoListRequest(IReadOnlyDictionary<string, string> Query, DateTimeOffset? ModifiedSince)
{
    public string? this[string name] => Query.GetValueOrDefault(name);

    public int Number(string name, int otherwise) => this[name] is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw ZohoRefusal.Invalid("invalid data", new() { ["param_name"] = name });
}

/// <summary>
/// Lists: page numbers count from the front and therefore shift when records come and go, tokens remember the last record and do not.
/// Beyond 2,000 records only tokens help.
/// </summary>
internal static class ZohoPaging
{
    private const int Reach = 2000;

    /// <summary>Where a token goes on: behind this record, in this order.</summary>
    private sealed record Place(string Module, string SortBy, string SortOrder, DateTimeOffset Time, string Id, int Page, DateTimeOffset Expiry);

    /// <returns>The answer, or null when there is nothing to show.</returns>
    public static JsonObject? List(ZohoOrganisation organisation, ZohoModule module, ZohoListRequest request)
    {
        var fields = Fields(request);
        if (request["ids"] is { } ids)
        {
            var asked = ids.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (asked.Length > 100)
                throw ZohoRefusal.Limit("ids", 100);
            var found = asked.Select(module.Table.Get).OfType<Row>().ToList();
            return found.Count == 0 ? null : Answer(found.Select(row => organisation.Show(module, row, fields)), new()
            {
                ["per_page"] = 200,
                ["count"] = found.Count,
                ["page"] = 1,
                ["more_records"] = false,
            });
        }

        var size = request.Number("per_page", 200);
        if (size > 200)
            throw ZohoRefusal.Limit("per_page", 200);
        var place = Begin(organisation, module, request);
        var matching = Matching(organisation, module, request, place);
        var page = (request["page_token"] is null ? matching.Skip((place.Page - 1) * size) : matching).Take(size + 1).ToList();
        var more = page.Count > size;
        if (more)
            page.RemoveAt(size);
        if (page.Count == 0)
            return null;
        var last = page[^1];
        var expiry = organisation.Now.AddHours(24);
        var next = place with { Time = Key(place.SortBy, last), Id = last.Id, Page = place.Page + 1, Expiry = expiry };
        return Answer(page.Select(row => organisation.Show(module, row, fields)), new()
        {
            ["per_page"] = size,
            ["count"] = page.Count,
            ["page"] = place.Page,
            ["sort_by"] = place.SortBy,
            ["sort_order"] = place.SortOrder,
            ["more_records"] = more,
            ["next_page_token"] = more ? Token(next) : null,
            ["previous_page_token"] = null,
            ["page_token_expiry"] = more ? ZohoValues.Time(expiry) : null,
        });
    }

    public static JsonObject Answer(IEnumerable<JsonObject> rows, JsonObject info) => new() { ["data"] = new JsonArray([.. rows]), ["info"] = info };

    public static string Token<T>(T place) => Convert.ToHexStringLower(JsonSerializer.SerializeToUtf8Bytes(place));

    public static T? Read<T>(string token)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Encoding.UTF8.GetString(Convert.FromHexString(token)));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string[] Fields(ZohoListRequest request)
    {
        var fields = (request["fields"] ?? throw ZohoRefusal.Parameter("fields")).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return fields.Length switch
        {
            0 => throw ZohoRefusal.Parameter("fields"),
            > 50 => throw ZohoRefusal.Limit("fields", 50),
            _ => fields,
        };
    }

    private static Place Begin(ZohoOrganisation organisation, ZohoModule module, ZohoListRequest request)
    {
        if (request["page_token"] is { } token)
        {
            if (request["page"] is not null)
                throw new ZohoRefusal(400, "AMBIGUITY_DURING_PROCESSING", "ambiguity while processing the request", new() { ["ambiguity_due_to"] = new JsonArray("page", "page_token") });
            var place = Read<Place>(token);
            if (place is null || place.Module != module.ApiName)
                throw ZohoRefusal.Invalid("the page_token given seems to be invalid", new() { ["param_name"] = "page_token" });
            return place.Expiry >= organisation.Now ? place : throw new ZohoRefusal(400, "EXPIRED_VALUE", "The value provided has expired.", new() { ["param_name"] = "page_token" });
        }

        var page = request.Number("page", 1);
        if (page * request.Number("per_page", 200) > Reach)
            throw new ZohoRefusal(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", "You can only get the first 2000 records without using page_token param.", new() { ["limit"] = Reach });
        var sortBy = request["sort_by"] ?? "id";
        if (sortBy is not ("id" or "Created_Time" or "Modified_Time"))
            throw ZohoRefusal.Invalid("the sort_by given seems to be invalid", new() { ["param_name"] = "sort_by" });
        return new Place(module.ApiName, sortBy, request["sort_order"] ?? "desc", default, "", page, default);
    }

    private static IEnumerable<Row> Matching(ZohoOrganisation organisation, ZohoModule module, ZohoListRequest request, Place place)
    {
        // Ids are given in the order of creation.
        var sorted = place.SortBy == "Modified_Time" ? module.Table.ByModified : module.Table.Rows;
        var ascending = place.SortOrder == "asc";
        var from = place.Id.Length == 0 ? (ascending ? 0 : sorted.Count - 1) : Behind(sorted, place, ascending);
        var converted = request["converted"] ?? "false";
        for (var at = from; at >= 0 && at < sorted.Count; at += ascending ? 1 : -1)
        {
            var row = sorted[at];
            if (request.ModifiedSince is { } since && row.Modified < since)
                continue;
            if (converted == "both" || module.Converted.Contains(row.Id) == (converted == "true"))
                yield return row;
        }
    }

    private static int Behind(IReadOnlyList<Row> sorted, Place place, bool ascending)
    {
        var (low, high) = (0, sorted.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var order = Key(place.SortBy, sorted[middle]).CompareTo(place.Time) is var byTime and not 0 ? byTime : string.CompareOrdinal(sorted[middle].Id, place.Id);
            if (ascending ? order <= 0 : order < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return ascending ? low : low - 1;
    }

    private static DateTimeOffset Key(string sortBy, Row row) => sortBy == "Modified_Time" ? row.Modified : default;
}
