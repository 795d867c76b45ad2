using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.OneByOne;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Webhook;

/// <summary>Finds the records in what a body says, and tells which are gone and how new they are.</summary>
internal sealed class WebhookRecords
{
    private readonly string? _records;
    private readonly string[] _path;
    private readonly (string[] Path, string[] Values)? _deleted;
    private readonly string[]? _modified;

    /// <exception cref="ConnectorException">A path is not written as one.</exception>
    public WebhookRecords(WebhookSettings settings)
    {
        _records = settings.Records;
        _path = Path("records", settings.Records);
        _modified = settings.Modified is null ? null : Path("modified", settings.Modified);
        if (settings.DeletedWhen is not { } deleted)
            return;
        if (deleted.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } path, { Length: > 0 } values])
            throw new ConnectorException(FailureKind.Configuration, "`deletedWhen` is not of the form `path = value`.", "Write it like `event = customer.deleted`; several values are separated by |.");
        _deleted = (Path("deletedWhen", path), [.. values.Split('|', StringSplitOptions.TrimEntries)]);
    }

    /// <summary>The rows of the values of a body.</summary>
    /// <exception cref="ConnectorException">The records are not where they should be.</exception>
    public IEnumerable<SourceRow> Rows(IEnumerable<Value> values)
    {
        var builder = new RowBuilder([]);
        foreach (var top in values)
        {
            foreach (var record in Records(top))
                yield return Row(builder, record, top);
        }
    }

    private IEnumerable<Value> Records(Value top)
    {
        var found = top;
        if (_path.Length > 0 && !TryFind(top, _path, out found))
            throw WebhookBody.Bad($"has nothing at `{_records}`");
        var records = found.Kind == ValueKind.List ? Flat(found) : [found];
        return records.Any(record => record.Kind != ValueKind.Object)
            ? throw WebhookBody.Bad(_records is null ? "is neither a record nor a list of records" : $"has no record at `{_records}`")
            : records;
    }

    private SourceRow Row(RowBuilder builder, Value record, Value top)
    {
        foreach (var (name, value) in record.AsObject!)
            builder.Set(name, value);
        var version = _modified is not null && Look(record, top, _modified) is { IsEmpty: false } modified ? modified.ToText() : null;
        var isDelete = _deleted is { } deleted && Look(record, top, deleted.Path).ToText() is { } state && deleted.Values.Contains(state, StringComparer.Ordinal);
        return builder.Build(version, isDelete);
    }

    private static Value Look(Value record, Value top, string[] path) => TryFind(record, path, out var inside) ? inside : TryFind(top, path, out var outside) ? outside : Value.Null;

    // A list on the way stands for all its elements.
    private static bool TryFind(Value value, ReadOnlySpan<string> path, out Value found)
    {
        found = value;
        if (path.IsEmpty)
            return true;
        if (value.Kind == ValueKind.List)
        {
            var all = new List<Value>();
            foreach (var element in value.AsList)
            {
                if (TryFind(element, path, out var one))
                    all.Add(one);
            }

            found = Value.List([.. all]);
            return all.Count > 0 || value.AsList.Count == 0;
        }

        return value.AsObject is { } members && members.TryGetValue(path[0], out var member) && TryFind(member, path[1..], out found);
    }

    private static IReadOnlyList<Value> Flat(Value list) => [.. list.AsList.SelectMany(element => element.Kind == ValueKind.List ? Flat(element) : [element])];

    private static string[] Path(string setting, string? text)
    {
        if (text is null)
            return [];
        var path = text.Replace("[*]", "", StringComparison.Ordinal).Split('.').Select(name => name.Trim()).ToArray();
        if (path[0] == "$")
            path = path[1..];
        return path.Any(name => name.Length == 0 || name.Contains('[', StringComparison.Ordinal))
            ? throw new ConnectorException(FailureKind.Configuration, $"`{setting}` is not a path: '{text}'.", "Write names separated by dots, with [*] at lists, such as `data.items[*]`.")
            : path;
    }
}
