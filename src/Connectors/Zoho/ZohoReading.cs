using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>Records that came together, in the order of their changes.</summary>
/// <param name="Rows">The records; before them converted leads, as gone.</param>
/// <param name="Newest">Everything up to this time has been read; null when the module tells no times.</param>
/// <param name="ServerTime">The server's clock.</param>
/// <param name="More">Whether there are more.</param>
internal sealed record ZohoBatch(IReadOnlyList<SourceRow> Rows, DateTimeOffset? Newest, DateTimeOffset? ServerTime, bool More);

/// <summary>
/// Reads what changed since a time, oldest change first. Neither way counts from the front: records that come, go or change meanwhile
/// would move others over the border of a page.
/// </summary>
internal sealed class ZohoReading(ZohoApi api, ZohoRows rows)
{
    private const string Leads = "Leads";
    private const int IdsAtOnce = 100;
    private static readonly string[] s_ofLeads = ["$converted", "$converted_detail"];

    private readonly string _path = $"/crm/v8/{Uri.EscapeDataString(rows.Module.Name)}";

    /// <summary>Only lists show leads that were converted.</summary>
    private readonly bool _areLeads = rows.Module.Name == Leads;

    /// <summary>Whether bulk jobs and queries give the same as lists.</summary>
    public bool ListsOnly => _areLeads;

    /// <summary>What changed since a time; everything when it is null.</summary>
    public IAsyncEnumerable<ZohoBatch> SinceAsync(DateTimeOffset? since, CancellationToken cancellationToken) => rows switch
    {
        { ArePlain: true } when !_areLeads && rows.Ordinal(ZohoField.Modified) >= 0 => QueriedAsync(since, cancellationToken),
        _ when rows.Ordinal(ZohoField.Modified) >= 0 => ListedAsync(since, cancellationToken),
        _ => ByIdAsync(cancellationToken),
    };

    /// <summary>Records by their ids; those that are gone are left out.</summary>
    public async Task<IReadOnlyList<SourceRow>> OfAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Value[]>(StringComparer.Ordinal);
        var gone = new List<SourceRow>();
        foreach (var some in ids.Chunk(IdsAtOnce))
        {
            using var reply = await PartAsync(0, some, cancellationToken);
            foreach (var record in reply.Data)
                Take(record, found, gone);
        }

