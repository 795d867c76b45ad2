using System.Globalization;

namespace Crm.Integration.Benchmarks.Generator;

/// <summary>
/// Makes people in units that belong together: singles, households, father and son, twins, colleagues, namesakes. Each unit
/// follows from the seed and its number alone, so a million need no more memory than ten.
/// </summary>
internal static class People
{
    private static readonly DateOnly s_oldest = new(1940, 1, 1);
    private static readonly DateOnly s_youngest = new(2004, 12, 31);
    private static readonly string[] s_mailHosts = ["mail.example", "post.example", "inbox.example", "webmail.example", "freemail.example"];
    private static readonly string[] s_trades = ["Logistik", "Consulting", "Technik", "Software", "Foods", "Trading", "Design", "Energy", "Dental", "Bau", "Optik", "Media"];
    private static readonly string[] s_hanTrades = ["科技", "贸易", "电子", "医疗", "物流", "软件"];
    private static readonly string[] s_hanTradesInEnglish = ["Technology", "Trading", "Electronics", "Medical", "Logistics", "Software"];
    private static readonly string[] s_hanFirms = ["华信", "金中", "恒达", "东方", "瑞丰", "天成", "安泰", "新宇"];
    private static readonly string[] s_hanFirmsInPinyin = ["Huaxin", "Jinzhong", "Hengda", "Dongfang", "Ruifeng", "Tiancheng", "Antai", "Xinyu"];

    public static List<Person> Unit(ulong seed, int number)
    {
        var draw = new Draw(seed ^ ((ulong)number * 0xD6E8FEB86659FD93));
        var country = draw.Of(Country.Mix);
        var city = draw.Common(country.Cities);
        var id = number.ToString(CultureInfo.InvariantCulture);
        var first = One(draw, $"{id}a", country, city, man: draw.Chance(0.5));
        return draw.Below(100) switch
        {
            < 60 => [first],
            < 78 => Household(draw, id, first),
            < 82 => FatherAndSon(draw, id, first),
            < 84 => Twins(draw, id, first),
            < 94 => Colleagues(draw, id, first),
            _ => Namesakes(draw, id, first),
        };
    }

    private static Person One(Draw draw, string id, Country country, City city, bool man)
    {
        string given, family;
        (string, string)? han = null;
        if (country.Names is { } names)
        {
            given = names.Given(draw, man);
            family = names.Family(draw);
        }
        else
        {
            var (hanFamily, pinyinFamily) = NameLists.HanFamily(draw);
            var (hanGiven, pinyinGiven) = NameLists.HanGiven(draw, man);
            (given, family, han) = (pinyinGiven, pinyinFamily, (hanFamily, hanGiven));
        }

        var birth = draw.Date(s_oldest, s_youngest);
        var moved = draw.Chance(0.12);
        var married = !man && han is null && draw.Chance(0.1);
        return new Person
        {
            Id = id,
            Man = man,
            Given = given,
            Middle = country.Code is "US" or "GB" && draw.Chance(0.4) ? country.Names!.Given(draw, man) : null,
            Family = family,
            Han = han,
            Birth = birth,
            Home = country.Address(draw, city),
            FormerHome = moved ? country.Address(draw, draw.Common(country.Cities)) : null,
            MovedOn = draw.Date(new(2021, 1, 1), new(2026, 1, 1)),
            FormerFamily = married ? country.Names!.Family(draw) : null,
            MarriedOn = draw.Date(new(2020, 1, 1), new(2026, 1, 1)),
            Mobile = country.MobilePhone(draw, city),
            Landline = draw.Chance(0.5) ? country.LandlinePhone(draw, city) : null,
            Email = Mailbox(draw, given, family, birth, id),
            OtherEmail = draw.Chance(0.2) ? Mailbox(draw, given, family, birth, id + "x") : null,
            Firm = draw.Chance(0.25) ? Employer(draw, id, country, city) : null,
        };
    }

    private static List<Person> Household(Draw draw, string id, Person first)
    {
        var unit = new List<Person> { first with { Landline = first.Landline ?? first.Home.Country.LandlinePhone(draw, first.Home.City) } };
        for (var i = draw.Below(3); i >= 0; i--)
        {
            var member = One(draw, $"{id}{(char)('b' + unit.Count)}", first.Home.Country, first.Home.City, man: unit.Count == 1 ? !first.Man : draw.Chance(0.5));

            // In China and Spain wives keep their names; elsewhere most members of a family share one.
            var shares = first.Han is null && first.Home.Country.Code != "ES" || unit.Count > 1;
            if (unit.Exists(other => other.Given == member.Given))
                continue;
            unit.Add(member with
            {
                Family = shares ? first.Family : member.Family,
                Han = shares && first.Han is { } han ? (han.Family, member.Han!.Value.Given) : member.Han,
                Home = first.Home,
                FormerHome = first.FormerHome,
                MovedOn = first.MovedOn,
                Landline = unit[0].Landline,
                Email = draw.Chance(0.12) ? first.Email : member.Email,
            });
        }

        return unit;
    }

