using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Settings;

namespace Crm.Integration.Hub.Configuration.Binding;

/// <summary>One setting of a settings record.</summary>
internal sealed class SettingProperty
{
    /// <summary>The name in <see cref="DataTypeAttribute.CustomDataType"/> of text that may be written as a number, such as the bounds of a rule.</summary>
    public const string NumberOrText = "NumberOrText";

    private readonly PropertyInfo _property;

    private SettingProperty(PropertyInfo property, object? defaults, NullabilityInfoContext nullability)
    {
        _property = property;
        Name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        Type = SettingType.Of(property.PropertyType);
        Required = property.IsDefined(typeof(RequiredMemberAttribute));
        Nullable = nullability.Create(property).WriteState == NullabilityState.Nullable;
        Description = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";
        Default = Required || defaults is null ? null : property.GetValue(defaults);
        Range = property.GetCustomAttribute<RangeAttribute>();
        Secret = property.IsDefined(typeof(SecretAttribute));
        OneOrMany = property.IsDefined(typeof(OneOrManyAttribute));
        TakesNumbers = property.GetCustomAttribute<DataTypeAttribute>()?.CustomDataType == NumberOrText;
    }

    /// <summary>As written in JSON.</summary>
    public string Name { get; }

    public SettingType Type { get; }

    public bool Required { get; }

    /// <summary>Whether <c>null</c> may be written.</summary>
    public bool Nullable { get; }

    public string Description { get; }

    /// <summary>The value that it has when it is left out.</summary>
    public object? Default { get; }

    public RangeAttribute? Range { get; }

    /// <summary>Whether its value is never shown.</summary>
    public bool Secret { get; }

    /// <summary>Whether text may be written as a number.</summary>
    public bool TakesNumbers { get; }

    /// <summary>Whether a list may be written as its only item.</summary>
    public bool OneOrMany { get; }

    /// <summary>The settings of a record type.</summary>
    public static IReadOnlyList<SettingProperty> Of(Type record)
    {
        var nullability = new NullabilityInfoContext();
        var defaults = Activator.CreateInstance(record);
        return
        [
            .. record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.SetMethod?.IsPublic == true)
                .OrderBy(property => Depth(property.DeclaringType))
                .ThenBy(property => property.MetadataToken)
                .Select(property => new SettingProperty(property, defaults, nullability)),
        ];
    }

    public void Set(object record, object? value) => _property.SetValue(record, value);

    // What several connectors share comes before what one adds.
    private static int Depth(Type? type) => type is null ? 0 : Depth(type.BaseType) + 1;
}
