using Crm.Integration.Hub.Configuration;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Hub.Customers;

/// <summary>Where the values of a golden record come from.</summary>
internal static class GoldenLineage
{
    /// <summary>The filled fields, each with the records that gave its value, the rule, and what lost.</summary>
    public static GoldenExplanation Of(EntityConfiguration entity, IReadOnlyList<MemberRow> members) => entity.Survivor.Explain([.. members.Select(member => new Member(
        member.Id,
        member.Connection,
        member.SourceId,
        member.ModifiedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
        RecordJson.Read(entity.Type, member.Data)))]);
}
