using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>An organisation of Salesforce, as one user sees it.</summary>
internal sealed class SalesforceConnection : IWebhookConnection, IBudgetedConnection
{
    // Objects that people keep customers in; any other is described when it is asked for by name.
    private static readonly HashSet<string> s_usual = new(StringComparer.Ordinal)
    {
        "Account", "Contact", "Lead", "Opportunity", "OpportunityLineItem", "Task", "Event", "Case", "Campaign", "CampaignMember", "Order", "OrderItem", "Product2", "Pricebook2", "PricebookEntry", "Contract", "Asset", "User",
    };

    private readonly SalesforceSettings _settings;
    private readonly ConnectionContext _context;
    private readonly OAuth _oauth;
    private readonly HttpClient _client;
    private readonly SalesforceApi _api;
    private readonly ObjectCatalog _catalog;

    public SalesforceConnection(SalesforceSettings settings, ConnectorDeclaration declaration, ConnectionContext context)
    {
        (_settings, _context) = (settings, context);
        var signIn = SignIn.Of(settings);
        IReadOnlyList<string> hosts = [.. declaration.Hosts, ApiClient.HostOf(signIn.Endpoint)];
        var profile = new ApiProfile
        {
            Hosts = hosts,
            Answers = new SalesforceAnswers(context.Clock),
            Limits = declaration.Limits with { PerDay = settings.DailyCalls },
            Account = $"salesforce {signIn.Account}",
            Reserve = settings.ReservePercent / 100.0,
        };
        _oauth = new OAuth(signIn, profile with { Answers = new TokenAnswers() }, context);
        _client = ApiClient.Create(profile with { Authorization = _oauth }, context);
        _api = new SalesforceApi(_client, settings.ApiVersion);
        _catalog = new ObjectCatalog(_api);
    }

    public Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken) =>
        new SalesforceCheck(_api, _catalog, _oauth, _settings).RunAsync(cancellationToken);

    public async IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names = stream is not null ? [stream] : [.. (await _catalog.ListAsync(cancellationToken)).Where(each => each.Custom || s_usual.Contains(each.Name)).Select(each => each.Name).Order(StringComparer.Ordinal)];
        foreach (var name in names)
            yield return await DescribeAsync(name, stream is not null, cancellationToken);
    }

    public IAsyncEnumerable<Page> PullAsync(PullRequest request, CancellationToken cancellationToken) =>
        new SalesforcePull(_api, _catalog, _settings, _context, request).RunAsync(cancellationToken);

    public IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, CancellationToken cancellationToken) =>
        new SalesforcePush(_api, _catalog, _oauth, _settings, _context, request).RunAsync(writes, cancellationToken);

    public Task<ApiForecast> ForecastAsync(ApiWork work, CancellationToken cancellationToken) => new SalesforceForecast(_api, _settings).OfAsync(work, cancellationToken);

    public WebhookVerdict Verify(WebhookRequest request)
    {
        if (request.Method != "POST")
            return new(false, "not-a-post");
        if (OutboundMessage.Parse(request.Body) is not { } message)
            return new(false, "not-an-outbound-message");
        if (_settings.OrganizationId is not { } expected || !OutboundMessage.SameId(expected, message.OrganizationId))
            return new(false, "unknown-organisation");
        if (message.Notifications.Any(each => each.Type != request.Stream))
            return new(false, "other-object");
        return new(true) { DeliveryId = message.DeliveryId, Answer = OutboundMessage.Acknowledgement, AnswerType = "text/xml; charset=utf-8" };
    }

    public async IAsyncEnumerable<Page> ReadAsync(WebhookRequest request, PullRequest pull, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (OutboundMessage.Parse(request.Body) is not { } message)
            yield break;
        var target = await _catalog.GetAsync(pull.Stream, cancellationToken);
        var select = await SelectList.OfAsync(target, pull.Fields, target.CursorField?.Name ?? "", pull.KeyField ?? "Id", name => _catalog.GetAsync(name, cancellationToken));
        var missing = new HashSet<string>(message.Notifications.Select(each => each.RecordId), StringComparer.Ordinal);
        IReadOnlyList<string> ids = [.. missing];
        var rows = new List<SourceRow>();
        await foreach (var reading in new RestQuery(_api, select).ByIdAsync(ids, cancellationToken))
        {
            missing.RemoveWhere(id => OutboundMessage.SameId(id, reading.Id));
            rows.Add(reading.Row);
        }

        // Gone between the message and now.
        if (missing.Count > 0)
        {
            await foreach (var row in new DeletedRecords(_api, select).AmongAsync([.. missing], cancellationToken))
                rows.Add(row);
        }

        foreach (var chunk in rows.Chunk(Math.Max(1, pull.PageSize)))
            yield return new Page(chunk);
    }

    // A person sets outbound messages up: the guide says how.
    public Task<DateTimeOffset?> SubscribeAsync(IReadOnlyList<string> streams, Uri address, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _oauth.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<StreamDescription> DescribeAsync(string name, bool alone, CancellationToken cancellationToken)
    {
        try
        {
            var target = await _catalog.GetAsync(name, cancellationToken);
            return StreamDescriptions.Of(target, await _catalog.HiddenAsync(target, cancellationToken));
        }
        catch (ConnectorException exception) when (!alone && exception.PausedUntil is null)
        {
            // One damaged object must not hide the others.
            return StreamDescriptions.Broken(name, exception);
        }
    }
}
