using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>One organisation in Zoho CRM.</summary>
internal sealed class ZohoConnection : IWebhookConnection, IBudgetedConnection
{
    private readonly ZohoSettings _settings;
    private readonly ConnectionContext _context;
    private readonly Lazy<Session> _session;

    public ZohoConnection(ZohoSettings settings, ConnectionContext context)
    {
        (_settings, _context) = (settings, context);
        _session = new(() => new Session(settings, context));
    }

    public async Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken) =>
        await new ZohoCheck(_settings, () => (_session.Value.Api, _session.Value.Metadata)).RunAsync(cancellationToken);

    public async IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var metadata = _session.Value.Metadata;
        var modules = await metadata.ModulesAsync(cancellationToken);
        if (stream is not null && modules.All(module => module.Name != stream))
        {
            // Asked for by its name, so that the answer says what is near.
            var module = await metadata.ModuleAsync(stream, cancellationToken);
            yield return Described(module, null);
            yield break;
        }

        foreach (var (name, label) in modules.Where(module => stream is null || module.Name == stream))
        {
            StreamDescription description;
            try
            {
                description = Described(await metadata.ModuleAsync(name, cancellationToken), label);
            }
            catch (ConnectorException exception) when (exception.PausedUntil is null && exception.Code is not ("INVALID_TOKEN" or "OAUTH_SCOPE_MISMATCH" or "AUTHENTICATION_FAILURE"))
            {
                description = new(name, []) { Label = label, Problem = $"{exception.Message} {exception.Fix}" };
            }

            yield return description;
        }
    }

    public async IAsyncEnumerable<Page> PullAsync(PullRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var session = _session.Value;
        var rows = ZohoRows.Of(await session.Metadata.ModuleAsync(request.Stream, cancellationToken), request);
        await foreach (var page in new ZohoPull(session.Api, rows, _settings, _context.Clock, request).RunAsync(cancellationToken))
            yield return page;
    }

    public async IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var session = _session.Value;
        var target = ZohoTarget.Of(await session.Metadata.ModuleAsync(request.Stream, cancellationToken), request);
        var writing = new ZohoWriting(session.Api, target, _settings, _context.Clock);
        using var bulk = new ZohoBulkWrite(session.Api, target, writing, UploadHost, _context);
        await foreach (var outcome in new ZohoPush(writing, bulk, _settings).RunAsync(writes, cancellationToken))
            yield return outcome;
    }

    public async Task<ApiForecast> ForecastAsync(ApiWork work, CancellationToken cancellationToken)
    {
        var quota = await ApiClient.QuotaAsync(_session.Value.Profile, _context, cancellationToken);
        return new(ZohoCredits.Of(work, _settings), ZohoCredits.Unit) { Limit = quota.Limit, Left = quota.Left, Reserve = quota.Reserve };
    }

    public WebhookVerdict Verify(WebhookRequest request) => new ZohoChannels(_settings, _context).Verify(request);

    public async IAsyncEnumerable<Page> ReadAsync(WebhookRequest request, PullRequest pull, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var session = _session.Value;
        var rows = ZohoRows.Of(await session.Metadata.ModuleAsync(request.Stream, cancellationToken), pull);
        await foreach (var page in ZohoChannels.ReadAsync(session.Api, rows, request, cancellationToken))
            yield return page;
    }

    public Task<DateTimeOffset?> SubscribeAsync(IReadOnlyList<string> streams, Uri address, CancellationToken cancellationToken) =>
        new ZohoChannels(_settings, _context).SubscribeAsync(_session.Value.Api, streams, address, cancellationToken);

    public ValueTask DisposeAsync()
    {
        if (_session.IsValueCreated)
            _session.Value.Dispose();
        return ValueTask.CompletedTask;
    }

    private string UploadHost => string.IsNullOrWhiteSpace(_settings.AccountsUrl) ? $"https://{ZohoDataCenter.Named(_settings.DataCenter).Upload}/" : "";

    private static StreamDescription Described(ZohoModule module, string? label)
    {
        var hidden = module.Fields.Where(field => !field.Readable).Select(field => field.Name).ToList();
        return new(module.Name, [.. module.Fields.Select(field => field.Described)])
        {
            Label = label,
            KeyCandidates = [ZohoField.Id, .. module.Fields.Where(field => field.Unique && field.Name != ZohoField.Id).Select(field => field.Name)],
            CursorField = module.Find(ZohoField.Modified) is { Readable: true } ? ZohoField.Modified : null,
            TimeZone = "UTC",
            Notes = hidden.Count == 0 ? [] : [$"The user of the connection may not read: {string.Join(", ", hidden)}. Give the user's profile the right under Setup, Security Control, Profiles."],
        };
    }

    /// <summary>What is made once the connection is first used: with wrong settings it cannot be made, and that is for the check to say.</summary>
    private sealed class Session : IDisposable
    {
        private readonly OAuth _oauth;
        private readonly HttpClient _client;

        public Session(ZohoSettings settings, ConnectionContext context)
        {
            var accounts = ZohoGrant.Address(settings);
            var grant = new ZohoGrant(settings);
            IReadOnlyList<string> hosts = string.IsNullOrWhiteSpace(settings.AccountsUrl) ? ZohoDataCenter.Hosts : [.. ZohoDataCenter.Hosts, ApiClient.HostOf(accounts)];
            _oauth = new OAuth(grant, new ApiProfile { BaseAddress = accounts, Hosts = hosts, Answers = new ZohoTokenAnswers(grant) }, context);
            Profile = new ApiProfile
            {
                Hosts = hosts,
                Answers = new ZohoAnswers(settings, context.Clock),
                Authorization = _oauth,
                Limits = ZohoConnector.Allowed with { Concurrency = ZohoCredits.AtOnce(settings.Edition), PerDay = ZohoCredits.ADay(settings) },
                Reserve = settings.ReservePercent / 100.0,
            };
            _client = ApiClient.Create(Profile, context);
            Api = new ZohoApi(_client, _oauth);
            Metadata = new ZohoMetadata(Api, context.Clock);
        }

        public ApiProfile Profile { get; }

        public ZohoApi Api { get; }

        public ZohoMetadata Metadata { get; }

        public void Dispose()
        {
            _client.Dispose();
            _oauth.Dispose();
        }
    }
}
