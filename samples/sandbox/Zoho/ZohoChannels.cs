using System.Globalization;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>Subscriptions to changes. A channel lives an hour unless it asks for longer, and never longer than a day.</summary>
internal sealed class ZohoChannels(ZohoOrganisation organisation)
{
    private readonly List<Channel> _channels = [];

    /// <summary>The longest life a channel is granted.</summary>
    public TimeSpan Longest { get; set; } = TimeSpan.FromDays(1);

    public void Forget() => _channels.Clear();

    /// <summary>The channels to tell of a change, each with the body to send.</summary>
    public IEnumerable<(string Channel, Uri Url, JsonObject Body)> Notices(ZohoModule module, string operation, string id, IReadOnlyCollection<string> fields, string address)
    {
        var asked = operation switch { "insert" => "create", "update" => "edit", _ => "delete" };
        foreach (var channel in _channels.Where(channel => channel.Expiry > organisation.Now && (channel.Events.Contains($"{module.ApiName}.{asked}") || channel.Events.Contains($"{module.ApiName}.all"))))
        {
            var body = new JsonObject
            {
                ["server_time"] = organisation.Now.ToUnixTimeMilliseconds(),
                ["module"] = module.ApiName,
                ["operation"] = operation,
                ["channel_id"] = channel.Id,
                ["token"] = channel.Token,
                ["resource_uri"] = $"{address}/crm/v8/{module.ApiName}",
                ["ids"] = new JsonArray(id),
                ["query_params"] = new JsonObject(),
                ["affected_fields"] = new JsonArray(new JsonObject { [id] = new JsonArray([.. fields.Select(field => (JsonNode)field)]) }),
            };
            if (channel.TellsValues && module.Table.Get(id) is { } row)
            {
                var values = organisation.Show(module, row, fields);
                values.Remove("id");
                body["affected_values"] = new JsonArray(new JsonObject { ["record_id"] = id, ["values"] = values });
            }

            yield return (channel.Id, channel.Url, body);
        }
    }

    /// <summary>POST and PUT say all of a channel, PATCH what shall be different.</summary>
    public (int Status, JsonObject Body) Watch(JsonObject body, string method, string address)
    {
        if (body["watch"] is not JsonArray { Count: > 0 } watch)
            throw new ZohoRefusal(400, "MANDATORY_NOT_FOUND", "required field not found", new() { ["api_name"] = "watch", ["json_path"] = "$.watch" });
        if (watch.Count > 50)
            throw ZohoRefusal.Limit("watch", 50);
        var answers = new JsonArray();
        var refused = 0;
        for (var at = 0; at < watch.Count; at++)
        {
            try
            {
                var channel = Set(watch[at]!.AsObject(), method, string.Create(CultureInfo.InvariantCulture, $"$.watch[{at}]"));
                answers.Add(new JsonObject
                {
                    ["code"] = "SUCCESS",
                    ["status"] = "success",
                    ["message"] = "Successfully subscribed for actions-watch of the given module",
                    ["details"] = new JsonObject { ["events"] = Events(channel, address) },
                });
            }
            catch (ZohoRefusal refusal)
            {
                answers.Add(refusal.Body.DeepClone());
                refused++;
            }
        }

        return (refused == 0 ? method == "POST" ? 201 : 200 : refused == watch.Count ? 202 : 207, new JsonObject { ["watch"] = answers });
    }

    public JsonObject? List(string? channelId, string? module, string address)
    {
        var found = _channels.Where(channel => channel.Expiry > organisation.Now && (channelId is null || channel.Id == channelId) && (module is null || channel.Modules.Contains(module))).ToList();
        return found.Count == 0 ? null : new JsonObject
        {
            ["watch"] = new JsonArray([.. found.Select(channel => new JsonObject
            {
                ["channel_id"] = channel.Id,
                ["channel_expiry"] = ZohoValues.Time(channel.Expiry),
                ["notify_url"] = channel.Url.ToString(),
                ["token"] = channel.Token,
                ["events"] = new JsonArray([.. channel.Events.Select(name => (JsonNode)name)]),
                ["details"] = Events(channel, address),
            })]),
            ["info"] = new JsonObject { ["per_page"] = 200, ["count"] = found.Count, ["page"] = 1, ["more_records"] = false },
        };
    }

