using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Fxiaoke;

/// <summary>The tenant: its records, what can be done to them, and how they look on the wire. Times are kept to the millisecond.</summary>
internal sealed class FxiaokeTenant(Func<DateTimeOffset> now)
{
    public const string Company = "sandbox", Employee = "1000", Colleague = "1001";
    public const int Number = 691413;
    private long _lastId = 40_000_000;

    public IReadOnlyList<FxiaokeObject> Objects { get; } = FxiaokeObjects.Make();
    public HashSet<(string Object, string Field)> Dropped { get; } = [];
    public HashSet<(string Object, string Field)> Hidden { get; } = [];

    /// <summary>Told of each change: object, record, what happened (create, update, invalid, delete).</summary>
    public event Action<FxiaokeObject, string, string>? Happened;

    public DateTimeOffset Now => Milliseconds(now());

    public static string Id(long number) => string.Create(CultureInfo.InvariantCulture, $"65e0f1c2{number:x16}");

    public string NewId() => Id(++_lastId);

    public void IdsFrom(long number) => _lastId = number;

    public FxiaokeObject Object(string? apiName) => Objects.FirstOrDefault(kind => kind.ApiName == apiName) ?? throw FxiaokeRefusal.Illegal("dataObjectApiName");

    public bool Sees(FxiaokeObject kind, string field) => !Dropped.Contains((kind.ApiName, field)) && !Hidden.Contains((kind.ApiName, field));

    public Row Create(FxiaokeObject kind, Dictionary<string, object?> values, string by, string? id = null)
    {
        Demand(kind, values, isNew: true);
        var row = new Row(id ?? NewId(), Now, by);
        values[FxiaokeObject.Owner] ??= by;
        values["record_type"] ??= "default__c";
        values[FxiaokeObject.LifeStatus] = "normal";
        values[FxiaokeObject.LockStatus] = "0";
        kind.Table.Add(row, values);
        Happened?.Invoke(kind, row.Id, "create");
        return row;
    }

    public void Update(FxiaokeObject kind, Row row, Dictionary<string, object?> changes, string by)
    {
        if (IsInvalid(kind, row))
            throw FxiaokeRefusal.Record(305, "数据已作废，不能编辑");
        if (kind.Table.Value(row, FxiaokeObject.LockStatus) is "1")
            throw Locked();
        Demand(kind, changes, isNew: false);
        // The owner is changed by another call.
        changes.Remove(FxiaokeObject.Owner);
        kind.Table.Change(row, changes, Now, by);
        Happened?.Invoke(kind, row.Id, "update");
    }

    /// <summary>Into the recycle bin, from which only <see cref="Delete"/> takes it for good.</summary>
    public void Invalidate(FxiaokeObject kind, Row row, string by)
    {
        if (IsInvalid(kind, row))
            return;
        Set(kind, row, new() { [FxiaokeObject.LifeStatusBefore] = kind.Table.Value(row, FxiaokeObject.LifeStatus), [FxiaokeObject.LifeStatus] = "invalid" }, by);
        Happened?.Invoke(kind, row.Id, "invalid");
    }

    public void Recover(FxiaokeObject kind, Row row, string by)
    {
        Set(kind, row, new() { [FxiaokeObject.LifeStatus] = kind.Table.Value(row, FxiaokeObject.LifeStatusBefore) ?? "normal", [FxiaokeObject.LifeStatusBefore] = null }, by);
        Happened?.Invoke(kind, row.Id, "update");
    }

    public void Delete(FxiaokeObject kind, Row row)
    {
        if (!IsInvalid(kind, row))
            throw FxiaokeRefusal.Record(306, "数据未作废，不能删除");
        kind.Table.Remove(row);
        Happened?.Invoke(kind, row.Id, "delete");
    }

    public void Lock(FxiaokeObject kind, Row row, bool isLocked, string by) => Set(kind, row, new() { [FxiaokeObject.LockStatus] = isLocked ? "1" : "0" }, by);

    public static bool IsInvalid(FxiaokeObject kind, Row row) => kind.Table.Value(row, FxiaokeObject.LifeStatus) is "invalid";

    public static FxiaokeRefusal Locked() => FxiaokeRefusal.Record(303, "数据已锁定，不能编辑");

    /// <summary>A record as it is sent. What is empty is left out unless asked for.</summary>
    public JsonObject Show(FxiaokeObject kind, Row row, IReadOnlyCollection<string>? only, bool withEmpty, Func<string, bool> sees, Func<string, string> person)
    {
        var shown = new JsonObject { ["_id"] = row.Id };
        void Put(string name, JsonNode? value)
        {
            if ((only is null || only.Contains(name)) && (value is not null || withEmpty))
                shown[name] = value;
        }

        foreach (var field in kind.Table.Fields.Where(field => sees(field.Name)))
        {
            var value = kind.Table.Value(row, field.Name);
            Put(field.Name, FxiaokeValues.Write(field, value, person));
            // What follows from a reference comes with it, whether named or not.
            if (field.Kind == FieldKind.Reference && value is string id && Object(field.Target).Table.Get(id) is { } target && (only is null || only.Contains(field.Name)))
                shown[field.Name + "__r"] = (string?)Object(field.Target).Table.Value(target, "name");
            if (field.Kind == FieldKind.User && value is string user && (only is null || only.Contains(field.Name)))
                shown[field.Name + "__r"] = user == Employee ? "集成" : "张伟";
        }

        Put("create_time", row.Created.ToUnixTimeMilliseconds());
        Put("created_by", new JsonArray(person(row.CreatedBy)));
        Put("last_modified_time", row.Modified.ToUnixTimeMilliseconds());
        Put("last_modified_by", new JsonArray(person(row.ModifiedBy)));
        Put("data_own_department", new JsonArray("1000"));
        Put("is_deleted", false);
        Put("version", row.Version);
        Put("tenant_id", Number.ToString(CultureInfo.InvariantCulture));
        Put("object_describe_api_name", kind.ApiName);
        return shown;
    }

    public static DateTimeOffset Milliseconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    private void Set(FxiaokeObject kind, Row row, Dictionary<string, object?> changes, string by) => kind.Table.Change(row, changes, Now, by);

    private static void Demand(FxiaokeObject kind, Dictionary<string, object?> values, bool isNew)
    {
        foreach (var field in kind.Table.Fields.Where(field => isNew && !values.ContainsKey(field.Name)).ToList())
            values[field.Name] = null;
        if (kind.Table.Fields.FirstOrDefault(field => field.Required && values.TryGetValue(field.Name, out var value) && value is null) is { } missing)
            throw FxiaokeRefusal.Record(301, $"[{missing.Label}]不能为空");
    }
}
