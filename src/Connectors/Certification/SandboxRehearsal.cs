using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>How a vendor of the sandbox is rehearsed.</summary>
/// <param name="Vendor">Its name in the sandbox's addresses.</param>
/// <param name="SettingsType">The connector's settings type.</param>
/// <param name="Stream">The stream that is rehearsed.</param>
public sealed record SandboxPlan(string Vendor, Type SettingsType, RehearsedStream Stream)
{
    /// <summary>Which of several ways to sign in; null for the vendor's usual one.</summary>
    public string? Flow { get; init; }

    /// <summary>Settings that the connection has besides those of the account.</summary>
    public IReadOnlyDictionary<string, JsonNode> Settings { get; init; } = new Dictionary<string, JsonNode>();

    /// <summary>Why a merge cannot be told from a deletion by the vendor's API; null where it can.</summary>
    public string? NoMerge { get; init; }

    /// <summary>Reads a record of the sandbox's administrator; null where its members are its fields.</summary>
    public Func<JsonObject, JsonObject>? Read { get; init; }

    /// <summary>Makes fields into what the sandbox's administrator writes; null where they are its members.</summary>
    public Func<JsonObject, JsonObject>? Write { get; init; }
}

/// <summary>A vendor that the sandbox plays, driven through its control API.</summary>
public sealed class SandboxRehearsal : IRehearsal
{
    private static readonly JsonSerializerOptions s_settings = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private readonly SandboxPlan _plan;
    private readonly Uri _sandbox;
    private readonly HttpClient _control;
    private readonly RehearsalClock _clock;
    private readonly List<string> _nobody = [];
    private WebhookCatcher? _catcher;
    private TimeSpan _ahead;

