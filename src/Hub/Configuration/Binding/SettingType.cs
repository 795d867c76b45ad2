using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Configuration.Binding;

/// <summary>How a setting is written in JSON.</summary>
internal enum SettingKind
{
    Text,
    Integer,
    Number,
    Boolean,
    Choice,
    List,
    Map,
    Record,

    /// <summary>Any JSON: a value of somebody's data.</summary>
    Any,
}

/// <summary>
/// The type of a setting, read from the code's own types. Binder, JSON Schema and reference pages all go by it, so that none
/// can know an option that another does not.
/// </summary>
internal sealed class SettingType
{
    private static readonly ConcurrentDictionary<Type, SettingType> s_known = [];

    private readonly Lazy<IReadOnlyList<SettingProperty>> _properties;
    private readonly Lazy<IReadOnlyList<SettingChoice>> _choices;

    private SettingType(Type clr, SettingKind kind, SettingType? item)
    {
        Clr = clr;
        Kind = kind;
        Item = item;
        _properties = new(() => kind == SettingKind.Record ? SettingProperty.Of(clr) : []);
        _choices = new(() => kind == SettingKind.Choice ? ChoicesOf(clr) : []);
    }

    public Type Clr { get; }

    public SettingKind Kind { get; }

    /// <summary>The type of the elements of a list and of the values of a map.</summary>
    public SettingType? Item { get; }

    /// <summary>The properties of a record, in the order of the code.</summary>
    public IReadOnlyList<SettingProperty> Properties => _properties.Value;

    /// <summary>The values of a choice.</summary>
    public IReadOnlyList<SettingChoice> Choices => _choices.Value;

    /// <summary>The type of a setting.</summary>
    /// <exception cref="NotSupportedException">Settings cannot be of this type: a mistake in the code, not in a configuration.</exception>
    public static SettingType Of(Type clr) => s_known.GetOrAdd(Nullable.GetUnderlyingType(clr) ?? clr, Make);

    /// <summary>The property of a name, or null.</summary>
    public SettingProperty? Find(string name) => Properties.FirstOrDefault(property => property.Name == name);

    /// <summary>An instance with every default.</summary>
    public object Create() => Activator.CreateInstance(Clr)!;

    /// <summary>A value that stands in for one that is missing, so that the rest can still be checked.</summary>
    public object Placeholder() => Kind switch
    {
        SettingKind.Text => Clr == typeof(char) ? ' ' : "",
        SettingKind.List => MakeList([]),
        SettingKind.Map => MakeMap([]),
        _ => Create(),
    };

    /// <summary>A list of this type's items.</summary>
    public object MakeList(IReadOnlyList<object> items)
    {
        var array = Array.CreateInstance(Item!.Clr, items.Count);
        for (var i = 0; i < items.Count; i++)
            array.SetValue(items[i], i);
        return array;
    }

    /// <summary>A map of this type's items that keeps their order: outbound maps name the columns of a new file.</summary>
    public object MakeMap(IReadOnlyList<KeyValuePair<string, object>> entries)
    {
        var map = (System.Collections.IDictionary)Activator.CreateInstance(typeof(OrderedDictionary<,>).MakeGenericType(typeof(string), Item!.Clr), [StringComparer.Ordinal])!;
        foreach (var (key, value) in entries)
            map.Add(key, value);
        return map;
    }

    private static SettingType Make(Type clr)
    {
        if (clr == typeof(string) || clr == typeof(char))
            return new(clr, SettingKind.Text, null);
        if (clr == typeof(Value))
            return new(clr, SettingKind.Any, null);
        if (clr == typeof(bool))
            return new(clr, SettingKind.Boolean, null);
        if (clr == typeof(int) || clr == typeof(long))
            return new(clr, SettingKind.Integer, null);
        if (clr == typeof(double) || clr == typeof(decimal))
            return new(clr, SettingKind.Number, null);
        if (clr.IsEnum)
            return new(clr, SettingKind.Choice, null);
        if (clr.IsGenericType && clr.GetGenericTypeDefinition() is var open)
        {
            if (open == typeof(IReadOnlyList<>))
                return new(clr, SettingKind.List, Of(clr.GenericTypeArguments[0]));
            if (open == typeof(IReadOnlyDictionary<,>) && clr.GenericTypeArguments[0] == typeof(string))
                return new(clr, SettingKind.Map, Of(clr.GenericTypeArguments[1]));
        }

        if (clr.IsClass && clr.GetConstructor(Type.EmptyTypes) is not null)
            return new(clr, SettingKind.Record, null);
        throw new NotSupportedException($"a setting cannot be of type {clr}: use text, numbers, bool, enums, IReadOnlyList, IReadOnlyDictionary with text keys, and records of these");
    }

    private static IReadOnlyList<SettingChoice> ChoicesOf(Type clr) =>
    [
        .. clr.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => new SettingChoice(
            JsonNamingPolicy.CamelCase.ConvertName(field.Name),
            field.GetValue(null)!,
            field.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "")),
    ];
}

/// <summary>One value of a choice.</summary>
/// <param name="Name">As written in JSON.</param>
/// <param name="Value">The enum's value.</param>
/// <param name="Description">What it means; may be empty.</param>
internal sealed record SettingChoice(string Name, object Value, string Description);
