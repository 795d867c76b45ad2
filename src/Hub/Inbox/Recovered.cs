using System.Globalization;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Inbox;

/// <summary>
/// Counts what a pull brings that a webhook should have brought before: how reliable a system's webhooks are. Systems drop events, and nobody else
/// would ever notice.
/// </summary>
/// <param name="before">What was changed later may still be on its way.</param>
internal sealed class Recovered(DateTimeOffset before)
{
    /// <summary>How many records.</summary>
    public long Count { get; private set; }

    /// <summary>The counter for a pull; null where no webhook could have brought anything.</summary>
    public static Recovered? Of(StoreTransaction transaction, InboundPipeline pipeline, InboundState state, RunContext run)
    {
        if (!pipeline.Connection.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Webhook) || state.Live == 0)
            return null;

        // Once a webhook has come others may be missed. Another mapping makes every record look changed.
        var comes = transaction.Scalar<long?>(
            "select 1 where exists (select 1 from inbound i where i.id = @Id and i.fingerprint = @fingerprint) and exists (select 1 from inbox_latest l where l.inbound_id = @Id)",
            new { state.Id, fingerprint = unchecked((long)pipeline.Fingerprint) });
        return comes is null ? null : new Recovered(run.Clock.GetUtcNow() - run.WebhookGrace);
    }

    /// <summary>Counts a page that was landed.</summary>
    public void Take(PageWork page)
    {
        for (var i = 0; i < page.Rows.Length; i++)
        {
            ref readonly var row = ref page.Rows[i];
            if (row.Fate is not (RowFate.Created or RowFate.Changed) || row.Arrival is { IsWholeEcho: true })
                continue;
            var changed = row.ModifiedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at)
                : DateTimeOffset.TryParse(page.Source[i].Version, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var version) ? version
                : (DateTimeOffset?)null;
            if (!(changed > before))
                Count++;
        }
    }
}
