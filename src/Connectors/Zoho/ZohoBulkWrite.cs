using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>
/// New records by bulk write jobs: a zip goes up, a job takes it in, a file tells what became of each row. A job that was begun is remembered by
/// the hash of what it writes, so that a hub that was killed meanwhile waits for it instead of sending everything again.
/// </summary>
internal sealed class ZohoBulkWrite(ZohoApi api, ZohoTarget target, ZohoWriting writing, string uploadHost, ConnectionContext context) : IDisposable
{
    private const int MostColumns = 200;
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(6);
    private static readonly TimeSpan s_kept = TimeSpan.FromHours(20);

    // The file of results repeats the first three columns: the key has to be among them.
    private readonly IReadOnlyList<int> _columns =
        [.. Enumerable.Range(0, target.Fields.Count).Where(i => target.Fields[i].Creatable).OrderBy(i => target.Fields[i].Name == target.Key.Name ? 0 : 1)];

    // One job at a time: the ledger knows one.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly JobLedger _ledger = new(context);

    private string Name => $"push {target.Module.Name}";

    /// <summary>Whether jobs can write these fields: those that are more than a cell cannot.</summary>
    public bool Fits => _columns.Count is > 0 and <= MostColumns && target.Fields[_columns[0]].Name == target.Key.Name
        && target.Fields.All(one => !one.IsTags && one.Type is not ("subform" or "profileimage" or "fileupload" or "imageupload"));

