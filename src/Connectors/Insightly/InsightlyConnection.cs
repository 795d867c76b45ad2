using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Connectors.OneByOne;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>A configured account of Insightly.</summary>
internal sealed class InsightlyConnection : IWebhookConnection, IBudgetedConnection
{
    private const string Version = "v3.1/";

    // Enough to use the ten calls a second with answers of two seconds: a write is two calls.
    private const int Lanes = 20;

    // What a push costs: a look, then the write.
    private const int CallsToWrite = 2;

    // Every plan has these; others show when a pipeline uses them, and in discovery.
    private static readonly string[] s_checked = ["Contacts", "Organisations", "Leads", "Opportunities"];

    private readonly InsightlySettings _settings;
    private readonly ConnectionContext _context;
    private readonly ApiProfile _profile;
    private readonly HttpClient _client;
    private readonly InsightlyApi _api;
    private readonly InsightlyStreams _streams;
    private readonly InsightlyWebhook _webhook;

    public InsightlyConnection(InsightlySettings settings, ConnectionContext context, ConnectorDeclaration declaration)
    {
        _settings = settings;
        _context = context;
        context.Conceal(settings.ApiKey);
        var address = Address(settings, context.Name);
        _profile = new ApiProfile
        {
            BaseAddress = new Uri(address, Version),
            Hosts = settings.BaseUrl is null ? declaration.Hosts : [.. declaration.Hosts, ApiClient.HostOf(address)],
            Answers = new InsightlyAnswers(context.Name, context.Clock),
            Authorization = new InsightlyKey(settings.ApiKey),
            Limits = declaration.Limits with { PerDay = CallsPerDay(settings.Plan) },
            Reserve = settings.ReservePercent / 100.0,
        };
        _client = ApiClient.Create(_profile, context);
        _api = new InsightlyApi(_client);
        _streams = new InsightlyStreams(_api);
        _webhook = new InsightlyWebhook(settings);
    }

