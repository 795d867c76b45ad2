using System.Globalization;
using System.Text;

namespace Crm.Integration.Hub.Bench;

/// <summary>
/// Made-up people in four systems, the same for the same seed. Each person is in two of the systems; some rows lack a value or
/// hold a typing mistake, as real ones do.
/// </summary>
/// <param name="rows">How many rows in all.</param>
/// <param name="seed">Decides everything.</param>
internal sealed class BenchData(int rows, int seed)
{
    /// <summary>The systems.</summary>
    public static readonly string[] Sources = ["crm", "erp", "shop", "mail"];

    private static readonly string[] s_given =
        ["Anna", "Karl", "Maria", "Josef", "Eva", "Paul", "Julia", "Felix", "Sofia", "Jonas", "Laura", "David", "Lena", "Simon", "Clara", "Tobias", "Nina", "Lukas", "Elena", "Martin", "Ida", "Oskar", "Mira", "Leo"];

    private static readonly string[] s_first = ["Berg", "Stein", "Hof", "Wald", "Feld", "Brun", "Lind", "Ross", "Eich", "Grun", "Alt", "Neu", "Hoch", "Tief", "Schon", "Weis", "Schwarz", "Rot", "Kalt", "Warm", "Lang", "Kurz", "Breit", "Schmal"];
    private static readonly string[] s_middle = ["", "en", "el", "er", "in", "is", "an", "ar", "ol", "os", "um", "ur", "eck", "ing", "ach", "och"];
    private static readonly string[] s_last = ["mann", "bauer", "ner", "berger", "hofer", "inger", "egger", "maier", "huber", "auer", "meister", "schmied", "bach", "brunn", "dorf", "thal"];
    private static readonly string[] s_cities = ["Graz", "Linz", "Wien", "Salzburg", "Bregenz", "Villach", "Wels", "Steyr", "Krems", "Baden", "Leoben", "Traun"];

    /// <summary>Writes the four files.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="changed">Changes one row in so many; 0 for none.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <param name="added">Adds one row for so many; 0 for none.</param>
    /// <returns>The bytes written.</returns>
    public long Write(string folder, int changed, CancellationToken cancellationToken, int added = 0)
    {
        Directory.CreateDirectory(folder);
        var bytes = 0L;
        for (var source = 0; source < Sources.Length; source++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = new FileInfo(Path.Combine(folder, Sources[source] + ".csv"));
            using (var writer = new StreamWriter(file.FullName, append: false, new UTF8Encoding(false), 1 << 16))
            {
                writer.Write("id,first,last,email,phone,birth,street,zip,city\n");
                for (var i = 0; i < rows / Sources.Length; i++)
                    WriteRow(writer, source, i, (i + (source * (rows / 8))) % Math.Max(1, rows / 2), changed > 0 && i % changed == 0);
                var more = added > 0 ? rows / Sources.Length / added : 0;
                for (var i = 0; i < more; i++)
                    WriteRow(writer, source, (rows / Sources.Length) + i, (rows / 2) + i + (source / 2 * more), changed: false);
            }

            file.Refresh();
            bytes += file.Length;
        }

        return bytes;
    }

    private void WriteRow(StreamWriter writer, int source, int row, int person, bool changed)
    {
        var it = new Dice(unchecked(((ulong)seed * 1_000_003) + (ulong)person));
        var given = it.Of(s_given);
        var family = it.Of(s_first) + it.Of(s_middle) + it.Of(s_last);
        var phone = it.Below(10_000_000);
        var birth = new DateOnly(1940, 1, 1).AddDays(it.Below(25_000));
        var street = it.Of(s_first) + "gasse " + (it.Below(200) + 1).ToString(CultureInfo.InvariantCulture);
        var city = it.Below(s_cities.Length);
        var host = it.Of(s_first) + it.Of(s_middle) + it.Below(60).ToString(CultureInfo.InvariantCulture);
        var mailbox = string.Create(CultureInfo.InvariantCulture, $"{given}.{family}{person % 97}@{host}.example").ToLowerInvariant();

        // How this system has it.
        var here = new Dice(unchecked(((ulong)seed * 7919) + ((ulong)person * 31) + (ulong)source));
        if (here.Below(100) < 3 && family.Length > 5)
            family = family.Remove(here.Below(family.Length - 2) + 1, 1);
        var hasMail = here.Below(100) >= 8;
        var hasPhone = here.Below(100) >= 15;
        var hasBirth = here.Below(100) >= 30;
        writer.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{Sources[source]}-{row},{given},{family},{(hasMail ? mailbox : "")},{(hasPhone ? (source % 2 == 0 ? $"+43 664 {phone:0000000}" : $"0664/{phone:0000000}") : "")},{(hasBirth ? birth.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "")},{street}{(changed ? "a" : "")},{1000 + (city * 37)},{s_cities[city]}\n"));
    }

    // SplitMix64: the same numbers on every machine and version.
    private struct Dice(ulong state)
    {
        private ulong _state = state;

        public int Below(int limit)
        {
            _state += 0x9E3779B97F4A7C15;
            var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return (int)((mixed ^ (mixed >> 31)) % (ulong)limit);
        }

        public string Of(string[] words) => words[Below(words.Length)];
    }
}
