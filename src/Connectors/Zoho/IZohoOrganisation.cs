using System.Text.Json;
using Crm.Integration.Connectors.Http;
using RestEase;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>What an organisation says of itself, and its channels for notifications.</summary>
internal interface IZohoOrganisation
{
    [Get("crm/v8/org")]
    Task<ZohoOrganisations> AboutAsync(CancellationToken cancellationToken);

    [Get("crm/v8/settings/modules")]
    Task<ZohoModuleList> ModulesAsync(CancellationToken cancellationToken);

    [Get("crm/v8/settings/fields")]
    Task<ZohoFieldList> FieldsAsync([Query] string module, CancellationToken cancellationToken);

    // The number of a channel is ours: asked for twice, it is one channel.
    [Post("crm/v8/actions/watch"), Repeatable]
    Task<ZohoWatchAnswers> OpenAsync([Body] ZohoWatches watches, CancellationToken cancellationToken);

    [Put("crm/v8/actions/watch")]
    Task<ZohoWatchAnswers> RenewAsync([Body] ZohoWatches watches, CancellationToken cancellationToken);
}

/// <summary>The answer of <c>org</c>: one organisation.</summary>
internal sealed record ZohoOrganisations
{
    public IReadOnlyList<About?> Org { get; init; } = [];

    /// <param name="Zgid">Its number.</param>
    internal sealed record About(string? Zgid);
}

/// <summary>The answer of <c>settings/modules</c>.</summary>
internal sealed record ZohoModuleList
{
    public IReadOnlyList<Entry?> Modules { get; init; } = [];

    internal sealed record Entry(string? ApiName, string? PluralLabel, string? ModuleName, bool? ApiSupported, bool? Viewable);
}

/// <summary>The answer of <c>settings/fields</c>, for <see cref="ZohoField.Of"/>.</summary>
internal sealed record ZohoFieldList
{
    public IReadOnlyList<JsonElement> Fields { get; init; } = [];
}

/// <summary>Channels to open or renew.</summary>
/// <param name="Watch">The channels.</param>
internal sealed record ZohoWatches(params IReadOnlyList<ZohoWatch> Watch);

/// <summary>A channel.</summary>
internal sealed record ZohoWatch
{
    public required string ChannelId { get; init; }

    public required IReadOnlyList<string> Events { get; init; }

    public required string Token { get; init; }

    public required string NotifyUrl { get; init; }

    public required string ChannelExpiry { get; init; }

    public bool ReturnAffectedFieldValues { get; init; }

    public bool NotifyOnRelatedAction { get; init; }
}

/// <summary>What became of each channel.</summary>
internal sealed record ZohoWatchAnswers
{
    public IReadOnlyList<Answer?> Watch { get; init; } = [];

    internal sealed record Answer(string? Status, string? Code, Granted? Details);

    internal sealed record Granted(IReadOnlyList<GrantedEvent?>? Events);

    internal sealed record GrantedEvent(string? ChannelExpiry);
}
