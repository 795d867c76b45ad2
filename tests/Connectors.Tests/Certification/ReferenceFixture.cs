using System.ComponentModel;
using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Certification;

/// <summary>A mistake that the reference connector can be given.</summary>
public enum Defect
{
    None,
    OffsetPaging,
    TakesCutOffData,
    LocalTime,
    CallsAgainAtOnce,
    NeverPauses,
    NeverTriesAgain,
    TriesForEver,
    UsesUnsavedToken,
    RenewsAlone,
    NeverRenews,
    CannotBeStopped,
    KeepsPages,
    NoBudget,
    TracesToken,
    RemembersTokenOpenly,
    CallsElsewhere,
    HalvesNothing,
    SendsBatchAgain,
    WritesOverChanges,
    MakesSecondRecord,
    TakesAnyWebhook,
    TrimsWebhooks,
    SkipsOwnMinute,
}

/// <summary>The reference connector and its system.</summary>
internal sealed class ReferenceFixture(Defect defect = Defect.None) : ICertificationFixture
{
    public static RehearsedStream Stream { get; } = new("people", "id", "key",
    [
        new("name", n => $"Person {n}") { Required = true, MaxLength = 80 },
        new("note", n => $"Note {n}") { MaxLength = 255 },
        new("phone", n => $"+49 30 {n:D6}"),
        new("score", n => Value.Number(n + 0.5m)),
        new("born", n => Value.Date(new DateOnly(1970, 1, 1).AddDays(n % 9000))),
        new("seen", n => Value.Instant(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(n))),
        new("active", n => Value.Boolean(n % 2 == 0)),
        new("tags", n => Value.List("vip", $"group {n % 7}")),
    ])
    {
        CursorField = "modified",
        OtherStream = "things",
        PagingLimit = 120,
        BatchIsAtomic = true,
        SignsWebhooks = true,
        WebhookSecrets = ["webhookSecret"],
        VersionPrecision = TimeSpan.FromMilliseconds(1),
    };

    public IConnector Connector => field ??= new ReferenceConnector(() => System ?? throw new InvalidOperationException("the rehearsal has not begun"), defect);

    public ReferenceSystem? System { get; private set; }

    public Task<IRehearsal> BeginAsync(RehearsalPlace place, CancellationToken cancellationToken) => Task.FromResult<IRehearsal>(System = new ReferenceSystem());
}

/// <summary>The settings of a connection to the reference system.</summary>
public sealed record ReferenceSettings
{
    [Description("Where the system is to be found.")]
    public required string Address { get; init; }

    [Description("The secret of the program, from its page."), Secret]
    public required string Secret { get; init; }

    [Description("The refresh token, from the sign-in."), Secret]
    public required string RefreshToken { get; init; }

    [Description("The secret with which webhooks are signed."), Secret]
    public string WebhookSecret { get; init; } = "";
}

/// <summary>A small connector that does everything the kit asks for, unless it is told not to.</summary>
internal sealed class ReferenceConnector(Func<ReferenceSystem> system, Defect defect) : IConnector
{
    public ConnectorDeclaration Declaration { get; } = new()
    {
        Name = "reference",
        Summary = "The reference system of the contract kit, which has no network.",
        SettingsType = typeof(ReferenceSettings),
        Capabilities = ConnectorCapabilities.Pull | ConnectorCapabilities.IncrementalPull | ConnectorCapabilities.Push | ConnectorCapabilities.Discover | ConnectorCapabilities.Webhook | ConnectorCapabilities.OptimisticConcurrency,
        Deletes = DeleteStrategy.Reported,
        IdempotentCreate = true,
        Streams = [new("people") { KeyField = "id", CursorField = "modified", Writable = true }],
        Limits = new() { RequestsPerWindow = ReferenceSystem.WindowCalls, Window = ReferenceSystem.Window, ReadPage = ReferenceSystem.PageLimit, WriteBatch = ReferenceSystem.BatchLimit },
    };

    public IConnection Open(object settings, ConnectionContext context) => new ReferenceConnection((ReferenceSettings)settings, context, system(), defect);
}
