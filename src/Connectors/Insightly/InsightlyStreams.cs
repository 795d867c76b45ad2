using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>An object with all its fields, as the account has it.</summary>
/// <param name="Object">The object.</param>
/// <param name="Fields">Its fields by name.</param>
internal sealed record InsightlyStream(InsightlyObject Object, IReadOnlyDictionary<string, InsightlyField> Fields)
{
    /// <summary>Whether every field is known: without a record to look at, a standard field may be missing here.</summary>
    public bool Complete { get; init; }

    /// <summary>Fields that Insightly should have and that its records lack: removed, or hidden from the key's user.</summary>
    public IReadOnlySet<string> Absent { get; init; } = new HashSet<string>();

    /// <summary>How many records it has.</summary>
    public long? Count { get; init; }

    public string Name => Object.Name;

    public string IdField => Object.IdField;

    /// <summary>Whether records have the field.</summary>
    public bool IsReadable(InsightlyField field) => field.Readable && !Absent.Contains(field.Name);

    /// <summary>The field, or null when the account has none of that name.</summary>
    public InsightlyField? Find(string name) =>
        Fields.GetValueOrDefault(name) ?? (Complete || name.EndsWith("__c", StringComparison.OrdinalIgnoreCase) ? null : new InsightlyField(name, InsightlyKind.Plain));

    /// <summary>The field that a pipeline reads; one that gives no values stops the pipeline, before it could blank anything.</summary>
    public InsightlyField RequireReadable(string name) => Absent.Contains(name) || Find(name) is { Readable: false }
        ? throw new ConnectorException(FailureKind.Configuration, $"{Name} no longer gives the field '{name}': it was removed, or the key's user may not see it.", "Give the user the right to the field, or take it out of the pipeline.") { Code = "unreadable-field" }
        : Require(name);

    /// <summary>The field that a pipeline writes.</summary>
    public InsightlyField RequireWritable(string name) => Require(name) is { Writable: true } field
        ? field
        : throw new ConnectorException(FailureKind.Configuration, $"{Name} does not let the field '{name}' be written: it is Insightly's own, or closed to the key's user.", "Take it out of the pipeline's map, or give the user the right to edit it.") { Code = "unwritable-field" };

    /// <summary>The field of a pipeline.</summary>
    public InsightlyField Require(string name) => Find(name) ?? throw new ConnectorException(
        FailureKind.Configuration,
        $"{Name} has no field '{name}'.{Near(name)}",
        name.EndsWith("__c", StringComparison.OrdinalIgnoreCase)
            ? "Make it in Insightly under System Settings > Custom Fields, give the key's user the right to see it, or correct the name in the pipeline."
            : $"Correct the name in the pipeline; `hub discover` lists the fields of {Name}.") { Code = "unknown-field" };

    public StreamDescription Describe() => new(Name, [.. Fields.Values.Select(field => IsReadable(field) ? field.Describe() : field.Describe() with { Readable = false })])
    {
        ApproximateCount = Count,
        KeyCandidates = [IdField],
        CursorField = Object.Searchable ? InsightlyObjects.Updated : null,
        TimeZone = "UTC",
        Label = Object.Summary,
        Notes =
        [
            .. Object.Searchable ? Array.Empty<string>() : ["Insightly does not tell what changed in it: it is read whole each time."],
            .. Fields.Values.All(IsReadable) ? Array.Empty<string>() : ["Fields that are said not to be readable are in none of the records looked at: the account does not have them, or the key's user may not see them."],
        ],
    };

    private string Near(string name)
    {
        var near = Fields.Keys.Where(field => field.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(field, StringComparison.OrdinalIgnoreCase)).Take(3).ToList();
        return near.Count == 0 ? "" : $" It has {string.Join(", ", near)}.";
    }
}

/// <summary>The objects of the account. What was learned of one is kept for the connection's life.</summary>
internal sealed class InsightlyStreams(InsightlyApi api) : IDisposable
{
    private const int SampleSize = 5;
    private const string UnknownStream = "unknown-stream";
    private const string BadDescription = "bad-description";

    private readonly Dictionary<string, InsightlyStream> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>All objects that the account could have: those that Insightly comes with, then its own.</summary>
    public async Task<IReadOnlyList<InsightlyObject>> ListAsync(CancellationToken cancellationToken)
    {
        var own = new List<InsightlyObject>();
        try
        {
            var objects = await api.Account.ObjectsAsync(cancellationToken);
            own.AddRange(objects.Where(one => one?.ObjectName is not null).Select(one => InsightlyObjects.OfAccount(one!.ObjectName!, one.PluralLabel ?? one.SingularLabel)));
        }
        catch (ConnectorException exception) when (exception.Code is "403" or "404")
        {
            // A plan without objects of one's own.
        }

        return [.. InsightlyObjects.All, .. own];
    }

    /// <summary>An object by name, with its fields.</summary>
    /// <exception cref="ConnectorException">There is no such object, or the account cannot use it.</exception>
    public async Task<InsightlyStream> FindAsync(string name, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_known.TryGetValue(name, out var stream))
                _known[name] = stream = await LearnAsync(Named(name), cancellationToken);
            return stream;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Whether a failure concerns one object and not the whole account.</summary>
    public static bool IsOfOneObject(ConnectorException exception) =>
        exception.PausedUntil is null && (exception.Kind != FailureKind.Configuration || IsUnavailable(exception) || exception.Code is UnknownStream or BadDescription);

