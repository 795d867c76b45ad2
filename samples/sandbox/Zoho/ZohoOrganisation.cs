using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>The organisation: its modules and users. Times are kept to the second and shown with the organisation's offset, as Zoho does.</summary>
internal sealed class ZohoOrganisation(Func<DateTimeOffset> now)
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(1);
    private long _lastId = 1_000_000;
    private readonly Dictionary<string, (string Contact, string Account)> _conversions = new(StringComparer.Ordinal);

    public IReadOnlyList<ZohoModule> Modules { get; } = ZohoModules.Make();

    /// <summary>Fields that no longer exist, and those the user of the hub may not see.</summary>
    public HashSet<(string Module, string Field)> Dropped { get; } = [];
    public HashSet<(string Module, string Field)> Hidden { get; } = [];

    /// <summary>Told of each change: module, what happened (insert, update, delete), id, changed fields.</summary>
    public event Action<ZohoModule, string, string, IReadOnlyCollection<string>>? Happened;

    public DateTimeOffset Now => Seconds(now());

    public void IdsFrom(long number) => _lastId = number;

    public string NewId() => ZohoIds.Of(++_lastId);

    public ZohoModule Module(string apiName) => Modules.FirstOrDefault(module => module.ApiName == apiName) ?? throw ZohoRefusal.Module(apiName);

    public bool Has(ZohoModule module, Field field) => !Dropped.Contains((module.ApiName, field.Name));

    public bool Shows(ZohoModule module, Field field) => Has(module, field) && !Hidden.Contains((module.ApiName, field.Name));

    /// <summary>A field that exists and may be seen, or null.</summary>
    public Field? Visible(ZohoModule module, string name) => module.Table.Field(name) is { } field && Shows(module, field) ? field : null;

    public Row Insert(ZohoModule module, IReadOnlyDictionary<string, object?> values, DateTimeOffset at, string by, string? id = null)
    {
        var row = new Row(id ?? NewId(), Seconds(at), by);
        module.Table.Add(row, new Dictionary<string, object?>(values) { ["Owner"] = values.GetValueOrDefault("Owner") ?? by });
        Happened?.Invoke(module, "insert", row.Id, [.. values.Keys]);
        return row;
    }

    public void Update(ZohoModule module, Row row, IReadOnlyDictionary<string, object?> changes, DateTimeOffset at, string by)
    {
        module.Table.Change(row, changes, Seconds(at), by);
        Happened?.Invoke(module, "update", row.Id, [.. changes.Keys]);
    }

    public void Delete(ZohoModule module, Row row, DateTimeOffset at, string by, string type = "recycle")
    {
        module.Table.Remove(row);
        module.Deletions.Add(new ZohoDeletion(row.Id, Name(module, row), type, Seconds(at), by, row.CreatedBy));
        Happened?.Invoke(module, "delete", row.Id, []);
    }

    /// <summary>A lead becomes a contact of an account; null when it is not there or was converted before.</summary>
    public JsonObject? Convert(string id, DateTimeOffset at, string by)
    {
        var leads = Module("Leads");
        if (leads.Table.Get(id) is not { } lead || !leads.Converted.Add(id))
            return null;
        string[] kept = ["First_Name", "Last_Name", "Email", "Secondary_Email", "Phone", "Mobile", "Fax", "Lead_Source", "Description", "Email_Opt_Out"];
        var (accounts, contacts) = (Module("Accounts"), Module("Contacts"));
        var company = (string)leads.Table.Value(lead, "Company")!;
        var account = accounts.Table.Find("Account_Name", company) is [var known, ..] ? known : Insert(accounts, new Dictionary<string, object?> { ["Account_Name"] = company }, at, by);
        var values = kept.ToDictionary(field => field, field => leads.Table.Value(lead, field));
        values["Account_Name"] = account.Id;
        var contact = Insert(contacts, values, at, by);
        Update(leads, lead, new Dictionary<string, object?>(), at, by);
        _conversions[id] = (contact.Id, account.Id);
        return new JsonObject { ["Contacts"] = contact.Id, ["Accounts"] = account.Id, ["Deals"] = null };
    }

    /// <summary>What a field holds, those included that are not stored but follow from the record.</summary>
    public static object? Value(ZohoModule module, Row row, string field) => field switch
    {
        "id" => row.Id,
        "Created_Time" => row.Created,
        "Modified_Time" => row.Modified,
        "Created_By" => row.CreatedBy,
        "Modified_By" => row.ModifiedBy,
        "Full_Name" => Name(module, row),
        _ => module.Table.Value(row, field),
    };

    public static string Name(ZohoModule module, Row row) => module.NameField == "Full_Name"
        ? $"{module.Table.Value(row, "First_Name")} {module.Table.Value(row, "Last_Name")}".Trim()
        : module.Table.Value(row, module.NameField) as string ?? "";

    /// <summary>A record as Zoho shows it; all fields when none are named.</summary>
    public JsonObject Show(ZohoModule module, Row row, IEnumerable<string>? fields = null)
    {
        var shown = new JsonObject { ["id"] = row.Id };
        foreach (var name in fields ?? module.Table.Fields.Select(field => field.Name))
        {
            if (name == "$converted")
                shown[name] = module.Converted.Contains(row.Id);
            else if (name == "$converted_detail")
                shown[name] = module.Converted.Contains(row.Id) && _conversions.TryGetValue(row.Id, out var became) ? new JsonObject { ["contact"] = became.Contact, ["account"] = became.Account } : [];
            else if (Visible(module, name) is { } field)
                shown[name] = ZohoValues.Write(this, field, Value(module, row, name));
        }

        return shown;
    }

    public static DateTimeOffset Seconds(DateTimeOffset time) => new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
