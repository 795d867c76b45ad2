using System.ComponentModel;

namespace Crm.Integration.Mapping.Records;

/// <summary>A type in the model: its name and its fields in canonical order. Immutable.</summary>
public sealed class EntityType
{
    private readonly Dictionary<string, EntityField> _byPath = new(StringComparer.Ordinal);

    /// <summary>An entity type; the ordinals of the fields follow their order here.</summary>
    /// <param name="name">Its name in configuration: <c>customer</c>.</param>
    /// <param name="idPrefix">What its master ids begin with, one or two capital letters: <c>C</c> gives C1042.</param>
    /// <param name="kind">How records of it find their master.</param>
    /// <param name="fields">Its fields; paths must be distinct.</param>
    /// <exception cref="ArgumentException">Two fields have one path.</exception>
    public EntityType(string name, string idPrefix, EntityKind kind, IEnumerable<EntityField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Name = name;
        IdPrefix = idPrefix;
        Kind = kind;
        Fields = [.. fields.Select((field, ordinal) => field with { Ordinal = ordinal })];
        foreach (var field in Fields)
        {
            if (!_byPath.TryAdd(field.Path, field))
                throw new ArgumentException($"the field '{field.Path}' stands twice in entity '{name}'", nameof(fields));
        }
    }

    /// <summary>Its name in configuration.</summary>
    public string Name { get; }

    /// <summary>What its master ids begin with.</summary>
    public string IdPrefix { get; }

    /// <summary>How records of it find their master.</summary>
    public EntityKind Kind { get; }

    /// <summary>The fields in canonical order.</summary>
    public IReadOnlyList<EntityField> Fields { get; }

    /// <summary>The field of a path, or null.</summary>
    /// <param name="path">A dotted path.</param>
    public EntityField? Find(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>
    /// This type with more <c>custom.*</c> fields, sorted by name after the declared ones, so that the canonical form of
    /// a record does not depend on the order in which pipelines were read.
    /// </summary>
    /// <param name="paths">Paths that begin with <c>custom.</c>; a path ending in <c>[]</c> is a list. Known ones are ignored.</param>
    public EntityType WithCustomFields(IEnumerable<string> paths)
    {
        var fresh = paths.Where(path => Find(path) is null)
            .Distinct(StringComparer.Ordinal)
            .Select(path => new EntityField(path, path.EndsWith("[]", StringComparison.Ordinal) ? FieldType.TextList : FieldType.Text, "A field of your own."));
        var declared = Fields.Where(field => !IsCustom(field.Path));
        var custom = Fields.Where(field => IsCustom(field.Path)).Concat(fresh).OrderBy(field => field.Path, StringComparer.Ordinal);
        return new EntityType(Name, IdPrefix, Kind, declared.Concat(custom));
    }

    /// <summary>Whether a path names a custom field.</summary>
    /// <param name="path">A dotted path.</param>
    public static bool IsCustom(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.StartsWith("custom.", StringComparison.Ordinal);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>How source records of an entity find their master.</summary>
public enum EntityKind
{
    /// <summary>A person: matched by names, dates, mailboxes and so on.</summary>
    [Description("A person: matched by names, dates, mailboxes and so on.")]
    Person,

    /// <summary>An organisation: matched by its name, ids and place.</summary>
    [Description("An organisation: matched by its name, ids and place.")]
    Organisation,

    /// <summary>Not matched: each source record is its own master, and hangs on others by reference (deals, orders).</summary>
    [Description("Not matched: each source record is its own master, and hangs on others by reference (deals, orders).")]
    Keyed,
}
