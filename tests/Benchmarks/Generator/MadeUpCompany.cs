using System.Diagnostics;
using System.Globalization;

namespace Crm.Integration.Benchmarks.Generator;

/// <summary>
/// Makes the data of a made-up company: four systems that know the same people in part and not alike, and a truth file that
/// says who is who. The same seed gives the same bytes on every machine.
/// <code>
/// dotnet run -c Release --project tests/Benchmarks -- make-quickstart samples/quickstart
/// dotnet run -c Release --project tests/Benchmarks -- make-data DIR --rows 1000000
/// </code>
/// </summary>
internal static class MadeUpCompany
{
    private const ulong Seed = 20260101;
    private const int QuickstartRows = 5000;

    // Wide enough that the records of one person lie thousands of rows apart, narrow enough not to matter in memory.
    private const int ShuffleBuffer = 20_000;

    private static readonly DateTime s_firstChange = new(2018, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private const int SpanMinutes = 8 * 365 * 24 * 60;

    /// <summary>The bundled sample: DIR/in/*.csv and DIR/truth.csv.</summary>
    public static int MakeQuickstart(string folder) =>
        Make(Path.Combine(folder, "in"), Path.Combine(folder, "truth.csv"), QuickstartRows, Seed);

    /// <summary>Data for the benchmarks: DIR/*.csv with the truth among them.</summary>
    public static int MakeData(string folder, ReadOnlySpan<string> options)
    {
        long rows = 1_000_000;
        var seed = Seed;
        for (var i = 0; i + 1 < options.Length; i += 2)
        {
            if (options[i] == "--rows" && long.TryParse(options[i + 1], CultureInfo.InvariantCulture, out var wanted) && wanted is > 0 and < 9_000_000)
                rows = wanted;
            else if (options[i] == "--seed" && ulong.TryParse(options[i + 1], CultureInfo.InvariantCulture, out var other))
                seed = other;
            else
                return Usage();
        }

        return options.Length % 2 == 0 ? Make(folder, Path.Combine(folder, "truth.csv"), rows, seed) : Usage();
    }

    /// <summary>Writes the four files and the truth.</summary>
    /// <returns>The exit code.</returns>
    private static int Make(string folder, string truthFile, long rows, ulong seed)
    {
        var watch = Stopwatch.StartNew();
        Directory.CreateDirectory(folder);
        using var sources = new Sources(folder, truthFile, ShuffleBuffer, seed);
        for (var number = 1; sources.Rows < rows; number++)
        {
            var draw = new Draw(seed + ((ulong)number << 20));
            var unit = People.Unit(seed, number);
            if (unit[0].Firm is { } firm && draw.Chance(0.35))
                sources.ErpCompany(draw, firm, Modified(draw));
            foreach (var person in unit)
                Enter(draw, person, sources);
            if (draw.Chance(0.008))
                sources.Shop(draw, Blemishes.Junk(draw, unit[0] with { Id = $"junk{number}", Han = null }, Modified(draw)));
        }

        foreach (var (file, count) in sources.RowsByFile)
            Console.WriteLine($"{file,-12}{count,10:N0} rows");
        Console.WriteLine($"{sources.Rows:N0} rows in {watch.Elapsed.TotalSeconds:N1} s; who is who: {truthFile}");
        return 0;
    }

    /// <summary>Enters a person into some systems, sometimes twice, at least once.</summary>
    private static void Enter(Draw draw, Person person, Sources sources)
    {
        var chinese = person.Home.Country.Code == "CN";
        var entered = 0;
        for (var n = Times(chinese ? 0.35 : 0.60, 0.08); n > 0; n--, entered++)
            sources.Crm(draw, Blemishes.See(draw, person, Modified(draw)));
        for (var n = Times(chinese ? 0.10 : 0.45, 0.03); n > 0; n--, entered++)
            sources.Erp(draw, Blemishes.See(draw, person, Modified(draw)));
        for (var n = Times(chinese ? 0.25 : 0.45, 0.10); n > 0; n--, entered++)
            sources.Shop(draw, Blemishes.See(draw, person, Modified(draw)));
        for (var n = Times(chinese ? 0.85 : 0.01, 0.05); n > 0; n--, entered++)
            sources.Chinese(draw, Blemishes.See(draw, person, Modified(draw)));
        if (entered > 0)
            return;
        if (chinese)
            sources.Chinese(draw, Blemishes.See(draw, person, Modified(draw)));
        else
            sources.Crm(draw, Blemishes.See(draw, person, Modified(draw)));

        int Times(double known, double twice) => !draw.Chance(known) ? 0 : draw.Chance(twice) ? 2 : 1;
    }

    private static DateTime Modified(Draw draw) => s_firstChange.AddMinutes(draw.Below(SpanMinutes)).AddSeconds(draw.Below(60));

    private static int Usage()
    {
        Console.Error.WriteLine("usage: make-data DIR [--rows 1..9000000] [--seed NUMBER]");
        return 2;
    }
}
