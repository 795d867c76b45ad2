using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Insightly;

/// <summary>The instance: its records, and how they look on the wire. Times are kept to the second, UTC, written without a zone.</summary>
internal sealed class InsightlyInstance(Func<DateTimeOffset> now)
{
    public const int Owner = 2240727;
    private long _lastId = 390_000_000;

    public IReadOnlyList<InsightlyObject> Objects { get; } = InsightlyObjects.Make();

    /// <summary>Fields that no longer exist, and those the owner of the key may not see.</summary>
    public HashSet<(string Object, string Field)> Dropped { get; } = [];
    public HashSet<(string Object, string Field)> Hidden { get; } = [];

    /// <summary>Told of each record made or changed: workflows act on these.</summary>
    public event Action<InsightlyObject, Row, string>? Happened;

    public DateTimeOffset Now => Seconds(now());

    public string NewId() => (++_lastId).ToString(CultureInfo.InvariantCulture);

    public void IdsFrom(long number) => _lastId = number;

    public Row Insert(InsightlyObject kind, IReadOnlyDictionary<string, object?> values, string? id = null)
    {
        Demand(kind, values, isNew: true);
        var row = new Row(id ?? NewId(), Now, "");
        kind.Table.Add(row, new Dictionary<string, object?>(values) { ["OWNER_USER_ID"] = values.GetValueOrDefault("OWNER_USER_ID") ?? (decimal)Owner });
        Happened?.Invoke(kind, row, "added");
        return row;
    }

    public void Update(InsightlyObject kind, Row row, IReadOnlyDictionary<string, object?> changes)
    {
        Demand(kind, changes, isNew: false);
        kind.Table.Change(row, changes, Now, "");
        Happened?.Invoke(kind, row, "updated");
    }

    /// <summary>The lead becomes a contact of an organisation.</summary>
    public void Convert(Row lead)
    {
        var (leads, contacts, organisations) = (Objects[2], Objects[0], Objects[1]);
        if (leads.Table.Value(lead, "CONVERTED") is true)
            throw InsightlyRefusal.Bad("The lead has been converted.");
        var company = leads.Table.Value(lead, "ORGANISATION_NAME") as string;
        var organisation = company is null ? null : organisations.Table.Find("ORGANISATION_NAME", company) is [var known, ..] ? known : Insert(organisations, new Dictionary<string, object?> { ["ORGANISATION_NAME"] = company });
        var contact = Insert(contacts, new Dictionary<string, object?>
        {
            ["FIRST_NAME"] = leads.Table.Value(lead, "FIRST_NAME") ?? "-",
            ["LAST_NAME"] = leads.Table.Value(lead, "LAST_NAME"),
            ["EMAIL_ADDRESS"] = leads.Table.Value(lead, "EMAIL"),
            ["PHONE"] = leads.Table.Value(lead, "PHONE"),
            ["PHONE_MOBILE"] = leads.Table.Value(lead, "MOBILE"),
            ["ORGANISATION_ID"] = organisation?.Id,
        });
        Update(leads, lead, new Dictionary<string, object?>
        {
            ["CONVERTED"] = true,
            ["CONVERTED_CONTACT_ID"] = decimal.Parse(contact.Id, CultureInfo.InvariantCulture),
            ["CONVERTED_ORGANISATION_ID"] = organisation is null ? null : decimal.Parse(organisation.Id, CultureInfo.InvariantCulture),
            ["CONVERTED_DATE_UTC"] = Now,
        });
    }

    /// <param name="kind">What the record is.</param>
    /// <param name="row">The record.</param>
    /// <param name="isBrief">Without the lists: custom fields, tags, links.</param>
    /// <param name="sees">Whether a field is shown.</param>
    /// <param name="time">How times are written.</param>
    public static JsonObject Show(InsightlyObject kind, Row row, bool isBrief, Func<string, bool> sees, Func<DateTimeOffset, string> time)
    {
        var shown = new JsonObject { [kind.IdField] = long.Parse(row.Id, CultureInfo.InvariantCulture) };
        var custom = new JsonArray();
        foreach (var field in kind.Table.Fields.Where(field => field.Name != "TAGS" && sees(field.Name)))
        {
            var value = InsightlyValues.Write(field, kind.Table.Value(row, field.Name), time);
            if (!field.Custom)
                shown[field.Name] = value;
            else if (value is not null)
                custom.Add(new JsonObject { ["FIELD_NAME"] = field.Name, ["FIELD_VALUE"] = value, ["CUSTOM_FIELD_ID"] = field.Name });
        }

        shown["DATE_CREATED_UTC"] = time(row.Created);
        shown["DATE_UPDATED_UTC"] = time(row.Modified);
        if (isBrief)
            return shown;
        shown["CUSTOMFIELDS"] = custom;
        shown["TAGS"] = new JsonArray([.. (kind.Table.Value(row, "TAGS") as string[] ?? []).Select(tag => new JsonObject { ["TAG_NAME"] = tag })]);
        shown["DATES"] = new JsonArray();
        shown["LINKS"] = new JsonArray();
        return shown;
    }

    public bool Sees(InsightlyObject kind, string field) => !Dropped.Contains((kind.Name, field)) && !Hidden.Contains((kind.Name, field));

    public static DateTimeOffset Seconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    private static void Demand(InsightlyObject kind, IReadOnlyDictionary<string, object?> values, bool isNew)
    {
        if (kind.Table.Fields.FirstOrDefault(field => field.Required && (isNew || values.ContainsKey(field.Name)) && values.GetValueOrDefault(field.Name) is null) is { } missing)
            throw InsightlyRefusal.Bad($"{missing.Name} is required.");
    }
}
