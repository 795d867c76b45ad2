using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;
using static Crm.Integration.Mapping.Tests.Matching.Samples;

namespace Crm.Integration.Mapping.Tests.Matching;

public sealed class ContactReadingTests
{
    [Theory]
    [InlineData("12 Main Street", "12 Main St.")]
    [InlineData("Main Street 12", "12 Main St")]
    [InlineData("350 5th Avenue", "350 5th Ave")]
    [InlineData("12 Main St, Apt 4B", "12 Main Street #4B")]
    [InlineData("Schillerstraße 12a", "Schillerstr. 12 A")]
    [InlineData("Schiller-Strasse 12", "Schillerstraße 12")]
    [InlineData("Wilhelminastraat 30", "Wilhelminastr. 30")]
    [InlineData("Stationsplein 3", "Stationspln 3")]
    [InlineData("Calle de Goya 9", "C/ Goya 9")]
    [InlineData("Paseo Goya 9", "P.º Goya 9")]
    [InlineData("Avenida das Flores 17", "Av. das Flores 17")]
    [InlineData("Travessa Getúlio Vargas 175", "Tv. Getulio Vargas 175")]
    [InlineData("91 Boulevard du Général de Gaulle", "91 Bd du General de Gaulle")]
    [InlineData("Piazza Mazzini 14", "P.zza Mazzini 14")]
    [InlineData("Corso Marconi 7", "C.so Marconi 7")]
    [InlineData("проспект Мира 233", "пр-т Мира 233")]
    [InlineData("переулок Пушкина 5", "пер. Пушкина 5")]
    [InlineData("ulica Mickiewicza 16", "ul. Mickiewicza 16")]
    [InlineData("Bağdat Sokak No:4", "Bağdat Sk. 4")]
    [InlineData("Carrer Major 4, 2º 3ª", "Carrer Major 4")]
    [InlineData("广东省深圳市南山区科技路18号", "科技路18号")]
    [InlineData("南京路285号1616室", "南京路 285 号 1616 室")]
    [InlineData("銀座1-8-1", "銀座1丁目8番1号")]
    [InlineData("세종대로 353", "Sejong-daero 353")]
    public void Two_spellings_of_a_street_and_number_are_the_same(string a, string b)
    {
        var level = Assert.Single(Explain($"address.line={a}; address.postalCode=90001", $"address.line={b}; address.postalCode=90001").Steps, step => step.Comparison == "address").Level;
        Assert.Equal("same", level);
    }

    [Theory]
    [InlineData("銀座1-8-1", "銀座1-8-4")]
    [InlineData("12 Main St", "21 Main St")]
    [InlineData("350 5th Ave", "350 6th Ave")]
    public void Another_house_is_another(string a, string b) =>
        Assert.DoesNotContain(Explain($"address.line={a}; address.postalCode=90001", $"address.line={b}; address.postalCode=90001").Steps, step => step.Comparison == "address" && step.Level == "same");

    [Theory]
    [InlineData("Köln", "Cologne")]
    [InlineData("Wien", "Vienna")]
    [InlineData("München", "Munich")]
    [InlineData("北京市", "Beijing")]
    [InlineData("广东省深圳市", "Shenzhen")]
    [InlineData("東京都新宿区", "Tokyo")]
    [InlineData("大阪市", "Osaka")]
    [InlineData("横浜市", "Yokohama")]
    [InlineData("서울", "Seoul")]
    [InlineData("부산", "Pusan")]
    [InlineData("دبي", "Dubai")]
    [InlineData("أبوظبي", "Abu Dhabi")]
    [InlineData("Москва", "Moscow")]
    [InlineData("Санкт-Петербург", "St. Petersburg")]
    [InlineData("Екатеринбург", "Yekaterinburg")]
    [InlineData("Bombay", "Mumbai")]
    [InlineData("Phila", "Philadelphia")]
    [InlineData("Gdańsk", "Danzig")]
    [InlineData("København", "Copenhagen")]
    public void Names_of_a_city_agree(string a, string b) =>
        Assert.Equal("same city", Assert.Single(Explain("address.city=" + a, "address.city=" + b).Steps, step => step.Comparison == "address").Level);

    [Theory]
    [InlineData("10001", "10001-2345")]
    [InlineData("50667", "D-50667")]
    [InlineData("1076VV", "NL-1076 VV")]
    [InlineData("SW1A1AA", "sw1a 1aa")]
    [InlineData("80138804", "80138-804")]
    [InlineData("5301222", "〒530-1222")]
    [InlineData("", "00000")]
    [InlineData("", "99999")]
    public void Postal_codes_are_read_as_people_write_them(string code, string raw)
    {
        var features = Person("address.postalCode=" + raw);
        Assert.Equal(code, features[features.AddressRef.PostalCode]);
    }

    [Theory]
    [InlineData("02119|boston", "12 Main St, 02119 Boston, USA")]
    [InlineData("02119|boston", "12 Main St, Boston MA 02119")]
    [InlineData("BS135ND|bristol", "8 Church Ave, BS13 5ND Bristol, GB")]
    [InlineData("SW1A1AA|london", "10 Downing St, London SW1A 1AA, United Kingdom")]
    [InlineData("1076VV|amsterdam", "Beukenweg 294, 1076 VV Amsterdam, NL")]
    [InlineData("50520|koln", "Dorfweg 285, 50520 Köln, Deutschland")]
    [InlineData("|", "12 Main St, Apt 4")]
    public void An_address_in_one_field_is_taken_apart(string place, string line)
    {
        var features = Person("address.line=" + line);
        Assert.Equal(place, $"{features[features.AddressRef.PostalCode]}|{features[features.AddressRef.City]}");
    }

