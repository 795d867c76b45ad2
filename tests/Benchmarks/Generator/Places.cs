namespace Crm.Integration.Benchmarks.Generator;

/// <summary>A country with what is needed to make up addresses, phone numbers and names that could be real.</summary>
/// <param name="Code">ISO 3166-1 alpha-2.</param>
/// <param name="Calling">Its calling code.</param>
/// <param name="Trunk">What is dialled before an area code within the country.</param>
/// <param name="Spellings">How a CRM user writes it.</param>
/// <param name="ErpSpellings">How the ERP writes it.</param>
/// <param name="Names">Names; null for Han names.</param>
/// <param name="Mobile">What mobile numbers begin with, and how many digits follow.</param>
/// <param name="Postal">A postal code: <c>#</c> a digit, <c>@</c> a letter, after the prefix of the city.</param>
/// <param name="Cities">Its cities.</param>
/// <param name="Streets">Its streets; {0} is the house number.</param>
internal sealed record Country(
    string Code,
    string Calling,
    string Trunk,
    string[] Spellings,
    string[] ErpSpellings,
    NameLists? Names,
    (string[] Prefixes, int Digits) Mobile,
    string Postal,
    City[] Cities,
    string[] Streets)
{
    public static Country UnitedStates { get; } = new("US", "1", "", ["USA", "United States", "US", "U.S.A."], ["USA", "US"], NameLists.English, ([], 7), "##",
        City.List("New_York|NY|100|212 Chicago|IL|606|312 Houston|TX|770|713 Phoenix|AZ|850|602 Philadelphia|PA|191|215 San_Diego|CA|921|619 Dallas|TX|752|214 Columbus|OH|432|614 Seattle|WA|981|206 Denver|CO|802|303 Boston|MA|021|617 Portland|OR|972|503 Springfield|IL|627|217 Springfield|MA|011|413 Madison|WI|537|608 Austin|TX|787|512"),
        ["{0} Oak Street", "{0} Main Street", "{0} Maple Ave", "{0} Washington Blvd", "{0} Park Avenue", "{0} Elm St", "{0} Lake Drive", "{0} Hillside Road", "{0} Cedar Lane", "{0} W 4th St", "{0} Sunset Court", "{0} Church St", "{0} Riverside Dr", "{0} Lincoln Way"]);

    public static Country UnitedKingdom { get; } = new("GB", "44", "0", ["United Kingdom", "UK", "England", "Great Britain"], ["GB", "UK"], NameLists.English, (["74", "75", "77", "78", "79"], 8), "# #@@",
        City.List("London||SW|20 Manchester||M|161 Birmingham||B|121 Leeds||LS|113 Glasgow||G|141 Bristol||BS|117 Edinburgh||EH|131 Cardiff||CF|29 Oxford||OX|1865 York||YO|1904 Norwich||NR|1603"),
        ["{0} High Street", "{0} Station Road", "{0} Church Lane", "{0} Victoria Road", "{0} Mill Lane", "{0} The Crescent", "{0} Queens Road", "{0} Manor Drive", "{0} King Street", "{0} Albert Terrace", "{0} Springfield Close"]);

    public static Country Germany { get; } = new("DE", "49", "0", ["Germany", "Deutschland", "DE"], ["D", "DE", "Deutschland"], NameLists.German, (["151", "160", "170", "171", "172", "175", "176"], 8), "##",
        City.List("Stuttgart|Baden-Württemberg|701|711 Berlin|Berlin|101|30 Hamburg|Hamburg|200|40 München|Bayern|803|89 Köln|Nordrhein-Westfalen|506|221 Frankfurt|Hessen|603|69 Düsseldorf|Nordrhein-Westfalen|402|211 Leipzig|Sachsen|041|341 Dresden|Sachsen|010|351 Nürnberg|Bayern|904|911 Bremen|Bremen|281|421 Hannover|Niedersachsen|301|511 Karlsruhe|Baden-Württemberg|761|721 Würzburg|Bayern|970|931"),
        ["Hauptstr. {0}", "Bahnhofstraße {0}", "Gartenstr. {0}", "Schulstraße {0}", "Dorfstr. {0}", "Bergstraße {0}", "Lindenweg {0}", "Goethestr. {0}", "Schillerplatz {0}", "Mozartstr. {0}", "Am Mühlbach {0}", "Kirchgasse {0}", "Königstraße {0}", "Ringstr. {0}"]);

    public static Country France { get; } = new("FR", "33", "0", ["France", "FR"], ["F", "FR"], NameLists.French, (["6", "7"], 8), "0##",
        City.List("Paris||75|1 Lyon||69|4 Marseille||13|4 Toulouse||31|5 Nantes||44|2 Strasbourg||67|3 Lille||59|3 Bordeaux||33|5 Rennes||35|2"),
        ["{0} rue de la République", "{0} avenue Victor Hugo", "{0} rue du Moulin", "{0} place de l'Église", "{0} boulevard Voltaire", "{0} rue Pasteur", "{0} impasse des Lilas", "{0} rue Jean Jaurès", "{0} chemin Vert"]);

    public static Country Spain { get; } = new("ES", "34", "", ["Spain", "España", "ES"], ["E", "ES"], NameLists.Spanish, (["61", "62", "63", "65", "66", "69"], 7), "0##",
        City.List("Madrid||28|91 Barcelona||08|93 Valencia||46|96 Sevilla||41|95 Zaragoza||50|97 Málaga||29|95 Bilbao||48|94 Granada||18|95"),
        ["Calle Mayor {0}", "Calle Cervantes {0}", "Avenida de la Constitución {0}", "Plaza de España {0}", "Calle Real {0}", "Paseo del Prado {0}", "Calle San Juan {0}", "Ronda de Atocha {0}"]);

    public static Country China { get; } = new("CN", "86", "0", ["China", "P.R. China", "CN", "中国"], ["CN", "China"], null, (["135", "136", "138", "139", "150", "158", "186", "188"], 8), "##",
        City.List("Beijing|Beijing|1000|10|北京|北京市 Shanghai|Shanghai|2000|21|上海|上海市 Shenzhen|Guangdong|5180|755|深圳|广东省 Guangzhou|Guangdong|5100|20|广州|广东省 Hangzhou|Zhejiang|3100|571|杭州|浙江省 Nanjing|Jiangsu|2100|25|南京|江苏省 Chengdu|Sichuan|6100|28|成都|四川省 Wuhan|Hubei|4300|27|武汉|湖北省 Suzhou|Jiangsu|2150|512|苏州|江苏省 Qingdao|Shandong|2660|532|青岛|山东省 Xiamen|Fujian|3610|592|厦门|福建省"),
        ["{0} Renmin Road|人民路{0}号", "{0} Jianguo Road|建国路{0}号", "{0} Zhongshan Road|中山路{0}号", "{0} Jiefang Road|解放路{0}号", "{0} Heping Street|和平街{0}号", "{0} Keji Avenue|科技大道{0}号", "{0} Xinhua Road|新华路{0}号", "{0} Changjiang Road|长江路{0}号"]);

    /// <summary>The countries of the company's customers, each as often as it has customers there.</summary>
    public static Country[] Mix { get; } =
    [
        Germany, Germany, Germany, Germany, Germany, UnitedStates, UnitedStates, UnitedStates, UnitedStates, China, China, China, China,
        UnitedKingdom, UnitedKingdom, UnitedKingdom, France, France, Spain, Spain,
    ];

    public Address Address(Draw draw, City city)
    {
        var number = draw.Between(1, Code == "US" ? 2900 : 140);
        var street = draw.Of(Streets).Split('|');
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, street[0], number);
        var han = street.Length < 2 ? null : string.Format(System.Globalization.CultureInfo.InvariantCulture, street[1], number);
        var unit = Code switch
        {
            "US" when draw.Chance(0.2) => $"Apt {draw.Between(1, 40)}",
            "GB" when draw.Chance(0.15) => $"Flat {draw.Between(1, 20)}",
            _ => null,
        };
        return new(this, city, text, han, unit, PostalCode(draw, city));
    }

    public Phone MobilePhone(Draw draw, City city) =>
        Mobile.Prefixes.Length == 0 ? LandlinePhone(draw, city) : new(this, draw.Of(Mobile.Prefixes), draw.Digits(Mobile.Digits), IsMobile: true);

    // The first digit of a subscriber number is 2 to 9 nearly everywhere; in the United States so is that of the exchange.
    public Phone LandlinePhone(Draw draw, City city) => new(this, city.AreaCode, (char)('2' + draw.Below(8)) + draw.Digits(Code switch
    {
        "US" => 6,
        "GB" => 9 - city.AreaCode.Length,
        "DE" => 6,
        "ES" => 8 - city.AreaCode.Length,
        _ => 7,
    }), IsMobile: false);

    private string PostalCode(Draw draw, City city)
    {
        const string letters = "ABDEFGHJLNPQRSTUWXYZ";
        return string.Concat(city.PostalPrefix, string.Create(Postal.Length, (Postal, draw), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = state.Postal[i] switch
                {
                    '#' => (char)('1' + state.draw.Below(9)),
                    '@' => letters[state.draw.Below(letters.Length)],
                    var c => c,
                };
            }
        }));
    }
}

