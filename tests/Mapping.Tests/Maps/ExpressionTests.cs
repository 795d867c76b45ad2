using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;
using static Crm.Integration.Mapping.Tests.Maps.Evaluating;

namespace Crm.Integration.Mapping.Tests.Maps;

public sealed class ExpressionTests
{
    private static readonly Value s_order = Value.Object(new Dictionary<string, Value>
    {
        ["no"] = Value.Number(7),
        ["lines"] = Value.List(
            Value.Object(new Dictionary<string, Value> { ["sku"] = "A1" }),
            Value.Object(new Dictionary<string, Value> { ["sku"] = "B2" })),
    });

    [Theory]
    [InlineData("first", "Ann")]
    [InlineData(" first ", "Ann")]
    [InlineData("`first`", "Ann")]
    [InlineData("`邮政 编码`", "100000")]
    [InlineData("姓名", "张三")]
    [InlineData("absent", null)]
    [InlineData("order.no", "7")]
    [InlineData("order.lines[0].sku", "A1")]
    [InlineData("order.lines[9].sku", null)]
    [InlineData("order.lines[].sku", "A1; B2")]
    [InlineData("order.lines.sku", "A1; B2")]
    [InlineData("order.no.deeper", null)]
    [InlineData("name.given", "flat")]
    [InlineData("emails[]", "whole")]
    public void Paths_find_whole_names_first_and_walk_into_nested_values(string text, string? expected) =>
        Assert.Equal(expected, Evaluate(text, ("first", "Ann"), ("邮政 编码", "100000"), ("姓名", "张三"), ("order", s_order), ("name.given", "flat"), ("name", s_order), ("emails[]", "whole")).ToText());

    [Theory]
    [InlineData("'it''s'", "it's")]
    [InlineData("''", "")]
    [InlineData("'{{a}}'", "{a}")]
    [InlineData("12.50", "12.5")]
    [InlineData("-3", "-3")]
    [InlineData("true", "true")]
    [InlineData("null", null)]
    public void Literals_mean_themselves(string text, string? expected) => Assert.Equal(expected, Evaluate(text).ToText());