    /// <summary>Makes records; one that has the key already is changed.</summary>
    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<Write> writes, CancellationToken cancellationToken)
    {
        var (ready, outcomes) = (new List<Write>(), new List<WriteOutcome>());
        var csv = Csv(writes, ready, outcomes);
        if (ready.Count == 0)
            return outcomes;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var result = await RunAsync(csv, cancellationToken);
            // A job that fails as a whole has written nothing; by the hundred each record is told what is wrong with it.
            outcomes.AddRange(result is null ? await ByTheHundredAsync(ready, cancellationToken) : await ResultsAsync(result, ready, cancellationToken));
            await _ledger.ForgetAsync(Name, cancellationToken);
            return outcomes;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<List<WriteOutcome>> ByTheHundredAsync(List<Write> writes, CancellationToken cancellationToken)
    {
        var outcomes = new List<WriteOutcome>();
        foreach (var some in writes.Chunk(ZohoApi.WriteRows))
            outcomes.AddRange(await writing.CreateAsync(some, cancellationToken));
        return outcomes;
    }

    /// <summary>Takes up the job that writes just this, or makes it, and waits for its end.</summary>
    /// <returns>Where the results are; null when the job failed.</returns>
    private async Task<string?> RunAsync(string csv, CancellationToken cancellationToken)
    {
        var hash = ContentHash.Of(csv).ToString("x16", CultureInfo.InvariantCulture);
        var known = await _ledger.FindAsync(Name, hash, s_kept, cancellationToken);
        var job = await _ledger.ResumeOrMakeAsync(Name, hash, s_kept, token => MakeAsync(csv, hash, token), find: null, cancellationToken);
        try
        {
            return await WaitAsync(job.Id!, cancellationToken);
        }
        catch (ConnectorException exception) when (known?.Id is not null && exception.Code is "RESOURCE_NOT_FOUND" or "INVALID_DATA")
        {
            // Zoho has forgotten the job; whatever it wrote is found by its key.
            await _ledger.ForgetAsync(Name, cancellationToken);
            job = await _ledger.ResumeOrMakeAsync(Name, hash, s_kept, token => MakeAsync(csv, hash, token), find: null, cancellationToken);
            return await WaitAsync(job.Id!, cancellationToken);
        }
    }

    private string Csv(IReadOnlyList<Write> writes, List<Write> ready, List<WriteOutcome> outcomes)
    {
        var csv = new StringBuilder().AppendJoin(',', _columns.Select(i => target.Fields[i].Name)).Append('\n');
        foreach (var write in writes)
        {
            if (!target.TryMake(write, isNew: true, out var record, out var refused))
            {
                outcomes.Add(refused!);
                continue;
            }

            ready.Add(write);
            csv.AppendJoin(',', _columns.Select(i => Cell(record[target.Fields[i].Name]))).Append('\n');
        }

        return csv.ToString();
    }

    private static string Cell(JsonNode? value)
    {
        var text = value switch
        {
            null => "",
            JsonArray list => string.Join(';', list.Select(item => item?.ToString())),
            JsonObject reference => (reference[ZohoField.Id] ?? reference["name"])?.ToString() ?? "",
            _ => value.GetValueKind() switch
            {
                JsonValueKind.True => "true",
                JsonValueKind.False => "false",
                _ => value.ToString(),
            },
        };
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private async Task<string> MakeAsync(string csv, string hash, CancellationToken cancellationToken)
    {
        var organisation = (await api.Organisation.AboutAsync(cancellationToken)).Org is [{ Zgid: { } number }, ..] ? number : "";
        var file = await api.UploadAsync(uploadHost, organisation, ZohoZip.Pack(csv), $"hub-{hash}.zip", cancellationToken);
        var body = new JsonObject
        {
            ["operation"] = "upsert",
            ["ignore_empty"] = true,
            ["resource"] = new JsonArray(new JsonObject
            {
                ["type"] = "data",
                ["module"] = new JsonObject { ["api_name"] = target.Module.Name },
                ["file_id"] = file,
                ["find_by"] = target.Key.Name,
                ["field_mappings"] = new JsonArray([.. _columns.Select((i, at) => (JsonNode)new JsonObject { ["api_name"] = target.Fields[i].Name, ["index"] = at })]),
            }),
        };
        // Taken twice it changes nothing: the second finds every record by its key.
        using var reply = await api.SendAsync(ZohoCall.Post("/crm/bulk/v8/write", body) with { Cost = ZohoCredits.BulkWrite }, cancellationToken);
        return (reply.Root.TryGetProperty("details", out var details) ? details.TextOf("id") : null)
            ?? throw new ConnectorException(FailureKind.Transient, $"{target.Module.Name}: Zoho began no bulk write job ({reply.Root.TextOf("code")}).", "Run again; with `bulkWriteFrom`: 0 no bulk jobs are used.");
    }

    /// <summary>Where the results are; null when the job failed.</summary>
    private async Task<string?> WaitAsync(string job, CancellationToken cancellationToken)
    {
        var (began, pause) = (context.Clock.GetTimestamp(), TimeSpan.FromSeconds(1));
        while (true)
        {
            using (var reply = await api.SendAsync(ZohoCall.Get($"/crm/bulk/v8/write/{job}"), cancellationToken))
            {
                switch (reply.Root.TextOf("status"))
                {
                    case "COMPLETED":
                        return reply.Root.TryGetProperty("result", out var result) ? result.TextOf("download_url") : null;
                    case "FAILED" or "FAILURE":
                        return null;
                    default:
                        break;
                }
            }

            if (context.Clock.GetElapsedTime(began) > s_longest)
                throw new ConnectorException(FailureKind.Transient, $"{target.Module.Name}: Zoho's bulk write job {job} is not done after {s_longest.TotalHours:N0} hours.", "The next run looks for it again.");
            await Task.Delay(pause, context.Clock, cancellationToken);
            pause = pause * 1.5 is var longer && longer < TimeSpan.FromSeconds(30) ? longer : TimeSpan.FromSeconds(30);
        }
    }

    private async Task<IReadOnlyList<WriteOutcome>> ResultsAsync(string address, List<Write> writes, CancellationToken cancellationToken)
    {
        await using var file = await ZohoZip.FetchAsync(api, address, cancellationToken);
        using var csv = ZohoZip.OpenCsv(file, target.Module.Name);
        var results = new Dictionary<string, (string Status, string Id, string Errors)>(StringComparer.Ordinal);
        string[]? header = null;
        var (status, id, errors) = (-1, -1, -1);
        while (await ZohoZip.FillAsync(csv, target.Module.Name, cancellationToken))
        {
            while (csv.TryRead())
            {
                if (header is null)
                {
                    header = csv.Texts();
                    (status, id, errors) = (Array.IndexOf(header, "STATUS"), Array.IndexOf(header, "RECORD_ID"), Array.IndexOf(header, "ERRORS"));
                }
                else if (status >= 0 && id >= 0)
                {
                    results[csv.Text(0)] = (csv.Text(status), csv.Text(id), errors < 0 ? "" : csv.Text(errors));
                }
            }
        }

        if (status < 0 || id < 0)
            throw new ConnectorException(FailureKind.Transient, $"{target.Module.Name}: the results of Zoho's bulk write job have no STATUS and RECORD_ID.", "The next run looks again; with `bulkWriteFrom`: 0 no bulk jobs are used.");

        var (outcomes, unprocessed) = (new List<WriteOutcome>(), new List<Write>());
        foreach (var write in writes)
        {
            if (!results.TryGetValue(write.Key, out var result) || result.Status is "UNPROCESSED")
                unprocessed.Add(write);
            else if (result.Status is "ADDED" or "UPDATED")
                outcomes.Add(new(write.Id) { ExternalId = result.Id, Created = result.Status == "ADDED" });
            else
                outcomes.Add(Refused(write, result.Errors));
        }

        outcomes.AddRange(await ByTheHundredAsync(unprocessed, cancellationToken));
        return outcomes;
    }

    /// <summary>Errors are written <c>CODE-Column,Column:CODE-Column</c>; the first one is told.</summary>
    private WriteOutcome Refused(Write write, string errors)
    {
        var first = errors.Split(':')[0];
        var dash = first.IndexOf('-', StringComparison.Ordinal);
        var (code, field) = dash < 0 ? (first, null) : (first[..dash], first[(dash + 1)..].Split(',')[0]);
        return new ZohoRefusal(code, Succeeded: false) { Field = string.IsNullOrEmpty(field) ? null : field }.Outcome(write.Id, target.Module);
    }
}
