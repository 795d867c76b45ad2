using System.Collections.Concurrent;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>The modules of an organisation and their fields, asked for once.</summary>
internal sealed class ZohoMetadata(ZohoApi api, TimeProvider clock)
{
    // A connection of a service may live for weeks, and people change fields.
    private static readonly TimeSpan s_age = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, (ZohoModule Module, long At)> _known = new(StringComparer.Ordinal);

    /// <summary>The modules that hold records, with the names that people see.</summary>
    public async Task<IReadOnlyList<(string Name, string? Label)>> ModulesAsync(CancellationToken cancellationToken)
    {
        var list = await api.Organisation.ModulesAsync(cancellationToken);
        return
        [
            .. list.Modules
                .OfType<ZohoModuleList.Entry>()
                .Where(module => module is { ApiSupported: true, Viewable: not false })
                .Select(module => (Name: module.ApiName ?? "", Label: module.PluralLabel ?? module.ModuleName))
                .Where(module => module.Name.Length > 0)
                .OrderBy(module => module.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>A module.</summary>
    /// <exception cref="ConnectorException">There is none of this name, or its description makes no sense.</exception>
    public async Task<ZohoModule> ModuleAsync(string name, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(name, out var known) && clock.GetElapsedTime(known.At) < s_age)
            return known.Module;
        ZohoModule module;
        try
        {
            module = Read(name, await api.Organisation.FieldsAsync(name, cancellationToken));
        }
        catch (ConnectorException exception) when (exception.Code is "INVALID_MODULE" or "INVALID_URL_PATTERN")
        {
            var others = await ModulesAsync(cancellationToken);
            var alike = others.FirstOrDefault(other => string.Equals(other.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(other.Label, name, StringComparison.OrdinalIgnoreCase)).Name;
            throw new ConnectorException(
                FailureKind.Configuration,
                $"Zoho has no module '{name}'.",
                $"{(alike is null ? "" : $"Did you mean '{alike}'? ")}Use an API name: {string.Join(", ", others.Take(20).Select(other => other.Name))}.",
                exception) { Code = exception.Code };
        }

        _known[name] = (module, clock.GetTimestamp());
        return module;
    }

    private static ZohoModule Read(string name, ZohoFieldList described)
    {
        var fields = described.Fields.Select(ZohoField.Of).OfType<ZohoField>().Where(field => field.Name != ZohoField.Id).DistinctBy(field => field.Name).ToList();
        return fields.Count > 0
            ? new(name, [ZohoField.OfId, .. fields])
            : throw new ConnectorException(FailureKind.Configuration, $"Zoho's description of {name} names no fields.", "The user's profile may not see any field of the module; see Setup, Security Control, Profiles.");
    }
}
