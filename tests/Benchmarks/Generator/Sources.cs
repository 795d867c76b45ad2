using System.Globalization;
using System.Text;

namespace Crm.Integration.Benchmarks.Generator;

/// <summary>The four systems of the made-up company, each with its own columns, encoding and habits.</summary>
internal sealed class Sources : IDisposable
{
    private readonly SourceFile _crm;
    private readonly SourceFile _erp;
    private readonly SourceFile _shop;
    private readonly SourceFile _chinese;
    private readonly StreamWriter _truth;

    static Sources() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public Sources(string folder, string truthFile, int shuffle, ulong seed)
    {
        Directory.CreateDirectory(folder);
        SourceFile File(string name, Encoding encoding, char delimiter, string newLine, string header) =>
            new(Path.Combine(folder, name), encoding, delimiter, newLine, header, shuffle, seed ^ (ulong)name.Length);

        _crm = File("crm.csv", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), ',', "\r\n", "Id,First Name,Last Name,Email,Phone,Mobile,Street,City,State,Zip,Country,Birthdate,Company,Last Modified");
        _erp = File("erp.csv", Encoding.GetEncoding(1252), ';', "\r\n", "KUNNR;NAME1;NAME2;STREET;POSTCITY;LAND;TEL;VATNO;CHANGED");
        _shop = File("shop.csv", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), ',', "\n", "customer_id,full_name,email,phone,address,created_at");
        _chinese = File("crm-cn.csv", Encoding.GetEncoding("GB18030"), ',', "\r\n", "编号,姓名,手机,电子邮箱,公司,地址,城市,省份,邮编,出生日期,更新时间");
        _truth = new StreamWriter(truthFile, append: false, new UTF8Encoding(false), 1 << 16) { NewLine = "\n" };
        _truth.WriteLine("source,source_id,person");
    }

    public long Rows => _crm.Rows + _erp.Rows + _shop.Rows + _chinese.Rows;

    public IEnumerable<(string File, long Rows)> RowsByFile =>
        [("crm.csv", _crm.Rows), ("erp.csv", _erp.Rows), ("shop.csv", _shop.Rows), ("crm-cn.csv", _chinese.Rows)];

    public void Crm(Draw draw, Sighting s)
    {
        var id = Id(_crm, "C-", 7);
        var pinyin = s.Home.Country.Code == "CN";
        var unit = s.Home.Unit is { } flat ? (draw.Chance(0.3) ? "\n" : ", ") + flat : "";
        string?[] row =
        [
            draw.Chance(0.001) ? null : id, s.Given, s.Family, s.Email, s.Landline, s.Mobile, s.Street + unit, s.Home.City.Name,
            s.Home.City.Region.Length > 0 && draw.Chance(0.8) ? s.Home.City.Region : null, s.Home.PostalCode, draw.Common(s.Home.Country.Spellings[..(pinyin ? 3 : ^0)]),
            s.Birth?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), s.Person.Firm?.Name, Iso(s.Modified),
        ];
        if (draw.Chance(0.0015))
        {
            // A street with a comma, and nobody who quotes it: one cell too many.
            row[6] = s.Street + ", rear building";
            _crm.WriteRaw(string.Join(',', row.Select(field => field?.ReplaceLineEndings(" "))));
            return;
        }

        if (draw.Chance(0.001))
            row[6] += SourceFile.BadByte;
        _crm.Write(row);
        if (row[6]!.Contains(SourceFile.BadByte, StringComparison.Ordinal))
            return;
        Truth("crm", row[0], s.Person.Id);
        if (row[0] is not null && draw.Chance(0.0015))
        {
            // Exported twice, the second time with what was changed in between.
            row[4] = s.Person.Mobile.Write(draw);
            row[13] = Iso(s.Modified.AddMinutes(7));
            _crm.Write(row);
        }
    }

    public void Erp(Draw draw, Sighting s)
    {
        var id = Id(_erp, "", 10);
        if (draw.Chance(0.0015))
        {
            // The export broke off in the middle of a row.
            _erp.WriteRaw($"{id};{Cut($"{s.Family}, {s.Given}", 25)};;{s.Street[..^3]}");
            return;
        }

        _erp.Write(
            id, Cut($"{s.Family}, {s.Given}", 25), s.Person.Firm is { } firm && draw.Chance(0.6) ? Cut(firm.Name, 25) : null, Cut(s.Street, 30),
            $"{s.Home.PostalCode} {s.Home.City.Name}", draw.Common(s.Home.Country.ErpSpellings), s.Landline ?? s.Mobile, null, German(s.Modified));
        Truth("erp", id, s.Person.Id);
    }

    public void ErpCompany(Draw draw, Firm firm, DateTime modified)
    {
        var id = Id(_erp, "", 10);
        _erp.Write(
            id, Cut(firm.Name, 25), firm.Name.Length > 25 ? firm.Name[25..] : null, Cut(firm.Seat.Street, 30), $"{firm.Seat.PostalCode} {firm.Seat.City.Name}",
            draw.Common(firm.Seat.Country.ErpSpellings), firm.Switchboard.Write(draw), draw.Chance(0.9) ? firm.VatNumber : null, German(modified));
        Truth("erp", id, firm.Id);
    }

    public void Shop(Draw draw, Sighting s)
    {
        var id = Id(_shop, "w", 7);
        var name = s.Person.Han is { } han && draw.Chance(0.4) ? han.Family + han.Given : draw.Chance(0.03) ? s.Given : $"{s.Given} {s.Family}";
        var address = $"{s.Street}{(s.Home.Unit is { } unit ? " " + unit : "")}, {s.Home.PostalCode} {s.Home.City.Name}, {s.Home.Country.Spellings[0]}";
        _shop.Write(id, name, s.Email, s.Mobile, draw.Chance(0.05) ? null : address, Iso(s.Modified));
        Truth("shop", id, s.Person.Id);
    }

    public void Chinese(Draw draw, Sighting s)
    {
        var id = Id(_chinese, "KH", 7);
        var city = s.Home.City;
        var name = s.Person.Han is { } han ? han.Family + (draw.Chance(0.02) ? " " : "") + han.Given : $"{s.Given} {s.Family}";
        _chinese.Write(
            id, name, s.Mobile, s.Email, s.Person.Firm?.HanName ?? s.Person.Firm?.Name, s.Home.HanStreet ?? s.Street, city.Han ?? city.Name, city.HanRegion, s.Home.PostalCode,
            s.Birth?.ToString("yyyy年M月d日", CultureInfo.InvariantCulture), s.Modified.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        Truth("crm-cn", id, s.Person.Id);
    }

    public void Dispose()
    {
        _crm.Dispose();
        _erp.Dispose();
        _shop.Dispose();
        _chinese.Dispose();
        _truth.Dispose();
    }

    // Numbers look drawn at random and never repeat: multiplication by a prime, modulo another one.
    private static string Id(SourceFile file, string prefix, int digits) =>
        prefix + ((file.Rows + 1) * 4_827_121 % 9_999_991).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');

    private void Truth(string source, string? id, string person)
    {
        if (id is not null)
            _truth.WriteLine($"{source},{id},{person}");
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    private static string Iso(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string German(DateTime time) => time.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture);
}