    [Theory]
    [InlineData("mobile ?? phone", "222")]
    [InlineData("(mobile ?? phone) | concat('!')", "222!")]
    [InlineData("mobile ?? phone | concat('!')", "222!")]
    [InlineData("mobile | trim ?? 'x'", "x")]
    [InlineData("mobile | trim ?? phone | concat('!')", "222!")]
    [InlineData("phone | concat('!') = '222!'", "true")]
    [InlineData("phone = '222' and 'A' | lower = 'a'", "true")]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("10 - 2 - 3", "5")]
    [InlineData("2 * 3 | concat('!')", "6!")]
    [InlineData("mobile ?? 1 + 1", "2")]
    [InlineData("-2 * -3", "6")]
    [InlineData("1 / 0", null)]
    [InlineData("phone + 1", "223")]
    [InlineData("'a' + 1", null)]
    [InlineData("79228162514264337593543950335 * 10", null)]
    [InlineData("upper('a')", "A")]
    [InlineData("phone | padLeft(length(phone) + 2)", "00222")]
    public void Operators_bind_as_people_expect(string text, string? expected) =>
        Assert.Equal(expected, Evaluate(text, ("mobile", " "), ("phone", "222")).ToText());

    [Theory]
    [InlineData("'{street} {no}'", "Main St 5")]
    [InlineData("'{street}, {zip} {city}'", "Main St, Berlin")]
    [InlineData("'{zip} {city}'", "Berlin")]
    [InlineData("'{city} {zip}'", "Berlin")]
    [InlineData("'{zip}, {street}, {city}'", "Main St, Berlin")]
    [InlineData("'{street}, {zip}, {city}'", "Main St, Berlin")]
    [InlineData("'{street}, {zip}'", "Main St")]
    [InlineData("'{zip} - {zip}'", null)]
    [InlineData("'Mr {zip}'", null)]
    [InlineData("'Mr {city}'", "Mr Berlin")]
    [InlineData("'No. {no}.'", "No. 5.")]
    [InlineData("'{city | upper}{{{no}}}'", "BERLIN{5}")]
    [InlineData("'{`a b`}'", "x")]
    [InlineData("'it''s {city}'", "it's Berlin")]
    [InlineData("'- {city}'", "- Berlin")]
    [InlineData("'{street}{city}'", "Main StBerlin")]
    public void Templates_fill_in_fields_and_drop_separators_of_empty_ones(string text, string? expected) =>
        Assert.Equal(expected, Evaluate(text, ("street", "Main St"), ("no", Value.Number(5)), ("zip", " "), ("city", "Berlin"), ("a b", "x")).ToText());

    [Theory]
    [InlineData("[a, b, c]", "1; 3")]
    [InlineData("[a, [c, d]]", "1; 3; 4")]
    [InlineData("[b]", null)]
    [InlineData("[]", null)]
    [InlineData("[a, c | concat('!')]", "1; 3!")]
    [InlineData("[a, c] | concat('!')", "1!; 3!")]
    public void Lists_drop_what_is_empty_and_functions_go_over_their_elements(string text, string? expected) =>
        Assert.Equal(expected, Evaluate(text, ("a", "1"), ("b", ""), ("c", "3"), ("d", "4")).ToText());

    [Theory]
    [InlineData("n = 7", true)]
    [InlineData("n == '7.0'", true)]
    [InlineData("n != 8", true)]
    [InlineData("n < 10", true)]
    [InlineData("text7 < 10", true)]
    [InlineData("text7 < '10'", true)]
    [InlineData("text7 = 7", true)]
    [InlineData("'007' = '7'", false)]
    [InlineData("'b' > 'a'", true)]
    [InlineData("blank = null", true)]
    [InlineData("absent = null", true)]
    [InlineData("blank != null", false)]
    [InlineData("n != null", true)]
    [InlineData("blank < 1", false)]
    [InlineData("blank >= 1", false)]
    [InlineData("blank = ''", true)]
    [InlineData("day = '2024-01-31'", true)]
    [InlineData("day < '2024-02-01'", true)]
    [InlineData("day > '2024-02-01'", false)]
    [InlineData("day < n", false)]
    [InlineData("yes = true", true)]
    [InlineData("yes and not (n = 8)", true)]
    [InlineData("not n = 8", true)]
    [InlineData("false or yes", true)]
    [InlineData("n in [1, 7]", true)]
    [InlineData("n not in [1, 7]", false)]
    [InlineData("text7 in ['a', 'b']", false)]
    [InlineData("'vip' in tags", true)]
    [InlineData("tags = 'vip'", true)]
    [InlineData("tags != 'vip'", false)]
    [InlineData("if(n > 5, yes)", true)]
    [InlineData("if(n > 9, yes)", false)]
    public void Comparisons_know_types_and_emptiness(string text, bool expected) =>
        Assert.Equal(expected, Test(text, ("n", Value.Number(7)), ("text7", "7"), ("blank", " "), ("day", Value.Date(new DateOnly(2024, 1, 31))), ("yes", "Yes"), ("tags", Value.List("vip", "new"))));

    [Theory]
    [InlineData("if(vip, 'gold', 'none')", "gold")]
    [InlineData("if(not vip, 'gold', 'none')", "none")]
    [InlineData("vip | if('a', 'b')", "a")]
    public void If_chooses(string text, string expected) => Assert.Equal(expected, Evaluate(text, ("vip", "ja")).ToText());

    [Fact]
    public void Arguments_may_come_from_the_row()
    {
        Assert.Equal("+442079460018", Evaluate("phone | phone(country ?? 'CN')", ("phone", "020 7946 0018"), ("country", "UK")).ToText());
        Assert.Equal("+8613800138000", Evaluate("phone | phone(country ?? 'CN')", ("phone", "138 0013 8000"), ("country", "")).ToText());
        Assert.Equal("2024-01-31", Evaluate("d | date(f, f, f, g)", ("d", "31~01~2024"), ("f", "yyyy-MM-dd"), ("g", "dd~MM~yyyy")).ToText());
        Assert.Equal("1.5", Evaluate("n | number(sign)", ("n", "1,5"), ("sign", ",")).ToText());
        Assert.Equal("1,5", Evaluate("n | number(sign)", ("n", "1,5"), ("sign", "nonsense!")).ToText());
    }

    [Fact]
    public void Rows_may_be_shorter_than_their_shape() =>
        Assert.True(Compile("b").Bind(name => name == "b" ? 1 : -1).Evaluate(["a"]).IsNull);

    [Fact]
    public void Paths_are_listed_once_as_written_without_back_ticks()
    {
        Assert.Equal(["name.given", "邮政 编码", "lines[0].sku", "emails[]", "country"], Compile("['{name.given} {`邮政 编码`}', lines[0].sku, emails[], name.given | phone(country)]").Paths);
    }

    [Fact]
    public void A_plain_path_gives_the_very_value_of_the_row()
    {
        var text = new string("same");
        Assert.Same(text, Evaluate("a | trim | email | lower | collapse", ("a", text)).AsText);
    }

    [Fact]
    public void Lookup_tables_are_found_by_folded_keys()
    {
        var environment = new MapEnvironment { Lookups = new Dictionary<string, LookupTable> { ["tiers"] = new(new Dictionary<string, Value> { ["Gold "] = "A", ["2"] = "B" }) } };
        string? Look(string text, Value value) => Compile(text, environment).Bind(_ => 0).Evaluate([value]).ToText();
        Assert.Equal("A", Look("x | lookup('tiers')", " ＧＯＬＤ"));
        Assert.Equal("B", Look("x | lookup('tiers')", Value.Number(2)));
        Assert.Equal("tin", Look("x | lookup('tiers')", "tin"));
        Assert.Equal("Z", Look("x | lookup('tiers', 'Z')", "tin"));
    }

    [Fact]
    public void The_hubs_country_and_zone_hold_where_nothing_else_is_said()
    {
        var environment = new MapEnvironment { Country = "CN", TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai") };
        Assert.Equal("+8613800138000", Compile("x | phone", environment).Bind(_ => 0).Evaluate(["13800138000"]).ToText());
        Assert.Equal("2024-01-31T04:00:00Z", Compile("x | instant", environment).Bind(_ => 0).Evaluate(["2024-01-31 12:00"]).ToText());
    }
}
