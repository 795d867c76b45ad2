using Crm.Integration.Hub.Cli;

namespace Crm.Integration.Hub.Customers;

/// <summary>A golden record as it was at an instant.</summary>
/// <param name="Id">Its id, as people write it.</param>
/// <param name="AsOf">The instant.</param>
/// <param name="Then">The master then.</param>
/// <param name="Version">Its version then.</param>
/// <param name="Aliases">The ids that had been merged into it.</param>
internal sealed record CustomerThen(string Id, DateTimeOffset AsOf, MasterAsOf Then, VersionRow Version, IReadOnlyList<string> Aliases)
{
    /// <summary>Looks back.</summary>
    /// <param name="view">The store.</param>
    /// <param name="text">The id that a person wrote.</param>
    /// <param name="instant">When.</param>
    /// <exception cref="RefusedException">There is no such master, or there was none then.</exception>
    public static CustomerThen Of(HubView view, string text, DateTimeOffset instant)
    {
        var then = MasterAsOf.Of(view.Store, HubView.Number(text), instant.ToUnixTimeMilliseconds()) ?? throw RefusedException.Unknown($"there is no master {text}", "`hub search NAME` finds them");
        var id = view.Id(then.Master.Entity, then.Master.Id);
        if (then.Version is { } version)
            return new CustomerThen(id, instant, then, version, [.. then.Aliases.Select(alias => view.Id(then.Master.Entity, alias))]);
        var first = MasterHistory.Versions(view.Store, then.Master.Id)[0];
        var clock = view.Store.Clock;
        throw RefusedException.Unknown($"{id} was not known yet at {Words.Time(instant, clock)}", $"it is known since {Words.Time(first.ChangedAt, clock)}");
    }

    /// <summary>As programs read it.</summary>
    public CustomerThenDocument ToDocument() => new(
        Id,
        AsOf,
        Version.Version,
        Instant.Of(Version.ChangedAt),
        Aliases,
        FieldTexts.Of(Version.Data),
        Then.Records,
        [.. Then.Corrections.Select(correction => new CorrectionThen(correction.Id, correction.Field, correction.Kind, correction.Who, correction.Why))]);
}

/// <summary>A golden record as it was.</summary>
internal sealed record CustomerThenDocument(
    string Id, DateTimeOffset AsOf, long Version, DateTimeOffset ChangedAt, IReadOnlyList<string> Aliases, IReadOnlyDictionary<string, string> Fields, IReadOnlyList<string> Records, IReadOnlyList<CorrectionThen> Corrections);

/// <summary>What a steward said of a value then.</summary>
internal sealed record CorrectionThen(long Id, string Field, string Kind, string Who, string? Why);
