using System.Buffers;

namespace Crm.Integration.Sandbox.Salesforce.Bulk;

/// <summary>An uploaded CSV and what became of each of its rows.</summary>
internal sealed class BulkUpload
{
    private readonly byte[] _csv;
    private readonly List<(int Start, int Length)> _rows;
    private readonly List<string> _head;
    private readonly List<Outcome> _outcomes = [];
    private RowFaults? _faults;

    public BulkUpload(byte[] csv, char delimiter)
    {
        _csv = csv;
        _rows = CsvRows.Find(csv);
        _head = _rows.Count == 0 ? [] : CsvRows.Fields(Slice(0), delimiter);
    }

    /// <summary>How many rows were tried.</summary>
    public int Done => _outcomes.Count;

    public int Failed { get; private set; }

    /// <summary>What is wrong with the upload as a whole; then no row of it is tried.</summary>
    public string? Problem(BulkJob job, SalesforceVendor vendor)
    {
        if (_head.Count == 0)
            return "The upload is empty";
        if (job.Operation == "upsert" && !_head.Contains(job.Key!, StringComparer.OrdinalIgnoreCase))
            return $"Field name not found : {job.Key}";
        if (job.Operation is "update" or "delete" && !_head.Contains("Id", StringComparer.OrdinalIgnoreCase))
            return "Field name not found : Id";

        var visibility = new Visibility(vendor.Faults);
        return _head.FirstOrDefault(name => !IsKnown(job.Type, name, visibility)) is { } unknown ? $"Field name not found : {unknown}" : null;
    }

    /// <summary>Saves half of the rows, or all that are left.</summary>
    public void Save(BulkJob job, SalesforceVendor vendor, HttpContext context, bool all)
    {
        var until = all ? _rows.Count - 1 : (_rows.Count - 1) / 2;
        // The faults are those of the job, not of the call that happens to move it on.
        _faults ??= new RowFaults(vendor, context);
        var writer = new RecordWriter(vendor, vendor.Org, context, _faults);
        while (_outcomes.Count < until)
        {
            var outcome = One(job, vendor.Org, writer, CsvRows.Fields(Slice(_outcomes.Count + 1), job.Delimiter));
            Failed += outcome.Error is null ? 0 : 1;
            _outcomes.Add(outcome);
        }
    }

    public void WriteSuccessful(IBufferWriter<byte> buffer, BulkJob job) => Write(buffer, job, ["sf__Id", "sf__Created"], outcome => outcome.Error is null, outcome => [outcome.Id!, outcome.Created ? "true" : "false"]);

    public void WriteFailed(IBufferWriter<byte> buffer, BulkJob job) => Write(buffer, job, ["sf__Id", "sf__Error"], outcome => outcome.Error is not null, outcome => [outcome.Id ?? "", outcome.Error!]);

    public void WriteUnprocessed(IBufferWriter<byte> buffer, BulkJob job)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            if (i == 0 || i > _outcomes.Count)
            {
                buffer.Write(Slice(i));
                CsvText.End(buffer, job.LineEnd);
            }
        }
    }

    private static bool IsKnown(SObjectType type, string name, Visibility visibility)
    {
        if (name.Split('.') is [var relationship, var key])
            return type.Fields.Any(field => relationship.Equals(field.Relationship, StringComparison.OrdinalIgnoreCase) && field.RefersTo.Any(to => to.Find(key) is { ExternalId: true }));
        return type.Find(name) is { } field && visibility.Sees(type, field);
    }

    private Outcome One(BulkJob job, Org org, RecordWriter writer, List<string> values)
    {
        string? id = null;
        try
        {
            if (values.Count != _head.Count)
                throw new SalesforceError(400, "MALFORMED_ROW", $"The row has {values.Count} columns and the head {_head.Count}");

            var draft = new Draft(job.Type);
            for (var i = 0; i < values.Count; i++)
            {
                if (_head[i].Equals("Id", StringComparison.OrdinalIgnoreCase))
                    id = values[i].Trim();
                else if (values[i].Length > 0)
                    Put(draft, _head[i], values[i], org);
            }

            switch (job.Operation)
            {
                case "insert":
                    return new Outcome(writer.Create(job.Type, draft).Id, true, null);
                case "update":
                    return new Outcome(writer.Update(job.Type, id, draft).Id, false, null);
                case "delete":
                    writer.Delete(job.Type, id);
                    return new Outcome(id, false, null);
                default:
                    var key = job.Type[job.Key!];
                    if (draft[key] is not string value)
                        throw new SalesforceError(400, "MISSING_ARGUMENT", $"{key.Name} not specified", key.Name);
                    var (row, created) = writer.Upsert(job.Type, key, value, draft);
                    return new Outcome(row.Id, created, null);
            }
        }
        catch (SalesforceError problem)
        {
            return new Outcome(id, false, problem.Error.ToBulk());
        }
        catch (AmbiguousKeyException ambiguous)
        {
            return new Outcome(id, false, ambiguous.Error.ToBulk());
        }
    }

    private static void Put(Draft draft, string name, string text, Org org)
    {
        var type = draft.Type;
        // Empty leaves a value as it is; this is how one is taken away.
        var clear = text == "#N/A";
        if (name.Split('.') is [var relationship, var keyName])
        {
            var reference = Draft.Writable(type.Fields.First(field => relationship.Equals(field.Relationship, StringComparison.OrdinalIgnoreCase)));
            var to = reference.RefersTo.First(to => to.Find(keyName) is not null);
            draft.Put(reference, clear ? null : Draft.ByKey(to, to[keyName], text, reference.Name), org);
            return;
        }

        var field = Draft.Writable(type[name]);
        try
        {
            draft.Put(field, clear ? null : FieldInput.FromText(field, text), org);
        }
        catch (SalesforceError problem) when (problem.Error.Code == "JSON_PARSER_ERROR")
        {
            throw new SalesforceError(400, "INVALID_FIELD", $"Failed to deserialize field. Due to, '{text}' is not a valid value for the type xsd:{field.Type}", field.Name);
        }
    }

    private void Write(IBufferWriter<byte> buffer, BulkJob job, string[] head, Func<Outcome, bool> wanted, Func<Outcome, string[]> columns)
    {
        void Line(string[] own, int row)
        {
            foreach (var value in own)
            {
                CsvText.Quoted(buffer, value);
                CsvText.Byte(buffer, job.Delimiter);
            }

            buffer.Write(Slice(row));
            CsvText.End(buffer, job.LineEnd);
        }

        Line(head, 0);
        for (var i = 0; i < _outcomes.Count; i++)
        {
            if (wanted(_outcomes[i]))
                Line(columns(_outcomes[i]), i + 1);
        }
    }

    private ReadOnlySpan<byte> Slice(int row) => _rows.Count == 0 ? [] : _csv.AsSpan(_rows[row].Start, _rows[row].Length);

    private readonly record struct Outcome(string? Id, bool Created, string? Error);
}