    public async Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken)
    {
        var host = _profile.BaseAddress!.Authority;
        try
        {
            await _api.Account.AboutAsync(cancellationToken);
        }
        catch (ConnectorException exception)
        {
            return [new(host, false, $"{exception.Message} {exception.Fix}")];
        }

        var quota = await ApiClient.QuotaAsync(_profile, _context, cancellationToken);
        var lines = new List<CheckLine> { new(host, true, quota.Limit is { } limit ? $"The API key is good; {quota.Used:N0} of the day's {limit:N0} calls are used." : "The API key is good.") };
        foreach (var name in s_checked)
            lines.Add(await CheckAsync(name, cancellationToken));
        if (_settings.WebhookUser is null != _settings.WebhookPassword is null)
            lines.Add(new("webhooks", false, "Only one of `webhookUser` and `webhookPassword` is set, so webhooks are refused. Set both."));
        return lines;
    }

    public async IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IEnumerable<string> names = stream is null ? (await _streams.ListAsync(cancellationToken)).Select(one => one.Name) : [stream];
        foreach (var name in names)
            yield return await DescribeAsync(name, cancellationToken);
    }

    public async IAsyncEnumerable<Page> PullAsync(PullRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = await ReadableAsync(request, cancellationToken);
        await foreach (var page in new InsightlyPull(_api, stream, request, _context.Clock).RunAsync(cancellationToken))
            yield return page;
    }

    public async IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = await _streams.FindAsync(request.Stream, cancellationToken);
        if (!stream.Object.Writable)
            throw new ConnectorException(FailureKind.Configuration, $"Insightly's {stream.Name} can be read only.", "Push to another stream.");
        var push = new InsightlyPush(_api, stream, request, _context.Clock);
        await foreach (var outcome in new OneByOnePush(Lanes, push.WriteAsync).RunAsync(writes, cancellationToken))
            yield return outcome;
    }

    public WebhookVerdict Verify(WebhookRequest request) => _webhook.Verify(request);

    public async IAsyncEnumerable<Page> ReadAsync(WebhookRequest request, PullRequest pull, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = await ReadableAsync(pull, cancellationToken);
        if (InsightlyWebhook.RecordId(request, stream.Object) is not { } id)
        {
            yield return new Page([]) { Notes = [$"A webhook for {stream.Name} has no {stream.IdField}; the next pull brings what it was about."] };
            yield break;
        }

        var reading = new InsightlyPull(_api, stream, pull, _context.Clock);
        yield return new Page([await _api.GetAsync(stream.Name, id, cancellationToken) is { } record ? reading.Row(record) : reading.Gone(id)]);
    }

    // A person sets the workflow up in Insightly; there is no request for it.
    public Task<DateTimeOffset?> SubscribeAsync(IReadOnlyList<string> streams, Uri address, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

    public async Task<ApiForecast> ForecastAsync(ApiWork work, CancellationToken cancellationToken)
    {
        var reads = work.Reads ?? (await _api.ListAsync(work.Stream, changedSince: null, skip: 0, top: 1, brief: true, cancellationToken)).Total ?? 0;
        var pages = work.Reads == 0 ? 0 : (reads + InsightlyApi.MostRecords - 1) / InsightlyApi.MostRecords;
        var quota = await ApiClient.QuotaAsync(_profile, _context, cancellationToken);
        return new(pages + (CallsToWrite * (work.Creates + work.Updates)) + work.Deletes, quota.Unit) { Limit = quota.Limit, Left = quota.Left, Reserve = quota.Reserve };
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _streams.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<InsightlyStream> ReadableAsync(PullRequest request, CancellationToken cancellationToken)
    {
        var stream = await _streams.FindAsync(request.Stream, cancellationToken);
        foreach (var field in request.Fields ?? [])
            stream.RequireReadable(field);
        return stream;
    }

    private async Task<StreamDescription> DescribeAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await _streams.FindAsync(name, cancellationToken)).Describe();
        }
        catch (ConnectorException exception) when (InsightlyStreams.IsOfOneObject(exception))
        {
            // One object that is closed or broken must not hide the others; a key that is refused concerns them all.
            return new StreamDescription(name, []) { Problem = $"{exception.Message} {exception.Fix}" };
        }
    }

    private async Task<CheckLine> CheckAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var page = await _api.ListAsync(name, changedSince: null, skip: 0, top: 1, brief: true, cancellationToken);
            return new(name, true, page.Total is { } total ? $"{total:N0} records." : "Can be read.") { IsStream = true };
        }
        catch (ConnectorException exception) when (InsightlyStreams.IsUnavailable(exception))
        {
            return new(name, false, InsightlyStreams.Unavailable(name)) { IsStream = true };
        }
        catch (ConnectorException exception)
        {
            return new(name, false, $"{exception.Message} {exception.Fix}") { IsStream = true };
        }
    }

    private static Uri Address(InsightlySettings settings, string connection)
    {
        var text = settings.BaseUrl ?? $"https://api.{settings.Pod}.insightly.com";
        return Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var address) && address.Scheme is "https" or "http" && (settings.BaseUrl is not null || settings.Pod.All(char.IsAsciiLetterOrDigit))
            ? address
            : throw new ConnectorException(FailureKind.Configuration, $"{connection}: {(settings.BaseUrl is null ? $"`pod` is '{settings.Pod}'" : "`baseUrl` is not an address")}.", settings.BaseUrl is null ? "Write the pod alone, such as na1 or eu1: the part of https://api.na1.insightly.com between the first two dots." : "Write a whole address such as https://api.na1.insightly.com, or take `baseUrl` out.");
    }

    private static long? CallsPerDay(InsightlyPlan? plan) => plan switch
    {
        InsightlyPlan.Free => 1_000,
        InsightlyPlan.Legacy => 20_000,
        InsightlyPlan.Plus => 40_000,
        InsightlyPlan.Professional => 60_000,
        InsightlyPlan.Enterprise => 100_000,
        _ => null,
    };
}
