using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Certification;

/// <summary>What users of a release have built on: its settings and streams. Stands in the report; the next release is compared with it.</summary>
/// <param name="Version">The connector's version.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Streams">Its streams, as they were discovered.</param>
public sealed record Manifest(string Version, IReadOnlyList<ManifestSetting> Settings, IReadOnlyList<ManifestStream> Streams)
{
    internal static IReadOnlyList<ManifestSetting> SettingsOf(ConnectorDeclaration declaration) =>
    [
        .. declaration.SettingsType.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).Select(property =>
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            return new ManifestSetting(JsonNamingPolicy.CamelCase.ConvertName(property.Name), type.Name)
            {
                Required = property.GetCustomAttribute<RequiredMemberAttribute>() is not null,
                Secret = property.GetCustomAttribute<SecretAttribute>() is not null,
                Choices = type.IsEnum ? Enum.GetNames(type) : [],
            };
        }),
    ];

    internal static IReadOnlyList<ManifestStream> StreamsOf(IEnumerable<StreamDescription> streams) =>
    [
        .. streams.Where(stream => stream.Problem is null).OrderBy(stream => stream.Name, StringComparer.Ordinal).Select(stream => new ManifestStream(
            stream.Name,
            stream.KeyCandidates.Count == 0 ? null : stream.KeyCandidates[0],
            stream.CursorField,
            new SortedDictionary<string, string>(stream.Fields.DistinctBy(field => field.Name).ToDictionary(field => field.Name, field => field.Type.ToString()), StringComparer.Ordinal))),
    ];
}

/// <summary>A setting of a release.</summary>
/// <param name="Name">Its key in a connection file.</param>
/// <param name="Type">Its type.</param>
public sealed record ManifestSetting(string Name, string Type)
{
    /// <summary>Whether a connection must have it.</summary>
    public bool Required { get; init; }

    /// <summary>Whether it is secret.</summary>
    public bool Secret { get; init; }

    /// <summary>The values to choose from; empty when any will do.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}

/// <summary>A stream of a release.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">The field that identifies a record.</param>
/// <param name="Cursor">The field by which it is pulled.</param>
/// <param name="Fields">The types of its fields by their names.</param>
[SuppressMessage("Naming", "CA1711", Justification = "A stream is the hub's word for one kind of thing that a connection offers.")]
public sealed record ManifestStream(string Name, string? Key, string? Cursor, IReadOnlyDictionary<string, string> Fields);
