using System.Text.Json;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Customers;

/// <summary>A master as stored.</summary>
internal sealed record MasterRow
{
    public long Id { get; init; }

    public string Entity { get; init; } = "";

    public string Data { get; init; } = "";

    public long Version { get; init; }

    public long ChangedAt { get; init; }

    public long ChangedRun { get; init; }

    public long? MergedInto { get; init; }

    public long? EndedRun { get; init; }

    /// <summary>The filled fields in the order of the model, as text.</summary>
    public IReadOnlyList<(string Field, string Value)> Fields() => GoldenText.Fields(Data);
}

/// <summary>A golden record as people read it.</summary>
internal static class GoldenText
{
    /// <summary>The filled fields of a record, in the order of the model, as text.</summary>
    public static IReadOnlyList<(string Field, string Value)> Fields(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(member => (member.Name, Text(member.Value)))];
    }

    /// <summary>What to call a record: the name, else whatever identifies it.</summary>
    public static string Title(IReadOnlyList<(string Field, string Value)> fields)
    {
        string? Value(string field) => fields.FirstOrDefault(each => each.Field == field).Value;
        var (given, family) = (Value("name.given"), Value("name.family"));
        if (given is not null && family is not null)
            return IsHan(family) && IsHan(given) ? family + given : $"{given} {family}";
        return given ?? family ?? Value("name.full") ?? Value("name") ?? Value("title") ?? Value("email") ?? Value("phone")
            ?? fields.Select(each => each.Value).FirstOrDefault() ?? "(nothing known)";
    }

    private static bool IsHan(string text) => text.Length > 0 && text.All(c => c is >= '\u4e00' and <= '\u9fff');

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        _ => value.GetRawText(),
    };
}

/// <summary>Looks masters up.</summary>
internal static class MasterQuery
{
    private const string Columns = "id, entity, data, version, changed_at, changed_run, merged_into, ended_run";

    /// <summary>A master, or null.</summary>
    public static MasterRow? Find(MasterStore store, long id) =>
        store.First<MasterRow>($"select {Columns} from master where id = @id", new { id });

    /// <summary>A master, aliases followed to the one that lives on.</summary>
    public static MasterRow? Follow(MasterStore store, long id)
    {
        var row = Find(store, id);
        while (row?.MergedInto is { } into)
            row = Find(store, into);
        return row;
    }

    /// <summary>The source records of a master.</summary>
    public static IReadOnlyList<MemberRow> Members(MasterStore store, long master)
    {
        var decided = store.Query<(long Record, string Field, long At)>(
            "select d.record_id, d.field, d.at from xref x join field_decision d on d.record_id = x.record_id where x.master_id = @master", new { master }).ToLookup(row => row.Record);
        var members = store.Query<MemberRow>(
        """
        select r.id, i.connection, i.stream, i.pipeline, r.source_id, r.data, r.modified_at, r.changed_at, f.times
        from xref x join source_record r on r.id = x.record_id join inbound i on i.id = r.inbound_id left join field_time f on f.record_id = r.id
        where x.master_id = @master order by i.connection, i.stream, r.source_id
        """,
        new { master });
        return decided.Count == 0 ? members : members.ConvertAll(member => member with
        {
            Decided = decided.Contains(member.Id) ? decided[member.Id].ToDictionary(row => row.Field, row => DateTimeOffset.FromUnixTimeMilliseconds(row.At)) : null,
        });
    }

    /// <summary>Where a master was sent.</summary>
    public static IReadOnlyList<DeliveryRow> Deliveries(MasterStore store, long master) => store.Query<DeliveryRow>(
        """
        select o.pipeline, o.connection, o.stream, d."key", d.external_id, d.state, d.error, d.run_id, d.at
        from delivery d join outbound o on o.id = d.outbound_id where d.master_id = @master order by o.pipeline
        """,
        new { master });

    /// <summary>The ids under which a master was known before, those of masters that had been merged into one of these included.</summary>
    public static IReadOnlyList<long> Aliases(MasterStore store, long master) => Aliases(store, master, long.MaxValue);

    /// <summary>The ids that had been merged into a master by an instant.</summary>
    public static List<long> Aliases(MasterStore store, long master, long instant)
    {
        var found = new List<long>();
        for (var next = new List<long> { master }; next.Count > 0;)
        {
            next = [.. next.SelectMany(id => store.Query<long>("select id from master where merged_into = @id and changed_at <= @instant order by id", new { id, instant }))];
            found.AddRange(next);
        }

        found.Sort();
        return found;
    }
}

/// <summary>A source record of a master.</summary>
internal sealed record MemberRow
{
    public long Id { get; init; }

    public string Connection { get; init; } = "";

    public string Stream { get; init; } = "";

    public string Pipeline { get; init; } = "";

    public string SourceId { get; init; } = "";

    public string Data { get; init; } = "";

    public long? ModifiedAt { get; init; }

    public long ChangedAt { get; init; }

    /// <summary>When its fields changed, as <see cref="Mapping.Survivorship.FieldTimes"/> writes it; null where no more is known than of the record.</summary>
    public string? Times { get; init; }

    /// <summary>The fields in which a conflict was decided for it, and when; null for none.</summary>
    public Dictionary<string, DateTimeOffset>? Decided { get; init; }

    /// <summary>"crm/customers.csv/4711".</summary>
    public string Name => $"{Connection}/{Stream}/{SourceId}";
}

/// <summary>The state of a master at a destination.</summary>
internal sealed record DeliveryRow
{
    public string Pipeline { get; init; } = "";

    public string Connection { get; init; } = "";

    public string Stream { get; init; } = "";

    public string Key { get; init; } = "";

    public string? ExternalId { get; init; }

    public string State { get; init; } = "";

    public string? Error { get; init; }

    public long RunId { get; init; }

    public long At { get; init; }
}