    public (int Status, JsonObject Body) Remove(IEnumerable<string> ids)
    {
        var answers = new JsonArray();
        var refused = 0;
        foreach (var id in ids)
        {
            if (_channels.RemoveAll(channel => channel.Id == id) > 0)
                answers.Add(new JsonObject
                {
                    ["code"] = "SUCCESS",
                    ["status"] = "success",
                    ["message"] = "Successfully un-subscribed for actions-watch of the given module",
                    ["details"] = new JsonObject { ["channel_id"] = id },
                });
            else
            {
                answers.Add(NotSubscribed(id).Body.DeepClone());
                refused++;
            }
        }

        return (refused == 0 ? 200 : refused == answers.Count ? 202 : 207, new JsonObject { ["watch"] = answers });
    }

    private Channel Set(JsonObject asked, string method, string path)
    {
        var id = asked["channel_id"]?.ToString();
        if (!long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            throw Wrong("channel_id", path);
        var known = _channels.Find(channel => channel.Id == id && channel.Expiry > organisation.Now);
        if (known is null && method != "POST")
            throw NotSubscribed(id);
        var old = method == "PATCH" ? known : null;
        var events = (asked["events"] as JsonArray)?.Select(name => name!.ToString()).ToHashSet(StringComparer.Ordinal) ?? old?.Events ?? throw Wrong("events", path);
        if (events.Count == 0 || events.Any(name => name.Split('.') is not [var module, "create" or "edit" or "delete" or "all"] || organisation.Modules.All(other => other.ApiName != module)))
            throw Wrong("events", path);
        var url = asked["notify_url"]?.ToString() is { } text ? Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : throw Wrong("notify_url", path) : old?.Url ?? throw Wrong("notify_url", path);
        var token = asked["token"]?.ToString() ?? old?.Token;
        if (token?.Length > 50)
            throw Wrong("token", path);
        var channel = new Channel(id, events, url, token, Expiry(asked["channel_expiry"]?.ToString(), old, path), asked["return_affected_field_values"]?.GetValue<bool>() ?? old?.TellsValues ?? false);
        _channels.RemoveAll(other => other.Id == id);
        _channels.Add(channel);
        return channel;
    }

    private DateTimeOffset Expiry(string? text, Channel? old, string path)
    {
        if (text is null)
            return old?.Expiry ?? organisation.Now.AddHours(1);
        var asked = ZohoValues.Instant(text) ?? throw Wrong("channel_expiry", path);
        var longest = organisation.Now + Longest;
        return asked <= organisation.Now ? throw Wrong("channel_expiry", path) : asked < longest ? asked : longest;
    }

    private JsonArray Events(Channel channel, string address) => new([.. channel.Modules.Select(module => new JsonObject
    {
        ["channel_expiry"] = ZohoValues.Time(channel.Expiry),
        ["resource_uri"] = $"{address}/crm/v8/{module}",
        ["resource_id"] = organisation.Module(module).Id,
        ["resource_name"] = module,
        ["channel_id"] = channel.Id,
    })]);

    private static ZohoRefusal Wrong(string name, string path) => ZohoRefusal.Invalid("invalid data", new() { ["api_name"] = name, ["json_path"] = $"{path}.{name}" });

    private static ZohoRefusal NotSubscribed(string id) => new(400, "NOT_SUBSCRIBED", "Not subscribed for actions-watch of the given module", new() { ["channel_id"] = id });

    private sealed record Channel(string Id, HashSet<string> Events, Uri Url, string? Token, DateTimeOffset Expiry, bool TellsValues)
    {
        public IEnumerable<string> Modules => Events.Select(name => name.Split('.')[0]).Distinct();
    }
}
