using Crm.Integration.Hub.Configuration;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Hub.Customers;

/// <summary>Where the values of a golden record come from.</summary>
internal static class GoldenLineage
{
    /// <summary>The filled fields, each with the records that gave its value, the rule, and what lost.</summary>
    public static GoldenExplanation Of(EntityConfiguration entity, IReadOnlyList<MemberRow> members, IReadOnlyList<CorrectionRow> corrections) =>
        entity.Survivor.Explain([.. Members(entity, members, corrections)]);

    /// <summary>What the golden record is made of, as survivorship sees it.</summary>
    public static IEnumerable<Member> Members(EntityConfiguration entity, IReadOnlyList<MemberRow> members, IReadOnlyList<CorrectionRow> corrections) =>
        members.Select(member => new Member(
            member.Id,
            member.Connection,
            member.SourceId,
            member.ModifiedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            RecordJson.Read(entity.Type, member.Data))
        {
            Times = member.Times is null ? null : FieldTimes.Parse(member.Times),
            Decided = member.Decided,
        }).Concat(corrections.Select(correction => correction.ToMember(entity.Type)));

    /// <summary>The names of the records that an explanation speaks of, by their numbers.</summary>
    public static Dictionary<long, string> Names(IReadOnlyList<MemberRow> members, IReadOnlyList<CorrectionRow> corrections) =>
        members.Select(member => (member.Id, member.Name)).Concat(corrections.Select(correction => (-correction.Id, correction.Name))).ToDictionary();
}
