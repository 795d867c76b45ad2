using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Hub.Matching;

/// <summary>What an entity's records are like, as far as matching is concerned.</summary>
/// <param name="Records">How many there are.</param>
/// <param name="LookedAt">How many were read: all, or the first of very many.</param>
/// <param name="Fields">The fields that matching compares.</param>
/// <param name="Keys">The kinds of keys by which records meet.</param>
internal sealed record MatchProfile(long Records, long LookedAt, IReadOnlyList<ProfiledField> Fields, IReadOnlyList<ProfiledKey> Keys)
{
    // Enough to know shares by, and some seconds.
    private const int MostRecords = 200_000;
    private const int TopValues = 3;

    /// <summary>Reads the store.</summary>
    /// <param name="transaction">Reads it.</param>
    /// <param name="entity">The entity, with a matcher.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static MatchProfile Of(StoreTransaction transaction, EntityConfiguration entity, CancellationToken cancellationToken)
    {
        var matcher = entity.Matcher!;
        var fields = entity.Type.Fields.Where(field => field.Role != FieldRole.None).ToList();
        var filled = new long[fields.Count];
        var placeholders = new long[fields.Count];
        var values = fields.ConvertAll(_ => new Dictionary<string, int>(StringComparer.Ordinal));
        var keys = new Dictionary<MatchKey, int>();
        var some = new List<MatchKey>();
        var looked = 0L;
        using (var rows = transaction.Read(
            "select r.data from source_record r join inbound i on i.id = r.inbound_id where i.entity = @entity and r.gone_run is null order by r.id limit @most",
            ("entity", entity.Type.Name),
            ("most", MostRecords)))
        {
            while (rows.Next())
            {
                cancellationToken.ThrowIfCancellationRequested();
                looked++;
                var record = RecordJson.Read(entity.Type, rows.Utf8(0));
                for (var i = 0; i < fields.Count; i++)
                    Count(record[fields[i].Ordinal], fields[i].Role, values[i], ref filled[i], ref placeholders[i]);
                some.Clear();
                matcher.Keys(matcher.Extract(record), some);
                foreach (var key in some)
                    keys[key] = keys.GetValueOrDefault(key) + 1;
            }
        }

        var total = transaction.Scalar<long?>("select records from entity_total where entity = @entity", new { entity = entity.Type.Name }) ?? 0;
        return new MatchProfile(
            Math.Max(total, looked),
            looked,
            [.. fields.Select((field, i) => new ProfiledField(field.Path, filled[i], placeholders[i], values[i].Count, Top(values[i])))],
            [.. keys.GroupBy(key => key.Key.Kind).OrderBy(kind => kind.Key).Select(kind => Key(kind.Key, [.. kind.Select(key => key.Value)], matcher.Settings.KeyLimit))]);
    }

    private static void Count(Value value, FieldRole role, Dictionary<string, int> values, ref long filled, ref long placeholders)
    {
        if (value.IsEmpty)
            return;
        filled++;
        var elements = value.Kind == ValueKind.List ? value.AsList : [value];
        if (elements.Any(element => Placeholders.IsPlaceholder(role, element)))
            placeholders++;
        foreach (var element in elements)
        {
            if (element.ToText() is { Length: > 0 } text)
                values[text] = values.GetValueOrDefault(text) + 1;
        }
    }

    private static List<ProfiledValue> Top(Dictionary<string, int> values) =>
        [.. values.OrderByDescending(value => value.Value).ThenBy(value => value.Key, StringComparer.Ordinal).Take(TopValues).Select(value => new ProfiledValue(Masked(value.Key), value.Value))];

    /// <summary>"M… (6)": the first letter and the length; never a whole value.</summary>
    private static string Masked(string text) => text.Length < 3 ? FormattableString.Invariant($"… ({text.Length})") : FormattableString.Invariant($"{text.EnumerateRunes().First()}… ({text.Length})");

    private static ProfiledKey Key(MatchKeyKind kind, int[] counts, int limit)
    {
        var used = counts.Where(count => count <= limit).ToArray();
        return new ProfiledKey(KeyNames.Of(kind.ToString()), counts.Sum(count => (long)count), counts.Length, counts.Length - used.Length, counts.Max(), used.Sum(count => (long)count * (count - 1) / 2));
    }
}

/// <summary>A field of the profile.</summary>
/// <param name="Field">Its path.</param>
/// <param name="Filled">In how many records it is filled.</param>
/// <param name="Placeholders">In how many of them with what counts for nothing, such as 000000.</param>
/// <param name="Distinct">How many different values there are.</param>
/// <param name="Top">The most frequent ones, masked.</param>
internal sealed record ProfiledField(string Field, long Filled, long Placeholders, long Distinct, IReadOnlyList<ProfiledValue> Top);

/// <summary>A value: its first letter and length, and how many records have it.</summary>
internal sealed record ProfiledValue(string Masked, long Records);

/// <summary>A kind of key.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Records">How many records have one, each counted as often as it has keys of the kind.</param>
/// <param name="Distinct">How many different keys.</param>
/// <param name="Hot">How many of them more records share than the limit allows.</param>
/// <param name="Largest">How many records share the most common one.</param>
/// <param name="Pairs">The pairs that the rest bring together.</param>
internal sealed record ProfiledKey(string Kind, long Records, long Distinct, long Hot, long Largest, long Pairs);