    /// <summary>Drives a vendor of a running sandbox.</summary>
    /// <param name="place">Where the sandbox is.</param>
    /// <param name="plan">The vendor.</param>
    /// <exception cref="ConnectorException">No sandbox was named.</exception>
    public SandboxRehearsal(RehearsalPlace place, SandboxPlan plan)
    {
        _sandbox = place.Sandbox ?? throw new ConnectorException(FailureKind.Configuration, $"'{plan.Vendor}' is certified against a running sandbox, and none was named.", "Start one with `dotnet run --project samples/sandbox -- --port 7070` and add `--sandbox http://127.0.0.1:7070`.");
        _plan = plan;
        _clock = new RehearsalClock(place.Clock);
        _control = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(_sandbox, $"/_sandbox/{plan.Vendor}/"), Timeout = TimeSpan.FromSeconds(100) };
    }

    /// <inheritdoc/>
    public RehearsedStream Stream => _plan.Stream;

    /// <inheritdoc/>
    public TimeProvider Clock => _clock;

    /// <inheritdoc/>
    public IReadOnlyList<string> Hosts => [_sandbox.Authority, .. _nobody];

    private string Records => $"records/{Stream.Name}";

    /// <inheritdoc/>
    public async Task SeedAsync(int records, CancellationToken cancellationToken)
    {
        await AskAsync(HttpMethod.Post, "reset", new JsonObject { ["records"] = records, ["seed"] = 1 }, cancellationToken);
        await AdvanceAsync(TimeSpan.Zero, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<object> SettingsAsync(SettingsVariant variant, CancellationToken cancellationToken)
    {
        var account = (await AskAsync(HttpMethod.Get, _plan.Flow is null ? "account" : $"account?flow={_plan.Flow}", null, cancellationToken))!.AsObject();
        foreach (var (name, value) in _plan.Settings)
            account[name] = value.DeepClone();
        account.Remove("connector");
        Spoil(account, variant);
        return account.Deserialize(_plan.SettingsType, s_settings)!;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RehearsedRecord>> RecordsAsync(CancellationToken cancellationToken)
    {
        var records = (await AskAsync(HttpMethod.Get, Records, null, cancellationToken))!.AsArray();
        return [.. records.Select(record =>
        {
            var read = record!.AsObject();
            var id = read["id"]!.ToString();
            return new RehearsedRecord(id, RehearsedJson.Values(_plan.Read?.Invoke(read) ?? read));
        })];
    }

    /// <inheritdoc/>
    public async Task<string> CreateAsync(IReadOnlyDictionary<string, Value> values, CancellationToken cancellationToken) =>
        (await AskAsync(HttpMethod.Post, Records, Fields(values), cancellationToken))!["id"]!.ToString();

    /// <inheritdoc/>
    public Task EditAsync(string id, IReadOnlyDictionary<string, Value> values, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Patch, $"{Records}/{id}", Fields(values), cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) => AskAsync(HttpMethod.Delete, $"{Records}/{id}", null, cancellationToken);

    /// <inheritdoc/>
    public Task MergeAsync(string id, string loser, CancellationToken cancellationToken) =>
        _plan.NoMerge is { } why ? throw new NotShownException(why) : AskAsync(HttpMethod.Post, $"{Records}/{id}/merge", new JsonObject { ["loser"] = loser }, cancellationToken);

    /// <inheritdoc/>
    public Task BreakAsync(IReadOnlyList<RehearsedFault> faults, CancellationToken cancellationToken) => AskAsync(
        HttpMethod.Put,
        "faults",
        new JsonArray([.. faults.Select(fault =>
        {
            var json = new JsonObject { ["kind"] = fault.Kind, ["count"] = fault.Count, ["after"] = fault.After, ["path"] = fault.Path };
            foreach (var (name, value) in fault.Arguments)
                json[name] = JsonSerializer.SerializeToNode(value);
            return json;
        })]),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<RehearsalCounters> CountersAsync(CancellationToken cancellationToken) =>
        (await AskAsync(HttpMethod.Get, "counters", null, cancellationToken)).Deserialize<RehearsalCounters>(s_settings)!;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RehearsedCall>> CallsAsync(long since, CancellationToken cancellationToken) =>
        (await AskAsync(HttpMethod.Get, FormattableString.Invariant($"requests?since={since}"), null, cancellationToken)).Deserialize<List<RehearsedCall>>(s_settings)!;

    /// <inheritdoc/>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        _ahead += by;
        var answer = await AskAsync(HttpMethod.Post, "clock", new JsonObject { ["advanceSeconds"] = by.TotalSeconds }, cancellationToken);
        // The vendor's clock may have been moved before; ours goes where it is.
        if (DateTimeOffset.TryParse(answer?["now"]?.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var now))
            _clock.Advance(now - _clock.GetUtcNow());
        else
            _clock.Advance(by);
    }

    /// <inheritdoc/>
    public async Task<Uri> CatchWebhooksAsync(Func<WebhookRequest, WebhookVerdict> verify, CancellationToken cancellationToken)
    {
        if (_catcher is not null)
            await _catcher.DisposeAsync();
        _catcher = new WebhookCatcher(verify, _clock);
        await AskAsync(HttpMethod.Put, "webhooks", new JsonObject { ["target"] = $"{_catcher.Address}/{Stream.Name}" }, cancellationToken);
        return _catcher.Address;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WebhookRequest>> WebhooksAsync(CancellationToken cancellationToken)
    {
        await AskAsync(HttpMethod.Post, "webhooks/flush", null, cancellationToken);
        return _catcher?.Take() ?? [];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_catcher is not null)
            await _catcher.DisposeAsync();
        try
        {
            // Somebody else may use the sandbox next: it gets back its time and its people.
            await AskAsync(HttpMethod.Post, "clock", new JsonObject { ["advanceSeconds"] = -_ahead.TotalSeconds }, CancellationToken.None);
            await AskAsync(HttpMethod.Post, "reset", new JsonObject(), CancellationToken.None);
        }
        catch (Exception exception) when (exception is ConnectorException or NotShownException or OperationCanceledException)
        {
            // A sandbox that is gone, or cannot go back, has nothing to be put right; the report is what counts.
        }

        _control.Dispose();
    }

    private JsonObject Fields(IReadOnlyDictionary<string, Value> values)
    {
        var json = new JsonObject(values.Select(value => KeyValuePair.Create(value.Key, RehearsedJson.Of(value.Value))));
        return _plan.Write?.Invoke(json) ?? json;
    }

    private void Spoil(JsonObject account, SettingsVariant variant)
    {
        var changed = false;
        foreach (var property in _plan.SettingsType.GetProperties())
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (account[name] is not JsonValue value || !value.TryGetValue<string>(out var text))
                continue;
            var isHook = Stream.WebhookSecrets.Contains(name);
            string? spoiled = variant switch
            {
                SettingsVariant.WrongSecret when property.GetCustomAttribute<SecretAttribute>() is not null && !isHook => "wrong-" + text,
                // As long as before: some are keys of a fixed length.
                SettingsVariant.WrongWebhookSecret when isHook => new string([.. text.Reverse()]),
                SettingsVariant.WrongHost when text.Contains(_sandbox.Authority, StringComparison.Ordinal) => text.Replace(_sandbox.Authority, Nobody(), StringComparison.Ordinal),
                SettingsVariant.BadTls when text.Contains(_sandbox.Authority, StringComparison.Ordinal) => text.Replace("http://", "https://", StringComparison.Ordinal),
                _ => null,
            };
            if (spoiled is null)
                continue;
            account[name] = spoiled;
            changed = true;
        }

        if (!changed && variant != SettingsVariant.Good)
            throw new NotShownException($"no setting of the account can be spoiled for {variant}");
    }

    /// <summary>An address where nobody answers; settings name it, so it may be contacted.</summary>
    private string Nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _nobody.Add($"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        return _nobody[^1];
    }

    private async Task<JsonNode?> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        try
        {
            using var response = await _control.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.NotFound)
                throw new NotShownException(text.Length > 0 && JsonNode.Parse(text) is JsonObject { } refusal && refusal["error"] is { } error ? error.ToString() : $"the sandbox does not know {method} {path}");
            if (!response.IsSuccessStatusCode)
                throw new ConnectorException(FailureKind.Configuration, $"The sandbox answers {method} {path} with {(int)response.StatusCode}.", "Look at the sandbox's own output.");
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (HttpRequestException exception)
        {
            throw new ConnectorException(FailureKind.Configuration, $"The sandbox at {_sandbox} cannot be reached: {exception.Message}", "Start it with `dotnet run --project samples/sandbox -- --port 7070`, and name its address with --sandbox.", exception);
        }
    }
}
