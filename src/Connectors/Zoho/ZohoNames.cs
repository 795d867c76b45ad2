using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>
/// The names of referenced records. A bulk file has only their ids, where a list has both; without the names the same record would look
/// changed when it next comes by a list.
/// </summary>
internal sealed class ZohoNames(ZohoApi api, ZohoRows rows)
{
    private const int IdsAtOnce = 100;

    /// <summary>Names that are kept; when there are more, those of the oldest batch are forgotten and asked for again.</summary>
    private const int Kept = 200_000;

    private readonly Dictionary<string, string?> _names = new(StringComparer.Ordinal);
    private bool _usersKnown;

    /// <summary>Puts the names in.</summary>
    public async Task CompleteAsync(IReadOnlyList<Value[]> records, CancellationToken cancellationToken)
    {
        foreach (var field in rows.Fields.Where(field => field.IsReference))
        {
            var at = rows.Ordinal(field.Name);
            var unknown = records.Select(values => IdOf(values[at])).OfType<string>().Where(id => !_names.ContainsKey(id)).Distinct(StringComparer.Ordinal).ToList();
            if (_names.Count + unknown.Count > Kept)
                _names.Clear();
            if (unknown.Count > 0 && field.Target is { } module)
                await LearnAsync(module, unknown, cancellationToken);
            else if (unknown.Count > 0)
                await LearnUsersAsync(unknown, cancellationToken);
            foreach (var values in records)
            {
                if (IdOf(values[at]) is { } id)
                    values[at] = ZohoValues.Reference(id, _names.GetValueOrDefault(id));
            }
        }
    }

    private static string? IdOf(Value value) => value.AsObject is { } members && members.TryGetValue("id", out var id) ? id.ToText() : null;

    private async Task LearnAsync(string module, List<string> ids, CancellationToken cancellationToken)
    {
        var name = NameField(module);
        foreach (var some in ids.Chunk(IdsAtOnce))
        {
            using var reply = await api.SendAsync(ZohoCall.Get($"/crm/v8/{Uri.EscapeDataString(module)}?fields={name}&ids={string.Join(',', some)}"), cancellationToken);
            foreach (var record in reply.Data)
                _names[record.TextOf(ZohoField.Id) ?? ""] = record.TextOf(name);
            // One that is gone or hidden has no name, and is not asked for again.
            foreach (var id in some)
                _names.TryAdd(id, null);
        }
    }

    private async Task LearnUsersAsync(List<string> ids, CancellationToken cancellationToken)
    {
        for (var page = 1; !_usersKnown; page++)
        {
            using var reply = await api.SendAsync(ZohoCall.Get($"/crm/v8/users?type=AllUsers&per_page={ZohoApi.PageRows}&page={page}"), cancellationToken);
            foreach (var user in reply.Root.ListOf("users"))
                _names[user.TextOf(ZohoField.Id) ?? ""] = user.TextOf("full_name");
            _usersKnown = !reply.More;
        }

        foreach (var id in ids)
            _names.TryAdd(id, null);
    }

    /// <summary>The field that stands for a record of a module where another refers to it.</summary>
    private static string NameField(string module) => module switch
    {
        "Contacts" or "Leads" => "Full_Name",
        "Accounts" => "Account_Name",
        "Deals" => "Deal_Name",
        "Products" => "Product_Name",
        "Vendors" => "Vendor_Name",
        "Campaigns" => "Campaign_Name",
        "Price_Books" => "Price_Book_Name",
        "Sales_Orders" or "Purchase_Orders" or "Quotes" or "Invoices" or "Tasks" or "Calls" or "Cases" => "Subject",
        "Events" => "Event_Title",
        "Solutions" => "Solution_Title",
        _ => "Name",
    };
}
