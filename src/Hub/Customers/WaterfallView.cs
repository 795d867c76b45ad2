using System.Globalization;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Matching;
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
    /// <param name="remarks">For each step how common the value is, or null.</param>
    public static void Write(IAnsiConsole console, PairExplanation why, MatchSettings settings, string? outcome, IReadOnlyList<string?> remarks)
    {
        var table = Tables.New("compared", "says", "left", "right", "#bits", "");
        for (var i = 0; i < why.Steps.Count; i++)
        {
            var step = why.Steps[i];
            var bar = new string(step.Bits < 0 ? '-' : '+', Math.Clamp((int)Math.Round(Math.Abs(step.Bits) / BitsPerBar), 0, 12));
            table.AddRow(
                Tables.Plain(step.Comparison),
                Tables.Plain(remarks[i] is { } remark ? $"{step.Level}, {remark}" : step.Level),
                Tables.Plain(Tables.Cut(step.Left, 28)),
                Tables.Plain(Tables.Cut(step.Right, 28)),
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
        GuardWords.Of(guard) ?? (Probability(bits) >= settings.Link ? "other records disagree" : "likely, not certain");

    /// <summary>What follows from a score, in words.</summary>
    public static string Verdict(PairScore score, MatchSettings settings)
    {
        var probability = Likely(score.Bits);
        if (GuardWords.Of(score.Guard) is { } guard && Probability(score.Bits) >= settings.Review)
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

    private static string Percent(double share) => share.ToString("0.##%", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);

    private static string Bits(double bits) => bits.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);
}