    /// <summary>Whether an account can use an object: a plan that lacks it answers in one of two ways.</summary>
    public static bool IsUnavailable(ConnectorException exception) => exception.Code is "403" or "404";

    public static string Unavailable(string name) => $"{name} is not available: the plan does not have it, or the key's user may not see it.";

    public void Dispose() => _gate.Dispose();

    private static InsightlyObject Named(string name)
    {
        if (InsightlyObjects.All.FirstOrDefault(one => one.Name == name) is { } known)
            return known;
        if (InsightlyObjects.IsOfAccount(name))
            return InsightlyObjects.OfAccount(name, null);
        var near = InsightlyObjects.All.FirstOrDefault(one => one.Name.TrimEnd('s').Equals(name.TrimEnd('s').Replace('z', 's'), StringComparison.OrdinalIgnoreCase))?.Name;
        throw new ConnectorException(FailureKind.Configuration, $"Insightly has no object '{name}'.{(near is null ? "" : $" Do you mean {near}?")}", "Correct the stream in the pipeline; `hub discover` lists what there is. Objects of your own end in __c.") { Code = UnknownStream };
    }

    private async Task<InsightlyStream> LearnAsync(InsightlyObject known, CancellationToken cancellationToken)
    {
        InsightlyPage sample;
        try
        {
            sample = await api.ListAsync(known.Name, changedSince: null, skip: 0, top: SampleSize, brief: false, cancellationToken);
        }
        catch (ConnectorException exception) when (IsUnavailable(exception))
        {
            throw new ConnectorException(FailureKind.Configuration, Unavailable(known.Name), "Give the key's user the right to the object, move to a plan that has it, or take its pipelines out.", exception) { Code = exception.Code };
        }

        var fields = known.Fields.ToDictionary(field => field.Name, StringComparer.Ordinal);
        foreach (var member in sample.Records.SelectMany(record => record.EnumerateObject()).Where(member => member.Name != InsightlyObjects.CustomFields))
            fields.TryAdd(member.Name, new InsightlyField(member.Name, Guess(member)) { Writable = member.Value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object) });
        foreach (var custom in known.HasCustomFields ? await CustomAsync(known.Name, cancellationToken) : [])
            fields[custom.Name] = custom;
        return new(known, fields)
        {
            Complete = sample.Records.Count > 0,
            // Insightly gives empty members too: what a record lacks the account does not have.
            Absent = sample.Records.Count == 0 ? new HashSet<string>() : known.Fields.Select(field => field.Name).Where(field => !sample.Records.Any(record => record.TryGetProperty(field, out _))).ToHashSet(StringComparer.Ordinal),
            Count = sample.Total,
        };
    }

    private async Task<List<InsightlyField>> CustomAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var described = await api.Account.FieldsAsync(name, cancellationToken);
            // A field that is left out would be taken for one that is not there, and its values for gone.
            return [.. described.Select(field => field is { FieldName.Length: > 0 } ? Custom(field) : throw Unreadable(null))];
        }
        catch (ConnectorException exception) when (IsUnavailable(exception) || exception.Code == "400")
        {
            // An object that takes no fields of one's own.
            return [];
        }
        catch (ConnectorException exception) when (exception.InnerException is JsonException)
        {
            throw Unreadable(exception);
        }

        ConnectorException Unreadable(Exception? inner) => new(
            FailureKind.Configuration, $"Insightly's description of the custom fields of {name} cannot be read.", "Look at the object's custom fields in Insightly, and ask its support; other objects are not touched by this.", inner) { Code = BadDescription };
    }

    private static InsightlyField Custom(InsightlyCustomField described)
    {
        var type = described.FieldType ?? "TEXT";
        var visible = described.Visible != false;
        return new(described.FieldName, Kind(type))
        {
            IsCustom = true,
            Label = described.FieldLabel,
            NativeType = type,
            Readable = visible,
            Writable = visible && type.ToUpperInvariant() is not ("AUTONUMBER" or "FORMULA") && described.Editable != false,
            Choices = [.. (described.CustomFieldOptions ?? []).Select(option => option?.OptionValue).OfType<string>()],
        };
    }

    private static InsightlyKind Kind(string type) => type.ToUpperInvariant() switch
    {
        "BIT" or "CHECKBOX" => InsightlyKind.Boolean,
        "NUMERIC" or "PERCENT" or "CURRENCY" or "NUMBER" => InsightlyKind.Number,
        "DATE" => InsightlyKind.Date,
        "DATETIME" => InsightlyKind.Instant,
        "MULTISELECT" => InsightlyKind.Choices,
        "TEXT" or "MULTILINETEXT" or "DROPDOWN" or "URL" or "AUTONUMBER" => InsightlyKind.Text,
        _ => InsightlyKind.Plain,
    };

    private static InsightlyKind Guess(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Number => InsightlyKind.Number,
        JsonValueKind.True or JsonValueKind.False => InsightlyKind.Boolean,
        _ when member.Name.EndsWith("_UTC", StringComparison.Ordinal) => InsightlyKind.Instant,
        _ => InsightlyKind.Plain,
    };
}