        await CompleteAsync(found, cancellationToken);
        return [.. gone, .. found.Values.Select(rows.Row)];
    }

    // Columns come by fifty, each time with the same condition and order; what changed between two of them comes again later.
    private async IAsyncEnumerable<ZohoBatch> QueriedAsync(DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parts = rows.Parts(ZohoApi.FieldsAtOnce);
        (DateTimeOffset Time, string Id)? after = null;
        var most = since is null ? ZohoApi.QueryRows : ZohoApi.PageRows;
        while (true)
        {
            var taken = new List<Value[]>();
            DateTimeOffset? time;
            bool more;
            using (var reply = await QueryAsync(parts[0], since, after, most, cancellationToken))
            {
                taken.AddRange(reply.Data.Select(Filled));
                (more, time) = (reply.More && taken.Count > 0, reply.ServerTime);
            }

            var last = taken.Count == 0 ? after : (rows.ModifiedOf(taken[^1]) ?? throw Timeless(), ZohoRows.IdOf(taken[^1]));
            foreach (var part in parts.Skip(1))
            {
                using var reply = await QueryAsync(part, since, after, most, cancellationToken);
                var others = reply.Data.ToDictionary(record => record.TextOf(ZohoField.Id) ?? "", StringComparer.Ordinal);
                more |= taken.RemoveAll(values => !others.TryGetValue(ZohoRows.IdOf(values), out var other) || !Completed(values, other)) > 0;
            }

            yield return new([.. taken.Select(rows.Row)], last?.Time, time, more);
            if (!more)
                yield break;
            (after, most) = (last, ZohoApi.QueryRows);
        }
    }

    // From one page to the next the lower bound moves on; only within one second, when a whole page has the same time, tokens lead on.
    private async IAsyncEnumerable<ZohoBatch> ListedAsync(DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parts = rows.Parts(ZohoApi.FieldsAtOnce, _areLeads ? s_ofLeads : []);
        var (bound, token) = (since, (string?)null);
        var atBound = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var place = token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}";
            var found = new Dictionary<string, Value[]>(StringComparer.Ordinal);
            var gone = new List<SourceRow>();
            DateTimeOffset? last = bound, time;
            var lastIds = new List<string>();
            bool more;
            using (var reply = await api.SendAsync(
                ZohoCall.Get($"{_path}?fields={Fields(parts[0])}&sort_by=Modified_Time&sort_order=asc&per_page={ZohoApi.PageRows}{Converted}{place}") with { ModifiedSince = bound }, cancellationToken))
            {
                foreach (var record in reply.Data)
                {
                    var modified = ZohoTime.Read(record.TextOf(ZohoField.Modified)) ?? throw Timeless();
                    if (modified != last)
                        lastIds.Clear();
                    last = modified;
                    var id = record.TextOf(ZohoField.Id) ?? "";
                    lastIds.Add(id);
                    if (modified == bound && atBound.Contains(id))
                        continue;
                    Take(record, found, gone);
                }

                (more, time, token) = (reply.More, reply.ServerTime, reply.NextPage);
            }

            var reachedMore = more;
            if (await CompleteAsync(found, cancellationToken) is { Count: > 0 } dropped)
            {
                more = true;
                lastIds.RemoveAll(dropped.Contains);
            }

            yield return new([.. gone, .. found.Values.Select(rows.Row)], last, time, more);
            if (!more)
                yield break;
            if (last != bound)
                (bound, token, atBound) = (last, null, [.. lastIds]);
            else if (!reachedMore)
                atBound.UnionWith(lastIds);
            else if (token is not null)
                atBound.UnionWith(lastIds);
            else
                throw new ConnectorException(FailureKind.Transient, $"{rows.Module.Name}: more than {ZohoApi.PageRows} records have the same Modified_Time, and Zoho gives no token to read on.", "Run again; if it stays, pull the module without `cursor`.");
        }
    }

    // A module without times is read whole each time, by id.
    private async IAsyncEnumerable<ZohoBatch> ByIdAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parts = rows.Parts(ZohoApi.FieldsAtOnce);
        string? token = null;
        do
        {
            var place = token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}";
            var found = new Dictionary<string, Value[]>(StringComparer.Ordinal);
            var gone = new List<SourceRow>();
            bool more;
            DateTimeOffset? time;
            using (var reply = await api.SendAsync(ZohoCall.Get($"{_path}?fields={Fields(parts[0])}&sort_by=id&sort_order=asc&per_page={ZohoApi.PageRows}{place}"), cancellationToken))
            {
                foreach (var record in reply.Data)
                    Take(record, found, gone);
                (more, time, token) = (reply.More, reply.ServerTime, reply.NextPage);
            }

            if (more && token is null)
                throw new ConnectorException(FailureKind.Transient, $"{rows.Module.Name}: Zoho says that there are more records, and gives no token to read on.", "Run again.");
            await CompleteAsync(found, cancellationToken);
            yield return new([.. found.Values.Select(rows.Row)], null, time, more);
            if (!more)
                yield break;
        }
        while (true);
    }

    private IEnumerable<int> Parts() => Enumerable.Range(0, rows.Parts(ZohoApi.FieldsAtOnce, _areLeads ? s_ofLeads : []).Count);

    /// <summary>Adds the other parts of the fields, all asked for together.</summary>
    /// <returns>The records that have changed or gone since their first part was read, and are left out: they come again.</returns>
    private async Task<HashSet<string>> CompleteAsync(Dictionary<string, Value[]> found, CancellationToken cancellationToken)
    {
        var dropped = new HashSet<string>(StringComparer.Ordinal);
        var chunks = found.Keys.Chunk(IdsAtOnce).ToList();
        var asked = Parts().Skip(1).SelectMany(part => chunks.Select(ids => (Ids: ids, Reply: PartAsync(part, ids, cancellationToken)))).ToList();
        await Task.WhenAll(asked.Select(one => one.Reply));
        foreach (var (ids, answer) in asked)
        {
            using var reply = await answer;
            var others = reply.Data.ToDictionary(record => record.TextOf(ZohoField.Id) ?? "", StringComparer.Ordinal);
            dropped.UnionWith(ids.Where(id => !others.TryGetValue(id, out var other) || !Completed(found[id], other)));
        }

        foreach (var id in dropped)
            found.Remove(id);
        return dropped;
    }

    private Task<ZohoReply> PartAsync(int part, string[] ids, CancellationToken cancellationToken) => api.SendAsync(
        ZohoCall.Get($"{_path}?fields={Fields(rows.Parts(ZohoApi.FieldsAtOnce, _areLeads ? s_ofLeads : [])[part])}&ids={string.Join(',', ids)}{Converted}"), cancellationToken);

    private void Take(JsonElement record, Dictionary<string, Value[]> found, List<SourceRow> gone)
    {
        var id = record.TextOf(ZohoField.Id) ?? throw new ConnectorException(FailureKind.Transient, $"{rows.Module.Name}: Zoho gave a record without an id.", "Run again.");
        if (_areLeads && (record.IsTrue("$converted") || record.IsTrue("Converted__s")))
            gone.Add(rows.Gone(id, StandIn(record)));
        else
            found[id] = Filled(record);
    }

    private Value[] Filled(JsonElement record)
    {
        var values = rows.Empty();
        rows.Fill(values, record);
        return values;
    }

    private bool Completed(Value[] values, JsonElement other)
    {
        if (rows.ModifiedOf(values) is { } time && ZohoTime.Read(other.TextOf(ZohoField.Modified)) != time)
            return false;
        rows.Fill(values, other);
        return true;
    }

    private Task<ZohoReply> QueryAsync(IReadOnlyList<string> fields, DateTimeOffset? since, (DateTimeOffset Time, string Id)? after, int most, CancellationToken cancellationToken) =>
        api.QueryAsync(Coql.Changed(rows.Module.Name, fields, since, after, most), most, cancellationToken);

    private string Converted => _areLeads ? "&converted=both" : "";

    private static string Fields(IReadOnlyList<string> fields) => string.Join(',', fields.Select(Uri.EscapeDataString));

    /// <summary>The contact that a converted lead has become.</summary>
    private static string? StandIn(JsonElement lead) =>
        lead.TryGetProperty("$converted_detail", out var detail) && detail.ValueKind == JsonValueKind.Object
            ? detail.TextOf("contact") ?? (detail.TryGetProperty("contact", out var contact) ? contact.TextOf("id") : null)
            : null;

    private ConnectorException Timeless() => new(FailureKind.Transient, $"{rows.Module.Name}: Zoho gave a record without its Modified_Time, so that nobody could tell how far it was read.", "Run again; if it stays, see whether the user's profile may read Modified_Time.");
}
