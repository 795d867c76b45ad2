using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Integration.Mapping.Tests.Survivorship;

public sealed class SurvivorPropertyTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(500);

    private static readonly SurvivorshipRule[] s_rules = [SurvivorshipRule.Recent, SurvivorshipRule.Priority, SurvivorshipRule.Frequent, SurvivorshipRule.Complete, SurvivorshipRule.Longest, SurvivorshipRule.Verified];

    private static readonly string[] s_connections = ["crm", "erp", "shop", Survivor.Steward];

    // Few values, so that ties, agreement and gaps are common.
    private static readonly Gen<Value> s_text = Gen.Elements<Value>(Value.Null, Value.Null, "", "a", "b", "cc", "ddd", "n/a", "a@b.at", "test@test.com", "yes");

    private static readonly Gen<Value> s_list = s_text.ListOf(3).Select(items => Value.List([.. items]));

    private static readonly Gen<EntityRecord> s_record = Gen.CollectToArray(BuiltInModel.Customer.Fields.Select(Values)).Select(values =>
    {
        var record = new EntityRecord(BuiltInModel.Customer);
        for (var i = 0; i < values.Length; i++)
            record[i] = values[i];
        return record;
    });

    private static readonly Gen<Member[]> s_members =
        from count in Gen.Choose(1, 6)
        from records in s_record.ArrayOf(count)
        from connections in Gen.Elements(s_connections).ArrayOf(count)
        from hours in Gen.Choose(0, 3).ArrayOf(count)
        from changes in Gen.Choose(0, 4).ArrayOf(count)
        from vouches in Gen.Elements(true, false, false).ArrayOf(count)
        select records.Select((record, i) => new Member(i + 1, connections[i], $"s{i}",
            hours[i] == 0 ? null : DateTimeOffset.UnixEpoch.AddHours(hours[i]), record)
        {
            Times = hours[i] == 0 || changes[i] > 2 ? null : FieldTimes.Parse($$"""{"":{{changes[i] * 1000}},"address.city":{{hours[i] * 3600000}}}"""),
            Vouches = i > 0 && connections[i] == Survivor.Steward && vouches[i],
        }).ToArray();

    private static readonly Gen<Survivor> s_survivor =
        from rule in Gen.Elements(s_rules)
        from own in Gen.Elements(s_rules)
        from then in Gen.Elements(s_rules)
        from verified in Gen.Elements<string?>(null, "jobTitle")
        select new Survivor(BuiltInModel.Customer, new SurvivorshipSettings
        {
            Default = rule == SurvivorshipRule.Verified ? SurvivorshipRule.Recent : rule,
            Priority = ["erp", "crm"],
            Fields = new Dictionary<string, FieldSurvivorship> { ["address"] = new() { Rule = own, Then = [then], VerifiedWhen = verified }, ["phones[]"] = new() { Rule = own }, ["birthDate"] = new() { Rule = SurvivorshipRule.Min, VerifiedBy = ["shop"] } },
        });

    /// <summary>Many members are counted in another way than few.</summary>
    [Fact]
    public void Everybody_there_twenty_times_gives_the_same() => Hold((survivor, members, _) =>
        RecordJson.ToJson(survivor.Merge(members)) == RecordJson.ToJson(survivor.Merge([.. Enumerable.Range(0, 20).SelectMany(copy => members.Select(member => member with { RecordId = member.RecordId + (copy * 100) }))])));

    [Fact]
    public void The_order_of_the_members_does_not_matter() => Hold((survivor, members, shuffled) =>
        RecordJson.ToJson(survivor.Merge(members)) == RecordJson.ToJson(survivor.Merge(shuffled)) && Story(survivor, members) == Story(survivor, shuffled));

    [Fact]
    public void A_golden_record_merged_again_is_the_same() => Hold((survivor, members, _) =>
    {
        var golden = survivor.Merge(members);
        return survivor.Merge([new Member(99, "crm", "g", null, golden)]).Equals(golden);
    });

    [Fact]
    public void Two_copies_of_one_record_give_what_one_gives() => Hold((survivor, members, _) =>
    {
        var member = members[0];
        return survivor.Merge([member, member with { RecordId = 50 }]).Equals(survivor.Merge([member]));
    });

    [Fact]
    public void An_address_is_one_record_s_and_never_half_of_another_s() => Hold((survivor, members, _) =>
    {
        var golden = survivor.Merge(members);
        return Group("address", golden) is var address && (address.All(value => value.IsEmpty) || members.Any(member => !member.Vouches && Same(Group("address", member.Record), address)));
    });

    [Fact]
    public void A_name_is_one_record_s_where_no_steward_corrects_it() => Hold((survivor, members, _) =>
    {
        members = [.. members.Select(member => member.Connection == Survivor.Steward ? member with { Connection = "web", Vouches = false } : member)];
        var name = Group("name", survivor.Merge(members));
        return name.All(value => value.IsEmpty) || members.Any(member => Same(Group("name", member.Record), name));
    });

    [Fact]
    public void Who_only_vouches_gives_nothing() => Hold((survivor, members, _) =>
        survivor.Explain(members).Fields.All(line => line.From.All(member => !member.Vouches) && line.Others.All(lost => !lost.Member.Vouches)));

    [Fact]
    public void Nothing_is_made_up() => Hold((survivor, members, _) =>
    {
        var golden = survivor.Merge(members);
        return BuiltInModel.Customer.Fields.All(field => golden[field.Ordinal].AsList.All(value =>
            members.Any(member => Offers(member.Record, field).Contains(value))));
    });

    [Fact]
    public void The_main_value_is_the_first_of_its_list() => Hold((survivor, members, _) =>
    {
        var golden = survivor.Merge(members);
        return BuiltInModel.Customer.Fields.Where(field => field.Primary is not null).All(list =>
            golden[list.Ordinal].AsList is var elements && (elements is [var first, ..] ? first : Value.Null) == golden[list.Primary!]
            && elements.Distinct().Count() == elements.Count);
    });

    [Fact]
    public void Every_filled_field_has_a_lineage_that_gives_its_value() => Hold((survivor, members, _) =>
    {
        var (golden, fields) = survivor.Explain(members);
        return fields.Select(line => line.Field.Path).SequenceEqual(golden.Type.Fields.Where(field => !golden[field.Ordinal].IsEmpty).Select(field => field.Path))
            && fields.All(line => line.Value == golden[line.Field.Ordinal] && line.From.Count > 0 && line.Rule.Length > 0
                && line.Others.All(other => !line.Value.AsList.Contains(other.Value)));
    });

    private static Value[] Group(string group, EntityRecord record) => [.. record.Type.Fields.Where(field => field.Group == group).Select(field => record[field.Ordinal])];

    private static bool Same(Value[] a, Value[] b) => a.Zip(b).All(pair => pair.First == pair.Second || (pair.First.IsEmpty && pair.Second.IsEmpty));

    private static void Hold(Func<Survivor, Member[], Member[], bool> law)
    {
        var cases = from survivor in s_survivor
                    from members in s_members
                    from shuffled in Gen.Shuffle(members)
                    select (survivor, members, shuffled);
        Prop.ForAll(cases.ToArbitrary(), one => law(one.survivor, one.members, one.shuffled)).Check(s_config);
    }

    private static string Story(Survivor survivor, Member[] members) => string.Join('\n', survivor.Explain(members).Fields.Select(line =>
        $"{line.Field.Path}={line.Value} {line.Rule} {string.Join(',', line.From.Select(member => member.RecordId))} {string.Join(',', line.Others.Select(other => other.Value.ToText() + other.Member.RecordId + other.Why))}"));

    private static Gen<Value> Values(EntityField field) => field.Type switch
    {
        FieldType.TextList => Gen.OneOf(Gen.Constant(Value.Null), s_list),
        FieldType.Boolean => Gen.Elements(Value.Null, Value.Boolean(true), Value.Boolean(false)),
        FieldType.Date => Gen.Elements(Value.Null, Value.Date(new DateOnly(1980, 1, 1)), Value.Date(new DateOnly(1981, 1, 1))),
        _ => s_text,
    };

    private static IEnumerable<Value> Offers(EntityRecord record, EntityField field)
    {
        var related = record.Type.Fields.Where(other => other.Primary == field.Path || field.Primary == other.Path).Append(field);
        return related.SelectMany(other => record[other.Ordinal].AsList);
    }
}
