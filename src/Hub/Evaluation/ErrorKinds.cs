using Crm.Integration.Hub.Matching;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Evaluation;

/// <summary>Names what a wrong or missed pair looks like, by what the comparison itself says of it.</summary>
internal static class ErrorKinds
{
    // No contradiction, but what agreements of one household take from each other.
    private const string CountedOnce = "counted once";

    /// <summary>A pair that should not be together.</summary>
    public static string OfWrong(ulong pair, PairExplanation why)
    {
        double Bits(string comparison) => why.Steps.Where(step => step.Comparison == comparison).Sum(step => step.Bits);
        bool Says(string comparison, string level) => why.Steps.Any(step => step.Comparison == comparison && step.Level == level);

        if (Says("company", "branch or sister") || why.Score.Guard == MatchGuard.Branches)
            return "branches or sisters of one company";
        if (why.Score.Guard is MatchGuard.Generation or MatchGuard.Namesakes || Bits("Jr/Sr") < 0)
            return "father and son: one name, a generation apart";
        if (why.Score.Guard == MatchGuard.Twins)
            return "twins";
        if (why.Score.Guard == MatchGuard.PersonAndCompany)
            return "a person and a company";
        var (given, family, birth) = (Bits("given name"), Bits("family name"), Bits("birth date"));
        if (given < 0)
        {
            return Bits("address") > 0 || (family > 0 && Bits("phone") > 0) ? "one home, other given name"
                : Bits("company") > 0 || Says("e-mail", "same firm") || Says("e-mail", "same shared mailbox") ? "colleagues"
                : "other given name";
        }

        if (birth < 0)
            return given > 0 && family > 0 ? "one name, other birth date" : "other birth date";
        if (family < 0)
            return "other family name";
        if (Bits("company") < 0)
            return "other company name";
        if (Bits("address") < 0)
            return "one name, other address";
        return given > 0 && family > 0 && Bits("e-mail") + Bits("phone") + birth <= 0 ? "one name and little else" : "agree in all that is filled in";
    }

    /// <summary>A pair that should be together.</summary>
    /// <param name="why">How it scores.</param>
    /// <param name="settings">The thresholds.</param>
    /// <param name="met">Whether the two share a key that still brings records together.</param>
    /// <param name="compared">Whether matching compares them.</param>
    public static string OfMissed(PairExplanation why, MatchSettings settings, bool met, bool compared)
    {
        if (!met)
            return TwoScripts(why) ? "no key in common: two scripts" : "no key in common: too little alike";
        if (!compared)
            return "one common key only, of many records: not compared";
        if (why.Score.Guard == MatchGuard.NameOnly)
            return GuardWords.Of(why.Score.Guard)!;
        if (why.Score.IsHeldBack)
            return $"held back: {GuardWords.Of(why.Score.Guard)}";
        if (why.Score.Bits >= settings.LinkBits)
            return "alike enough, but other records of the two masters disagree";
        if (why.Score.Bits >= settings.ReviewBits)
            return "left to a person";
        if (TwoScripts(why))
            return "two scripts";
        var against = why.Steps.Skip(1).Where(step => step.Level != CountedOnce).MinBy(step => step.Bits);
        return against is { Bits: < 0 } ? $"{against.Comparison} {(against.Level.Length == 0 ? "differs" : against.Level)}" : "too few fields in common";
    }

    private static bool TwoScripts(PairExplanation why) =>
        why.Steps.Any(step => step is { Left: { } left, Right: { } right, Comparison: "given name" or "family name" or "company" } && HasHan(left) != HasHan(right));

    private static bool HasHan(string text) => text.Any(letter => letter is >= '\u3400' and <= '\u9fff');
}