/// <summary>A city; with its name and province in Chinese characters where it is in China.</summary>
internal sealed record City(string Name, string Region, string PostalPrefix, string AreaCode, string? Han, string? HanRegion)
{
    public static City[] List(string text) =>
        [.. text.Split(' ').Select(entry => entry.Split('|'))
            .Select(part => new City(part[0].Replace('_', ' '), part[1], part[2], part[3], part.ElementAtOrDefault(4), part.ElementAtOrDefault(5)))];
}

/// <summary>Where somebody lives or works.</summary>
internal sealed record Address(Country Country, City City, string Street, string? HanStreet, string? Unit, string PostalCode);

/// <summary>A phone number, to be written in one of the ways in which people write it.</summary>
internal sealed record Phone(Country Country, string Area, string Number, bool IsMobile)
{
    public string Write(Draw draw)
    {
        var style = draw.Below(10);
        if (Country.Code == "US")
        {
            return style switch
            {
                < 4 => $"({Area}) {Number[..3]}-{Number[3..]}",
                < 6 => $"{Area}-{Number[..3]}-{Number[3..]}",
                < 8 => $"+1 {Area} {Number[..3]} {Number[3..]}",
                _ => Area + Number,
            };
        }

        var trunk = IsMobile && Country.Code == "CN" ? "" : Country.Trunk;
        return style switch
        {
            < 3 => $"+{Country.Calling} {Area} {Grouped(Number)}",
            3 when trunk.Length > 0 => $"+{Country.Calling} ({trunk}){Area} {Number}",
            4 => $"00{Country.Calling} {Area} {Number}",
            < 7 => $"{trunk}{Area} {Grouped(Number)}",
            7 => $"{trunk}{Area}/{Number}",
            8 => $"{trunk}{Area}-{Number}",
            _ => $"{trunk}{Area}{Number}",
        };
    }

    private static string Grouped(string digits) => digits.Length < 6 ? digits : $"{digits[..^4]} {digits[^4..]}";
}
