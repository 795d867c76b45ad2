using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>The fields of a pull, and rows of them. All fields are known beforehand, so a map that reads another one is told so.</summary>
internal sealed class ZohoRows
{
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.Ordinal);
    private readonly int _modified;

    private ZohoRows(ZohoModule module, IReadOnlyList<ZohoField> fields)
    {
        (Module, Fields) = (module, fields);
        Shape = new Shape(fields.Select(field => field.Name)) { IsFixed = true };
        for (var i = 0; i < fields.Count; i++)
            _ordinals[fields[i].Name] = i;
        _modified = _ordinals.GetValueOrDefault(ZohoField.Modified, -1);
    }

    public ZohoModule Module { get; }

    /// <summary>The id first.</summary>
    public IReadOnlyList<ZohoField> Fields { get; }

    public Shape Shape { get; }

    /// <summary>Whether every field comes alike from lists, queries and bulk files.</summary>
    public bool ArePlain => Fields.All(one => one.IsPlain);

    /// <summary>Whether a bulk file has all that is needed; the names of references are looked up.</summary>
    public bool FitBulk => Fields.All(one => one.IsPlain || one.IsReference || one.Type == "multiselectpicklist");

    /// <summary>The fields of a request; those of all when it names none.</summary>
    /// <exception cref="ConnectorException">A field is not there, or may not be read.</exception>
    public static ZohoRows Of(ZohoModule module, PullRequest request)
    {
        if (request.Fields is not { } named)
            return new(module, [.. module.Fields.Where(field => field.Readable)]);
        var fields = new List<ZohoField> { ZohoField.OfId };
        foreach (var path in named.Append(ZohoField.Modified).Concat(request.KeyField is { } key ? [key] : []))
        {
            var field = Find(module, path);
            if (field is null && path == ZohoField.Modified)
                continue;
            if (field is null || !field.Readable)
                throw Missing(module, path, field);
            if (!fields.Contains(field))
                fields.Add(field);
        }

        return new(module, fields);
    }

    /// <summary>The fields by so many as one request may name, the id and the time of the change with each.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Parts(int most, params IReadOnlyList<string> besides)
    {
        string[] each = _modified < 0 ? [ZohoField.Id] : [ZohoField.Id, ZohoField.Modified];
        var rest = Fields.Select(field => field.Name).Except(each).ToList();
        var parts = new List<IReadOnlyList<string>> { (IReadOnlyList<string>)[.. each, .. besides, .. rest.Take(most - each.Length - besides.Count)] };
        parts.AddRange(rest.Skip(most - each.Length - besides.Count).Chunk(most - each.Length).Select(chunk => (IReadOnlyList<string>)[.. each, .. chunk]));
        return parts;
    }

    /// <summary>Puts the members of a record where they belong.</summary>
    public void Fill(Value[] values, JsonElement record)
    {
        foreach (var member in record.EnumerateObject())
        {
            if (_ordinals.TryGetValue(member.Name, out var at))
                values[at] = ZohoValues.Read(member.Value, Fields[at]);
        }
    }

    public Value[] Empty() => new Value[Fields.Count];

    public int Ordinal(string field) => _ordinals.GetValueOrDefault(field, -1);

    public static string IdOf(Value[] values) => values[0].ToText() ?? "";

    public DateTimeOffset? ModifiedOf(Value[] values) => _modified < 0 ? null : values[_modified].AsInstant;

    public SourceRow Row(Value[] values) => new(Shape, values) { Version = ModifiedOf(values) is { } time ? Value.Instant(time).ToText() : null };

    /// <summary>A record that is gone.</summary>
    public SourceRow Gone(string id, string? standIn = null) => new(Shape, [Value.Text(id)]) { IsDelete = true, AliasOf = standIn };

    private static ZohoField? Find(ZohoModule module, string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOfAny(['.', '['], end - 1))
        {
            if (module.Find(path[..end]) is { } field)
                return field;
        }

        return null;
    }

    private static ConnectorException Missing(ZohoModule module, string path, ZohoField? field)
    {
        var names = module.Fields.Where(other => other.Readable).Select(other => other.Name).ToList();
        var alike = names.FirstOrDefault(name => string.Equals(name, path, StringComparison.OrdinalIgnoreCase))
            ?? module.Fields.FirstOrDefault(other => string.Equals(other.Label, path, StringComparison.OrdinalIgnoreCase))?.Name;
        return new(
            FailureKind.Configuration,
            field is null ? $"{module.Name} has no field '{path}'; nothing was taken from it." : $"The user of the connection may not read the field '{path}' of {module.Name}; nothing was taken from it.",
            field is null
                ? $"{(alike is null ? "" : $"Did you mean '{alike}'? ")}Use an API name of `hub discover`; it may have been removed or renamed in Zoho. Some are: {string.Join(", ", names.Take(20))}."
                : "Give the user's profile the right to the field in Zoho under Setup, Security Control, Profiles, or take it out of the mapping.");
    }
}
