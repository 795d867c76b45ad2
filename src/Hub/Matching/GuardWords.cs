using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Matching;

/// <summary>What holds a pair back, in words.</summary>
internal static class GuardWords
{
    /// <summary>"they look like twins"; null when nothing holds it back.</summary>
    public static string? Of(MatchGuard guard) => guard switch
    {
        MatchGuard.None => null,
        MatchGuard.DifferentId => "their official ids differ",
        MatchGuard.SharedOnly => "they agree only in what a household or firm shares",
        MatchGuard.DifferentName => "their given names differ",
        MatchGuard.Generation => "they look a generation apart",
        MatchGuard.Twins => "they look like twins",
        MatchGuard.Namesakes => "they have one name and one home, but different phones",
        MatchGuard.PersonAndCompany => "one is a person, one a company",
        MatchGuard.Branches => "they look like branches or sister companies",
        MatchGuard.NameOnly => "only their names agree",
        MatchGuard.Doubtful => "something contradicts, and too little speaks for them",
        _ => "a guard forbids it",
    };
}