    private static List<Person> FatherAndSon(Draw draw, string id, Person first)
    {
        var western = first.Han is null;
        var father = first with { Man = true, Suffix = western && draw.Chance(0.3) ? "Sr." : null, Birth = draw.Date(s_oldest, new(1965, 1, 1)), FormerFamily = null };
        if (!first.Man && first.Home.Country.Names is { } names)
            father = father with { Given = names.Given(draw, man: true) };
        var son = One(draw, $"{id}b", first.Home.Country, first.Home.City, man: true);
        return
        [
            father,
            son with
            {
                Given = western ? father.Given : son.Given,
                Family = father.Family,
                Han = father.Han is { } han ? (han.Family, son.Han!.Value.Given) : null,
                Suffix = western && draw.Chance(0.6) ? "Jr." : null,
                Birth = father.Birth.AddYears(draw.Between(22, 38)).AddDays(draw.Below(300)),
                Home = father.Home,
                FormerHome = null,
                FormerFamily = null,
                Landline = father.Landline,
            },
        ];
    }

    private static List<Person> Twins(Draw draw, string id, Person first)
    {
        var twin = One(draw, $"{id}b", first.Home.Country, first.Home.City, first.Man);
        if (twin.Given == first.Given)
            return [first];
        return
        [
            first with { FormerFamily = null },
            twin with
            {
                Family = first.Family,
                Han = first.Han is { } han ? (han.Family, twin.Han!.Value.Given) : null,
                FormerFamily = null,
                Birth = first.Birth,
                Home = first.Home,
                FormerHome = first.FormerHome,
                MovedOn = first.MovedOn,
                Landline = first.Landline,
            },
        ];
    }

    private static List<Person> Colleagues(Draw draw, string id, Person first)
    {
        var firm = Employer(draw, id, first.Home.Country, first.Home.City);
        var unit = new List<Person>();
        for (var i = draw.Between(2, 4); i > 0; i--)
        {
            var one = unit.Count == 0 ? first : One(draw, $"{id}{(char)('b' + unit.Count)}", first.Home.Country, first.Home.City, draw.Chance(0.5));
            if (unit.Exists(other => other.Given == one.Given && other.Family == one.Family))
                continue;
            var own = $"{NameLists.Slug(one.Given)}.{NameLists.Slug(one.Family)}@{firm.Domain}";
            unit.Add(one with
            {
                Firm = firm,
                Email = draw.Chance(0.35) ? $"info@{firm.Domain}" : own,
                OtherEmail = one.Email,
                Landline = firm.Switchboard,
            });
        }

        return unit;
    }

    private static List<Person> Namesakes(Draw draw, string id, Person first)
    {
        var other = One(draw, $"{id}b", first.Home.Country, draw.Of(first.Home.Country.Cities), first.Man);
        return [first, other with { Given = first.Given, Family = first.Family, Han = first.Han, FormerFamily = null, Email = Mailbox(draw, first.Given, first.Family, other.Birth, id + "y") }];
    }

    private static Firm Employer(Draw draw, string id, Country country, City city)
    {
        string name;
        string? han = null;
        if (country.Names is { } names)
        {
            name = draw.Below(3) switch
            {
                0 => $"{names.Family(draw)} {draw.Of(s_trades)}",
                1 => $"{city.Name} {draw.Of(s_trades)}",
                _ => $"{names.Family(draw)} & {(country.Code == "DE" ? "Söhne" : "Sons")}",
            };
            name += country.Code switch { "DE" => " GmbH", "US" => draw.Chance(0.5) ? " Inc." : " LLC", "GB" => " Ltd", "FR" => " SARL", _ => " S.L." };
        }
        else
        {
            var (firm, trade) = (draw.Below(s_hanFirms.Length), draw.Below(s_hanTrades.Length));
            name = $"{city.Name} {s_hanFirmsInPinyin[firm]} {s_hanTradesInEnglish[trade]} Co. Ltd.";
            han = $"{city.Han}{s_hanFirms[firm]}{s_hanTrades[trade]}有限公司";
        }

        var slug = NameLists.Slug(string.Join(' ', name.Split(' ').Take(2)));
        return new Firm("f" + id, name, han, $"{slug}{id}.example", country.Address(draw, city), country.LandlinePhone(draw, city), country.Code + draw.Digits(9));
    }

    // The number keeps the mailboxes of namesakes apart, as a mail provider would; it is scrambled, or those of a family would look like typing errors of each other.
    private static string Mailbox(Draw draw, string given, string family, DateOnly birth, string id)
    {
        var number = id.Aggregate(17UL, (hash, c) => (hash * 31) + c) * 48_271 % 99_991;
        var (g, f) = (NameLists.Slug(given), NameLists.Slug(family));
        var local = draw.Below(6) switch
        {
            0 => $"{g}.{f}",
            1 => $"{g[0]}.{f}",
            2 => $"{f}.{g}",
            3 => $"{g}_{f}",
            4 => $"{g}{birth.Year % 100:00}",
            _ => f,
        };
        return $"{local}{number}@{draw.Of(s_mailHosts)}";
    }
}
