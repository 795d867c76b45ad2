using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>
/// Looks over the records of an object from first to last. Insightly pages by counting records, so one that is removed meanwhile shifts
/// the others, and the next page would pass one over. Therefore each page is asked for with the end of the one before it: when it does
/// not begin with a record that was seen, it is asked for again from further back.
/// </summary>
/// <param name="api">The requests.</param>
/// <param name="stream">The object.</param>
/// <param name="since">The oldest change that is asked for; null for every record.</param>
/// <param name="top">Records in a page.</param>
/// <param name="brief">Whether the members of records that are lists can be left out.</param>
internal sealed class InsightlyScan(InsightlyApi api, InsightlyStream stream, DateTimeOffset? since, int top, bool brief)
{
    private const int Overlap = 25;

    private List<string> _last = [];
    private int _skip;

    /// <summary>Insightly's time at the first page; null when it does not tell.</summary>
    public DateTimeOffset? At { get; private set; }

    /// <summary>How many records there are in all, where Insightly says so.</summary>
    public long? Total { get; private set; }

    /// <summary>Whether the look reached as far as Insightly counted at the last page.</summary>
    public bool SawAll => Total is null || _skip >= Total;

    /// <summary>Where to go on from here: how many records to pass over, and the last ones seen.</summary>
    public string Position => string.Create(CultureInfo.InvariantCulture, $"{_skip}:{string.Join(',', _last.TakeLast(Overlap))}");

    /// <summary>Goes on from a position; false when it is not one.</summary>
    public bool GoOn(string position)
    {
        var parts = position.Split(':');
        if (parts.Length != 2 || parts[1].Length == 0 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _skip))
            return false;
        _last = [.. parts[1].Split(',')];
        return true;
    }

    /// <summary>The records, page by page; a record may come twice.</summary>
    public async IAsyncEnumerable<IReadOnlyList<JsonElement>> PagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var back = Overlap; ;)
        {
            var skip = Math.Max(0, _skip - back);
            var most = Math.Min(InsightlyApi.MostRecords, top + Math.Max(0, _skip - skip));
            var page = await api.ListAsync(stream.Name, since, skip, most, brief, cancellationToken);
            At ??= page.At;
            Total = page.Total;
            var ids = page.Records.Select(Id).ToList();
            var last = _last.ToHashSet(StringComparer.Ordinal);
            if (skip > 0 && (ids.Count == 0 || !last.Contains(ids[0])))
            {
                // More was removed than the overlap covers; doubled, this ends at the first record at the latest.
                back *= 2;
                continue;
            }

            var fresh = new List<JsonElement>();
            var taken = 0;
            for (; taken < ids.Count && (fresh.Count < top || last.Contains(ids[taken])); taken++)
            {
                if (!last.Contains(ids[taken]))
                    fresh.Add(page.Records[taken]);
            }

            // A list that knows no pages gives the same again.
            var repeats = fresh.Count == 0 && ids.SequenceEqual(_last);
            back = Overlap;
            _skip = skip + taken;
            _last = ids[..taken];
            if (fresh.Count > 0)
                yield return fresh;
            if (taken == ids.Count && (ids.Count < most ? fresh.Count == 0 || SawAll : repeats))
                yield break;
        }
    }

    private string Id(JsonElement record) => record.ValueKind == JsonValueKind.Object && record.TryGetProperty(stream.IdField, out var id) && id.ValueKind is JsonValueKind.Number or JsonValueKind.String
        ? id.ToString()
        : throw new ConnectorException(FailureKind.Transient, $"Insightly gave a record of {stream.Name} without {stream.IdField}.", "Run again; if it stays, ask Insightly's support.");
}
