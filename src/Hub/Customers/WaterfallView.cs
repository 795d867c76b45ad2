using System.Globalization;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Mapping.Matching;
using Spectre.Console;

namespace Crm.Integration.Hub.Customers;

/// <summary>Why two records are, or are not, one customer: each comparison with what it adds or takes.</summary>
internal static class WaterfallView
{
    private const double BitsPerBar = 1.5;

    /// <summary>Writes the waterfall.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="why">The explanation.</param>
    /// <param name="settings">The thresholds.</param>
    /// <param name="outcome">What became of the pair where the score alone does not say it, or null.</param>
    public static void Write(IAnsiConsole console, PairExplanation why, MatchSettings settings, string? outcome = null)
    {
        var table = Tables.New("compared", "says", "left", "right", "#bits", "");
        foreach (var step in why.Steps)
        {
            var bar = new string(step.Bits < 0 ? '-' : '+', Math.Clamp((int)Math.Round(Math.Abs(step.Bits) / BitsPerBar), 0, 12));
            table.AddRow(
                Tables.Plain(step.Comparison),
                Tables.Plain(step.Level),
                Tables.Plain(Tables.Cut(step.Left, 30)),
                Tables.Plain(Tables.Cut(step.Right, 30)),
                Tables.Plain(Bits(step.Bits)),
                new Markup($"[{(step.Bits < 0 ? "red" : "green")}]{bar}[/]"));
        }

        console.Write(table);
        console.WriteLine();
        console.MarkupLine($"Together [bold]{Bits(why.Score.Bits)} bits[/]: {Markup.Escape(outcome is null ? Verdict(why.Score, settings) : $"{Likely(why.Score.Bits)}; {outcome}")}");
        console.MarkupLine("[grey]Each bit for (+) doubles the odds that they are one, each against (-) halves them.[/]");
    }

    /// <summary>Why a pair waits for a person, in a few words.</summary>
    public static string Doubt(double bits, MatchGuard guard, MatchSettings settings) =>
        Word(guard) ?? (Probability(bits) >= settings.Link ? "other records disagree" : "likely, not certain");

    /// <summary>What follows from a score, in words.</summary>
    public static string Verdict(PairScore score, MatchSettings settings)
    {
        var probability = Likely(score.Bits);
        if (Word(score.Guard) is { } guard && Probability(score.Bits) >= settings.Review)
            return $"{probability}, but not linked: {guard}";
        return Probability(score.Bits) switch
        {
            var p when p >= settings.Link => $"{probability}, linked (from {Percent(settings.Link)})",
            var p when p >= settings.Review => $"{probability}, for a person to decide (from {Percent(settings.Review)}; linked from {Percent(settings.Link)})",
            _ => $"{probability}, not the same (a person is asked from {Percent(settings.Review)})",
        };
    }

    /// <summary>The probability that a weight stands for.</summary>
    public static double Probability(double bits) => 1 / (1 + Math.Pow(2, -bits));

    /// <summary>The probability in words: "97.3%"; never quite 100.</summary>
    public static string Likely(double bits) => Probability(bits) switch
    {
        > 0.9999 => "over 99.99%",
        < 0.001 => "under 0.1%",
        var p => p.ToString("0.0#%", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal),
    };

    private static string? Word(MatchGuard guard) => guard switch
    {
        MatchGuard.None => null,
        MatchGuard.DifferentId => "their official ids differ",
        MatchGuard.SharedOnly => "they agree only in what a household or firm shares",
        MatchGuard.DifferentName => "their given names differ",
        MatchGuard.Generation => "they look a generation apart",
        MatchGuard.Twins => "they look like twins",
        MatchGuard.PersonAndCompany => "one is a person, one a company",
        MatchGuard.Branches => "they look like branches or sister companies",
        MatchGuard.Doubtful => "something contradicts, and too little speaks for them",
        _ => "a guard forbids it",
    };

    private static string Percent(double share) => share.ToString("0.##%", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);

    private static string Bits(double bits) => bits.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);
}
