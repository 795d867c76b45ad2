using System.Globalization;

namespace Crm.Integration.Sandbox.Seeding;

/// <summary>A made-up company, computed from seed and index. No two have the same name.</summary>
internal readonly struct Company(int seed, int index)
{
    private static readonly string[] s_industries = ["Manufacturing", "Technology", "Retail", "Banking", "Education", "Healthcare", "Transportation", "Other"];

    public int Index => index;

    public bool Chinese => Dice.Below(5, seed, index, 100) < 2;

    public string Name
    {
        get
        {
            var (trades, people) = Chinese ? (Names.HanTrades, Names.HanBrands) : (Names.Trades, Names.Families);
            var trade = trades[index % trades.Length];
            var brand = people[index / trades.Length % people.Length];
            var round = index / (trades.Length * people.Length);
            var number = round == 0 ? "" : (round + 1).ToString(CultureInfo.InvariantCulture);
            return Chinese
                ? $"{Place.City.TrimEnd('市')}{brand}{trade}{number}有限公司"
                : $"{brand} {trade}{(round == 0 ? "" : " ")}{number} {Dice.Pick(Names.Forms, seed, index, 101)}";
        }
    }

    public string Website => string.Create(CultureInfo.InvariantCulture, $"https://www.company-{index}.example");

    public string Email => string.Create(CultureInfo.InvariantCulture, $"office@company-{index}.example");

    public string Phone => Chinese
        ? string.Create(CultureInfo.InvariantCulture, $"+86 21 {50000000 + (index % 40000000)}")
        : string.Create(CultureInfo.InvariantCulture, $"+44 20 {70000000 + (index % 20000000)}");

    public string Industry => Dice.Pick(s_industries, seed, index, 102);

    public int Employees => 1 + Dice.Below(5000, seed, index, 103);

    public decimal Revenue => 1000m * Dice.Below(90_000, seed, index, 104);

    public string TaxId => string.Create(CultureInfo.InvariantCulture, $"{(Chinese ? "91320500MA1" : "GB")}{100000000 + index}");

    public string Street => Chinese
        ? string.Create(CultureInfo.InvariantCulture, $"{Dice.Pick(Names.HanStreets, seed, index, 105)}{1 + Dice.Below(900, seed, index, 106)}号")
        : string.Create(CultureInfo.InvariantCulture, $"{1 + Dice.Below(240, seed, index, 106)} {Dice.Pick(Names.Streets, seed, index, 105)}");

    public Place Place => Dice.Pick(Chinese ? Names.HanPlaces : Names.Places, seed, index, 107);

    public string PostalCode => Place.PostalCode(Dice.Below(9000, seed, index, 108));

    public static IReadOnlyList<string> Industries => s_industries;
}
