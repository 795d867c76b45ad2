using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>What a push writes to: the module, the key, and the type of each field.</summary>
internal sealed class ZohoTarget
{
    private readonly ZohoField[] _fields;

    private ZohoTarget(ZohoModule module, ZohoField key, ZohoField[] fields) => (Module, Key, _fields) = (module, key, fields);

    public ZohoModule Module { get; }

    public ZohoField Key { get; }

    public IReadOnlyList<ZohoField> Fields => _fields;

    /// <exception cref="ConnectorException">A field is not there or takes no values, or the key does not tell records apart.</exception>
    public static ZohoTarget Of(ZohoModule module, PushRequest request)
    {
        var fields = request.Fields.Select(name => Writable(module, name)).ToArray();
        var key = module.Find(request.KeyField) ?? throw Wrong(module, request.KeyField, "is not there");
        if (!key.Unique && !IsCheckedAnyway(module.Name, key.Name))
        {
            throw new ConnectorException(
                FailureKind.Configuration,
                $"The key '{key.Name}' of {module.Name} is not unique in Zoho, so that a new record could not be told from one that is there.",
                $"Make a text field for the hub's key in Zoho under Setup, Customization, Modules and Fields ({module.Name}), tick \"Do not allow duplicate values\", and name it as `key`: Hub_Id.");
        }

        return new(module, key, fields);
    }

    /// <summary>Makes the record to send.</summary>
    /// <param name="write">The write.</param>
    /// <param name="isNew">Whether all fields go, or only those that changed.</param>
    /// <param name="record">The record, with its id when it is there already.</param>
    /// <param name="refused">Why not: a value that the field cannot hold.</param>
    public bool TryMake(Write write, bool isNew, [NotNullWhen(true)] out JsonObject? record, out WriteOutcome? refused)
    {
        (record, refused) = ([], null);
        if (!isNew)
            record[ZohoField.Id] = write.ExternalId;
        for (var i = 0; i < _fields.Length; i++)
        {
            var field = _fields[i];
            var value = write.Values[i];
            if (isNew ? value.IsEmpty || !field.Creatable : !write.Changed[i] || !field.Updatable)
                continue;
            if (!ZohoValues.TryWrite(value, field, out var json))
            {
                (record, refused) = (null, new(write.Id, FailureKind.Rejected, $"the value for '{field.Name}' is not a {field.Type}.") { Field = field.Name, Fault = field.IsReference ? WriteFault.BadReference : WriteFault.BadValue });
                return false;
            }

            record[field.Name] = json;
        }

        return true;
    }

    /// <summary>Whether a record holds what a write would have put into it.</summary>
    public bool Holds(JsonElement record, string name, JsonNode? written)
    {
        if (name == ZohoField.Id)
            return true;
        if (Module.Find(name) is not { } field || !record.TryGetProperty(name, out var there))
            return false;
        var (left, right) = (ZohoValues.Read(there, field), written is null ? Value.Null : ZohoValues.Read(JsonSerializer.SerializeToElement(written), field));
        return left == right || (left.IsEmpty && right.IsEmpty) || (field.IsReference && left.AsObject is { } mine && right.AsObject is { } theirs && mine["id"] == theirs["id"]);
    }

    private static ZohoField Writable(ZohoModule module, string name)
    {
        var field = module.Find(name) ?? throw Wrong(module, name, "is not there");
        return field.Creatable || field.Updatable ? field : throw Wrong(module, name, field.Name == ZohoField.Id ? "is given by Zoho and cannot be written" : "cannot be written by the user of the connection");
    }

    private static ConnectorException Wrong(ZohoModule module, string name, string what)
    {
        var alike = module.Fields.FirstOrDefault(other => string.Equals(other.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(other.Label, name, StringComparison.OrdinalIgnoreCase))?.Name;
        return new(
            FailureKind.Configuration,
            $"The field '{name}' of {module.Name} {what}; nothing was sent.",
            $"{(alike is null || alike == name ? "" : $"Did you mean '{alike}'? ")}Correct the mapping: `hub discover` lists the fields with their API names and says which can be written; or give the user's profile the right to it.");
    }

    // What Zoho compares of its own in an upsert, whether the field is unique or not.
    private static bool IsCheckedAnyway(string module, string field) => (module, field) is
        ("Leads" or "Contacts", "Email") or ("Accounts", "Account_Name") or ("Deals", "Deal_Name") or ("Products", "Product_Name") or ("Campaigns", "Campaign_Name") or ("Vendors", "Vendor_Name");
}
