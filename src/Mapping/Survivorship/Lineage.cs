using System.Globalization;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>Tells afterwards why a golden field is what it is. Asks the same choices that made it, so it cannot tell another story.</summary>
internal static class Lineage
{
    private const string ByHand = "corrected by a steward";

    private static readonly Comparer<Member> s_byNumber = Comparer<Member>.Create(Choice.ByNumber);

    /// <summary>Adds the lineage of the fields of one choice.</summary>
    public static void Add(List<FieldLineage> lineage, Choice choice, EntityRecord golden, IReadOnlyList<Member> members)
    {
        var winner = choice.Winner(members);
        if (winner < 0)
            return;
        var rule = Rule(choice, members, winner);
        foreach (var field in choice.Fields)
        {
            var value = golden[field.Ordinal];
            if (value.IsEmpty)
                continue;
            var corrector = choice.Name is null ? -1 : NameFields.Corrector(members, field.Ordinal);
            var decided = corrector < 0 ? winner : corrector;
            var from = new List<Member> { members[decided] };
            var others = new List<LostValue>();
            for (var i = 0; i < members.Count; i++)
            {
                var offered = choice.ValueOf(members[i].Record, field.Ordinal);
                if (i == decided || offered.IsEmpty || members[i].Vouches)
                    continue;
                if (offered == value)
                    from.Add(members[i]);
                else
                    others.Add(new LostValue(offered, members[i], corrector >= 0 ? ByHand : Lost(choice, members, winner, i)));
            }

            Sort(from, others);
            lineage.Add(new FieldLineage(field, value, from, corrector < 0 ? rule : ByHand, others));
        }
    }

    /// <summary>Adds the lineage of a list.</summary>
    public static void Add(List<FieldLineage> lineage, ListChoice list, EntityRecord golden, IReadOnlyList<Member> members)
    {
        var value = golden[list.Ordinal];
        if (value.IsEmpty)
            return;
        var givers = list.Givers(members);
        var rule = list.Single is not null && givers.Count > 0 ? Rule(list.Single, members, givers[0])
            : givers.Count == 1 && members[givers[0]].IsSteward ? ByHand
            : givers.Count <= 1 ? "the only value"
            : string.Create(CultureInfo.InvariantCulture, $"union of {givers.Count} records");

        var elements = value.AsList;
        var from = givers.Select(index => members[index]).ToList();
        var others = new List<LostValue>();
        var why = list.Single is null ? givers.Count == 1 && members[givers[0]].IsSteward ? ByHand : "a placeholder, or no valid value" : "the list of one record is taken";
        foreach (var member in members.Where(member => !member.Vouches).OrderBy(member => member, s_byNumber))
        {
            foreach (var element in member.Record[list.Ordinal].AsList.Where(element => !element.IsEmpty && !elements.Contains(element)))
                others.Add(new LostValue(element, member, why));
        }

        // The list may hold no more than the main value, which a record gave that has no list.
        if (from.Count == 0)
            from.AddRange(members.Where(member => !member.Vouches && list.Has(member.Record, elements[0])).OrderBy(member => member, s_byNumber));
        lineage.Add(new FieldLineage(list.Field, value, from, rule, others));
    }

    private static string Rule(Choice choice, IReadOnlyList<Member> members, int winner)
    {
        if (members[winner].IsSteward)
            return ByHand;

        if (choice.CandidatesOf(members).Decided is not null)
            return "a conflict was decided for it";

        // What counts is what set the winner apart from the best of those who would have given something else.
        var candidates = choice.CandidatesOf(members);
        int rival = -1, agreeing = 0;
        var onlyFull = false;
        for (var i = 0; i < members.Count; i++)
        {
            if (i == winner || members[i].Vouches || !choice.TakesPart(members[i].Record))
                continue;
            if (choice.Agree(members[i].Record, members[winner].Record))
                agreeing++;
            else if (!choice.Runs(candidates, members[i]))
                onlyFull |= !members[i].IsSteward;
            else if (rival < 0 || choice.Compare(members, candidates, i, rival, out _) > 0)
                rival = i;
        }

        var words = "the only value";
        if (rival >= 0)
        {
            choice.Compare(members, candidates, winner, rival, out var reason);
            words = Words(reason);
        }
        else if (onlyFull)
            words = "given and family name apart";
        else if (agreeing > 0)
            words = "all agree";
        return choice.Fields.Length > 1 && rival >= 0 ? $"{words} ({choice.Fields[0].Group} moves as one)" : words;
    }

    private static string Lost(Choice choice, IReadOnlyList<Member> members, int winner, int loser)
    {
        var candidates = choice.CandidatesOf(members);
        if (candidates.Decided is not null)
            return "a conflict was decided against it";
        if (!choice.Runs(candidates, members[loser]))
            return members[winner].IsSteward ? ByHand : choice.IsCopy(members[loser]) ? "it repeats what the hub wrote there" : "the whole name in one field";
        if (choice.Compare(members, candidates, winner, loser, out var reason) <= 0)
            return "";
        return reason switch
        {
            Reason.No => "another said no",
            Reason.Real => "a placeholder, or no valid value",
            Reason.Verified => "not verified",
            Reason.Longest => "shorter",
            Reason.Lowest => "not the lowest",
            Reason.Highest => "not the highest",
            Reason.Recent => choice.ChangedAt(members[loser]) is null ? "of unknown age" : "older",
            Reason.Priority => "less trusted source",
            Reason.Frequent => "fewer records say so",
            Reason.Complete => "less complete",
            _ => "later record number, a tie",
        };
    }

    private static string Words(Reason reason) => reason switch
    {
        Reason.Real => "the others are placeholders or not valid",
        Reason.Verified => "verified",
        Reason.Lowest => "lowest",
        Reason.Highest => "highest",
        Reason.No => "a no from anyone is a no",
        Reason.Longest => "longest",
        Reason.Recent => "most recent",
        Reason.Priority => "source priority",
        Reason.Frequent => "most frequent",
        Reason.Complete => "most complete",
        _ => "lowest record number, a tie",
    };

    // The first is the one that decided; the rest by number, so that the story does not depend on the order of the members.
    private static void Sort(List<Member> from, List<LostValue> others)
    {
        from.Sort(1, from.Count - 1, s_byNumber);
        others.Sort((a, b) => Choice.ByNumber(a.Member, b.Member));
    }
}
