using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>What was deleted, whether it lies in the recycle bin or not.</summary>
internal sealed class ZohoDeletions(ZohoApi api, ZohoRows rows)
{
    // Without a token a page is counted from the front, and only so many records.
    private const int CountedPages = 10;

    /// <summary>The records that were deleted since a time.</summary>
    public async IAsyncEnumerable<IReadOnlyList<SourceRow>> SinceAsync(DateTimeOffset since, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = "page=1";
        for (var page = 1; ; page++)
        {
            bool more;
            List<SourceRow> gone;
            using (var reply = await api.SendAsync(
                ZohoCall.Get($"/crm/v8/{Uri.EscapeDataString(rows.Module.Name)}/deleted?type=all&per_page={ZohoApi.PageRows}&{place}") with { ModifiedSince = since, Cost = ZohoCredits.DeletedPage }, cancellationToken))
            {
                gone =
                [
                    .. reply.Data
                        .Where(record => ZohoTime.Read(record.TextOf("deleted_time")) is not { } time || time >= since)
                        .Select(record => record.TextOf(ZohoField.Id)).OfType<string>().Select(id => rows.Gone(id)),
                ];
                more = reply.More;
                place = reply.NextPage is { } token ? $"page_token={Uri.EscapeDataString(token)}" : $"page={page + 1}";
                if (more && reply.NextPage is null && page >= CountedPages)
                    throw new ConnectorException(FailureKind.Transient, $"{rows.Module.Name}: more than {CountedPages * ZohoApi.PageRows:N0} records were deleted since the last pull, and Zoho gives no token to read on.", "Reset the pipeline's cursor (`hub state reset`): a whole pull finds out what is gone.");
            }

            yield return gone;
            if (!more)
                yield break;
        }
    }
}