    [Theory]
    [InlineData("+49 30 1234568", "030/1234568")]
    [InlineData("+49 (0)30 1234568", "0049 30 1234568")]
    [InlineData("(+49) 30 1234568", "+49301234568")]
    [InlineData("+1 612 555 0199", "(612) 555-0199 x470")]
    [InlineData("+1 612 555 0199", "612.555.0199 ext. 12")]
    [InlineData("+354 551 1239", "551 1239")]
    [InlineData("+81 90 5688 2365", "0905-688-2365")]
    [InlineData("011 49 30 12345684", "+49 30 12345684")]
    public void Two_spellings_of_a_phone_number_are_the_same(string a, string b)
    {
        Assert.True(PhoneReader.TryRead(a, out var left));
        Assert.True(PhoneReader.TryRead(b, out var right));
        Assert.True(left.Same(right));
    }

    [Theory]
    [InlineData("0000000000")]
    [InlineData("1234567890")]
    [InlineData("+49 123456789")]
    [InlineData("555-5555")]
    [InlineData("9999999999")]
    [InlineData("n/a")]
    [InlineData("unknown")]
    [InlineData("-")]
    public void A_stopgap_is_no_phone_number(string raw) => Assert.False(PhoneReader.TryRead(raw, out _));

    [Fact]
    public void Two_phone_numbers_in_one_field_are_two()
    {
        Assert.Equal(2, Person("phone=030 1234568 / 0171 2345679").Phones.Length);
        Assert.Single(Person("phone=030/1234568").Phones);
    }

    [Theory]
    [InlineData("annasmith@gmail.com", "Anna.Smith+crm@googlemail.com")]
    [InlineData("annasmith@gmail.com", "Anna Smith <anna.smith@gmail.com>")]
    [InlineData("annasmith@gmail.com", "mailto:anna.smith@gmial.com")]
    [InlineData("annasmith@gmail.com", "anna.smith@gmail.con")]
    [InlineData("annasmith@gmail.com", "anna.smith@gmail")]
    [InlineData("anna@hotmail.com", "anna@hotmial.com")]
    [InlineData("anna@hotmail.de", "anna@hotmail.de")]
    [InlineData("anna@yahoo.com", "anna@yaho.com")]
    [InlineData("anna@outlook.com", "\"Smith, Anna\" <anna@outlok.com>")]
    public void Mail_addresses_are_read_as_people_write_them(string address, string raw)
    {
        var features = Person("email=" + raw);
        var mailbox = Assert.Single(features.Emails);
        Assert.Equal(address, $"{features[mailbox.Local]}@{features[mailbox.Domain]}");
    }

    [Theory]
    [InlineData(true, "info@acme.example")]
    [InlineData(true, "ifno@acme.example")]
    [InlineData(true, "damin@acme.example")]
    [InlineData(true, "sales2@acme.example")]
    [InlineData(true, "info.de@acme.example")]
    [InlineData(true, "buchhaltung@acme.example")]
    [InlineData(true, "facturacion@acme.example")]
    [InlineData(false, "anna@acme.example")]
    [InlineData(false, "martin@acme.example")]
    [InlineData(false, "office.anna@acme.example")]
    public void Mailboxes_of_nobody_in_particular_are_known(bool role, string raw) => Assert.Equal(role, Assert.Single(Person("email=" + raw).Emails).Role);

    [Theory]
    [InlineData("test@test.com")]
    [InlineData("noreply@acme.example")]
    [InlineData("none@none.com")]
    [InlineData("n/a")]
    [InlineData("a@a.com")]
    [InlineData("unknown@unknown.com")]
    [InlineData("noemail@noemail.com")]
    [InlineData("john@example.com")]
    [InlineData("me@test.com")]
    public void A_stopgap_is_no_mail_address(string raw) => Assert.Empty(Person("email=" + raw).Emails);

    [Theory]
    [InlineData("wei.wang3@example.com")]
    [InlineData("ann_lee@example.org")]
    public void Somebody_in_particular_at_a_sample_host_is_somebody(string raw) => Assert.Single(Person("email=" + raw).Emails);

    [Fact]
    public void Several_mail_addresses_in_one_field_are_several() => Assert.Equal(2, Person("email=anna@acme.example, karl@acme.example").Emails.Length);

    [Theory]
    [InlineData(1971, "1971-06-24")]
    [InlineData(1971, "24.06.1971")]
    [InlineData(1971, "24 Jun 1971")]
    [InlineData(1971, "1971年6月24日")]
    [InlineData(1971, "24.06.71")]
    [InlineData(1742, "1742-06-24")]
    [InlineData(0, "1900-01-01")]
    [InlineData(0, "1970-01-01")]
    [InlineData(0, "1753-01-01")]
    [InlineData(0, "0001-01-01")]
    [InlineData(0, "9999-12-31")]
    public void Birth_dates_are_read_and_those_of_programs_are_not(int year, string raw)
    {
        var birth = BirthDateReader.Read(Value.Text(raw));
        Assert.Equal(year, birth.IsKnown ? birth.Date.Year : 0);
    }

    [Theory]
    [InlineData("N/A")]
    [InlineData("123456789")]
    [InlineData("000000")]
    [InlineData("unknown")]
    [InlineData("pending")]
    public void A_stopgap_is_no_id(string raw) => Assert.True(Person("nationalId=" + raw).NationalId.IsEmpty);
}
