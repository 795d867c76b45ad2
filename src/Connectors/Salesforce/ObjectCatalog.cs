using System.Collections.Concurrent;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>What the organisation's objects look like; each is asked for once a connection.</summary>
internal sealed class ObjectCatalog(SalesforceApi api)
{
    private readonly ConcurrentDictionary<string, SalesforceObject> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>An object with its fields.</summary>
    /// <exception cref="ConnectorException">There is none of this name, or it cannot be described.</exception>
    public async ValueTask<SalesforceObject> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(name, out var known))
            return known;
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw Unknown(name, null, []);
        try
        {
            var described = await api.Organization.DescribeAsync(name, cancellationToken);
            if (described.Name.Length == 0 || described.Fields.Count == 0)
                throw new ConnectorException(FailureKind.Transient, $"Salesforce describes the object {name} without any field.", "Run again; if it stays, the object's metadata is damaged: ask Salesforce.") { Code = "BAD_ANSWER" };
            return _known.GetOrAdd(name, described);
        }
        catch (ConnectorException exception) when (exception.Code is "NOT_FOUND" or "INVALID_TYPE")
        {
            throw Unknown(name, exception, await NearestAsync(name, cancellationToken));
        }
    }

    /// <summary>All objects that can be queried, without their fields and without side tables.</summary>
    public async Task<IReadOnlyList<SalesforceObject>> ListAsync(CancellationToken cancellationToken)
    {
        var list = await api.Organization.ObjectsAsync(cancellationToken);
        return [.. list.Sobjects.Where(each => each.Queryable && !each.DeprecatedAndHidden && each.AssociateEntityType is null && !each.Name.EndsWith("ChangeEvent", StringComparison.Ordinal))];
    }

    /// <summary>The fields that exist but are hidden from the user; none when Salesforce does not tell.</summary>
    public async Task<IReadOnlyList<string>> HiddenAsync(SalesforceObject target, CancellationToken cancellationToken)
    {
        try
        {
            var names = new List<string>();
            var soql = Soql.Select(["QualifiedApiName"], "FieldDefinition", $"EntityDefinition.QualifiedApiName = {Soql.Quote(target.Name)}");
            await foreach (var page in api.QueryAsync(soql, deletedToo: false, cancellationToken))
            {
                names.AddRange(page.Records
                    .Select(record => record.TryGetProperty("QualifiedApiName", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null)
                    .OfType<string>());
            }

            return [.. names.Where(name => target.Find(name) is null && target.Find(name + "Id") is null).Order(StringComparer.Ordinal)];
        }
        catch (ConnectorException exception) when (exception.Kind != FailureKind.Transient && exception.PausedUntil is null)
        {
            // Only who may view the set-up can ask for it. What is listed then is what the user sees.
            return [];
        }
    }

    private async Task<IReadOnlyList<string>> NearestAsync(string name, CancellationToken cancellationToken)
    {
        var stem = Stem(name);
        return [.. (await ListAsync(cancellationToken)).Where(each => Stem(each.Name) == stem || string.Equals(each.Label, name, StringComparison.OrdinalIgnoreCase)).Select(each => each.Name).Take(3)];
    }

    // "Contacts", "membership" and "Membership__c" are one.
    private static string Stem(string name) => name.Replace("__c", "", StringComparison.OrdinalIgnoreCase).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant().TrimEnd('S');

    private static ConnectorException Unknown(string name, Exception? inner, IReadOnlyList<string> near) => new(
        FailureKind.Configuration,
        $"Salesforce has no object '{name}', or the user of the connection may not see it.{(near.Count > 0 ? $" It has {string.Join(", ", near)}." : "")}",
        "Write the object's API name as `hub discover` shows it (custom ones end in `__c`), and give the user the right to read it.",
        inner) { Code = "INVALID_TYPE" };
}
