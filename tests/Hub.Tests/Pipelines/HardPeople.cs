namespace Crm.Integration.Hub.Tests.Pipelines;

/// <summary>Made-up people who are hard to tell apart: households, father and son, sparse records, bridges between records that share nothing.</summary>
internal static class HardPeople
{
    private static readonly string[] s_given = ["Maria", "Jonathan", "Jon", "Ingrid", "Wolfgang", "Priya", "Thomas", "Tom", "Chiara", "Olga", "Olaf", "Mara"];
    private static readonly string[] s_family = ["Featherstone", "Ostrowski", "Achterberg", "Lindqvist", "Okonkwo", "Marchetti", "Lee", "Smith"];

    /// <summary>The systems that they come from.</summary>
    public static readonly string[] Systems = ["crm", "shop", "erp"];

    /// <summary>Makes some records.</summary>
    public static List<Row> Make(int seed, int count)
    {
        var random = new Random(seed);
        var rows = new List<Row>();
        for (var home = 0; rows.Count < count; home++)
        {
            // A household has a family name and a telephone in common; father and son even the given name.
            var family = s_family[random.Next(s_family.Length)];
            var line = $"+4420794{(seed * 1000) + home:D6}"[..13];
            var first = s_given[random.Next(s_given.Length)];
            for (var person = 0; person < random.Next(1, 4); person++)
            {
                if (person != 1 || random.Next(2) == 0)
                    first = s_given[random.Next(s_given.Length)];
                var mobile = $"+44770090{(home * 10) + person:D4}";
                var mailbox = $"{first}.{family}{(random.Next(2) == 0 ? home : person)}@mail.example".ToLowerInvariant();
                for (var record = 0; record < random.Next(1, 6); record++)
                {
                    rows.Add(new Row(
                        Systems[random.Next(Systems.Length)],
                        $"{home}-{person}-{record}",
                        random.Next(8) == 0 ? first[..1] + "." : random.Next(12) == 0 ? "" : first,
                        random.Next(10) == 0 ? family[..^1] : family,
                        random.Next(2) == 0 ? null : mailbox,
                        random.Next(3) switch { 0 => null, 1 => mobile, _ => line }));
                }
            }
        }

        return rows;
    }

    /// <summary>A record of a system.</summary>
    public sealed record Row(string System, string Id, string First, string Last, string? Email, string? Phone);
}
