using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Connectors.OneByOne;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>A configured company of Fxiaoke.</summary>
internal sealed class FxiaokeConnection : IWebhookConnection, IBudgetedConnection
{
    // Enough to use the five calls a second of each kind with answers of a second: a write is three calls, one of each kind.
    private const int Lanes = 16;

    // What a push costs: a look, the write, and a look for the version. A delete is a look and two writes.
    private const int CallsToWrite = 3;

    private static readonly string[] s_checked = ["AccountObj", "ContactObj", "LeadsObj", "NewOpportunityObj", "SalesOrderObj"];

    private readonly FxiaokeSettings _settings;
    private readonly ConnectionContext _context;
    private readonly ApiProfile _profile;
    private readonly OAuth _tokens;
    private readonly HttpClient _client;
    private readonly FxiaokeApi _api;
    private readonly FxiaokeObjects _objects;
    private readonly FxiaokeCallback _callback;

    public FxiaokeConnection(FxiaokeSettings settings, ConnectionContext context, ConnectorDeclaration declaration)
    {
        _settings = settings;
        _context = context;
        foreach (var secret in new[] { settings.AppSecret, settings.PermanentCode, settings.CallbackToken, settings.CallbackAesKey })
        {
            if (!string.IsNullOrEmpty(secret))
                context.Conceal(secret);
        }

        var address = Address(settings.BaseUrl, context.Name);
        var hosts = declaration.Hosts.Append(ApiClient.HostOf(address)).ToList();
        var answers = new FxiaokeAnswers(context.Name, context.Clock);
        var grant = new FxiaokeGrant(settings, address);
        _tokens = new OAuth(grant, new ApiProfile { Hosts = hosts, Answers = answers }, context);
        _profile = new ApiProfile
        {
            BaseAddress = address,
            Hosts = hosts,
            Answers = answers,
            Authorization = _tokens,
            Limits = declaration.Limits with { PerDay = settings.DailyCalls },
            Reserve = settings.ReservePercent / 100.0,
        };
        _client = ApiClient.Create(_profile, context);
        _api = new FxiaokeApi(_client);
        _objects = new FxiaokeObjects(_api);
        _callback = new FxiaokeCallback(settings);
    }

    public async Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken)
    {
        var host = _profile.BaseAddress!.Authority;
        IReadOnlyList<(string Name, string? Label)> objects;
        try
        {
            await _tokens.TokenAsync(cancellationToken);
            objects = await _objects.ListAsync(cancellationToken);
        }
        catch (ConnectorException exception)
        {
            return [new(host, false, $"{exception.Message} {exception.Fix}")];
        }

        var lines = new List<CheckLine> { new(host, true, $"The app's credentials are good; {objects.Count:N0} objects.") };
        foreach (var (name, label) in objects.Where(one => s_checked.Contains(one.Name) || FxiaokeObject.IsCustom(one.Name)))
            lines.Add(await CheckAsync(name, label, cancellationToken));
        return lines;
    }

    public async IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var streams = stream is null ? await _objects.ListAsync(cancellationToken) : [(stream, null)];
        foreach (var (name, label) in streams)
            yield return await DescribeAsync(name, label, cancellationToken);
    }

    public async IAsyncEnumerable<Page> PullAsync(PullRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = await ReadableAsync(request, cancellationToken);
        await foreach (var page in new FxiaokePull(_api, known, request, _context.Clock).RunAsync(cancellationToken))
            yield return page;
    }

    public async IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = await _objects.FindAsync(request.Stream, cancellationToken);
        var push = new FxiaokePush(_api, known, request, _settings.UserId, _context.Clock);
        await foreach (var outcome in new OneByOnePush(Lanes, push.WriteAsync).RunAsync(writes, cancellationToken))
            yield return outcome;
    }

    public WebhookVerdict Verify(WebhookRequest request) => _callback.Verify(request);

    public async IAsyncEnumerable<Page> ReadAsync(WebhookRequest request, PullRequest pull, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One address takes the events of all objects; those of others are not this stream's.
        if (_callback.Read(request.Body) is not { } told || told.Object != pull.Stream)
            yield break;
        var known = await ReadableAsync(pull, cancellationToken);
        var reading = new FxiaokePull(_api, known, pull, _context.Clock);
        var found = await _api.QueryAsync(known.Name, [new(FxiaokeObject.Id, "EQ", told.Id)], reading.Projection(), limit: 1, cancellationToken);
        var record = found.Records.Where(record => FxiaokePull.Id(record) == told.Id).ToList();
        yield return new Page([record.Count > 0 ? reading.Row(record[0]) : reading.Gone(told.Id)]);
    }

    // Fxiaoke's support switches callbacks on, or a script of the company calls; there is no request for it.
    public Task<DateTimeOffset?> SubscribeAsync(IReadOnlyList<string> streams, Uri address, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

    public async Task<ApiForecast> ForecastAsync(ApiWork work, CancellationToken cancellationToken)
    {
        var reads = work.Reads ?? (await _api.QueryAsync(work.Stream, [], [FxiaokeObject.Id], limit: 1, cancellationToken, countAll: true)).Total ?? 0;
        var pages = work.Reads == 0 ? 0 : (reads / FxiaokeApi.MostRecords) + 1;
        var quota = await ApiClient.QuotaAsync(_profile, _context, cancellationToken);
        return new(pages + (CallsToWrite * (work.Creates + work.Updates + work.Deletes)), quota.Unit) { Limit = quota.Limit, Left = quota.Left, Reserve = quota.Reserve };
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _tokens.Dispose();
        _objects.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<FxiaokeObject> ReadableAsync(PullRequest request, CancellationToken cancellationToken)
    {
        var known = await _objects.FindAsync(request.Stream, cancellationToken);
        foreach (var field in request.Fields ?? [])
            known.RequireReadable(field);
        return known;
    }

    private async Task<StreamDescription> DescribeAsync(string name, string? label, CancellationToken cancellationToken)
    {
        try
        {
            var description = (await _objects.FindAsync(name, cancellationToken)).Describe();
            return description with { Label = description.Label ?? label };
        }
        catch (ConnectorException exception) when (IsOfOneObject(exception))
        {
            // One object that is closed or broken must not hide the others.
            return new StreamDescription(name, []) { Label = label, Problem = $"{exception.Message} {exception.Fix}" };
        }
    }

    private async Task<CheckLine> CheckAsync(string name, string? label, CancellationToken cancellationToken)
    {
        var subject = label is null ? name : $"{name} ({label})";
        try
        {
            await _api.QueryAsync(name, [], [FxiaokeObject.Id], limit: 1, cancellationToken);
            return new(subject, true, "Can be read.") { IsStream = true };
        }
        catch (ConnectorException exception)
        {
            return new(subject, false, $"{exception.Message} {exception.Fix}") { IsStream = true };
        }
    }

    private static bool IsOfOneObject(ConnectorException exception) =>
        exception.PausedUntil is null && (exception.Kind != FailureKind.Configuration || FxiaokeCodes.IsDenied(exception) || exception.Code is "unknown-stream" or "bad-description");

    private static Uri Address(string text, string connection) =>
        Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var address) && address.Scheme is "https" or "http"
            ? address
            : throw new ConnectorException(FailureKind.Configuration, $"{connection}: `baseUrl` is not an address.", "Write a whole address such as https://open.fxiaoke.com.");
}
