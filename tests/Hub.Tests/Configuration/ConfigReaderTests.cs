using System.Text;
using Crm.Integration.Hub.Configuration.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Integration.Hub.Tests.Configuration;

public sealed class ConfigReaderTests
{
    [Fact]
    public void Values_know_their_line_and_column()
    {
        var root = Read("{\n  // a comment\n  \"名\": [1,\n    \"two\"],\n}")!;

        Assert.Equal((3, 8), At(root["名"]!));
        Assert.Equal((4, 5), At(root["名"]!.Items[1]));
        Assert.Equal((3, 3), root.Document.At(root.Members[0].Offset));
    }

    [Fact]
    public void Columns_count_characters_as_editors_do()
    {
        var root = Read("""{ "é€": "😀", "b": 1 }""")!;

        Assert.Equal((1, 9), At(root["é€"]!));
        Assert.Equal((1, 20), At(root["b"]!));
    }

    [Fact]
    public void A_character_of_a_text_is_found_behind_escapes_and_wide_characters()
    {
        var root = Read(""" { "a": "x\"\u00e9\n😀y" } """)!;
        var text = root["a"]!;

        Assert.Equal("x\"é\n😀y", text.Text);
        Assert.Equal('y', (char)root.Document.Utf8.Span[text.OffsetOf(6)]);
        Assert.Equal('\\', (char)root.Document.Utf8.Span[text.OffsetOf(1)]);
        Assert.Equal('"', (char)root.Document.Utf8.Span[text.OffsetOf(99)]);
    }

    [Fact]
    public void The_offset_of_each_character_is_that_of_its_own_bytes()
    {
        var property = Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), given =>
        {
            var text = new string([.. given.Get.Where(character => !char.IsSurrogate(character))]);
            var json = System.Text.Json.JsonSerializer.Serialize(text);
            var root = Read(json)!;
            for (var i = 0; i < text.Length; i++)
            {
                var piece = Encoding.UTF8.GetString(root.Document.Utf8.Span[root.OffsetOf(i)..root.OffsetOf(i + 1)]);
                if (System.Text.Json.JsonSerializer.Deserialize<string>($"\"{piece}\"") != text[i].ToString())
                    return false;
            }

            return true;
        });
        property.QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("{ \"a\": 1\n  \"b\": 2 }", "f.json:2:3: a comma or a closing bracket is missing before this; put a comma after the value before it")]
    [InlineData("{ 'a': 1 }", "f.json:1:3: text stands in double quotes in JSON, not in single ones; write \"…\"")]
    [InlineData("{ a: 1 }", "f.json:1:3: a key is expected here, in double quotes; put the key into double quotes, and a colon after it")]
    [InlineData("{ \"a\": topsecret }", "f.json:1:9: only true, false, null and numbers stand without quotes; put text into double quotes")]
    [InlineData("{ \"a\": 01 }", "f.json:1:9: this is not a number as JSON writes it; digits, a dot, no leading zeros; put anything else into double quotes")]
    [InlineData("{ \"a\": yes }", "f.json:1:8: a value is expected here; text stands in double quotes; true, false, null and numbers without")]
    [InlineData("{ \"a\" 1 }", "f.json:1:7: a colon is missing between the key and its value; write \"key\": value")]
    [InlineData("{ \"a\": [1, 2 ", "f.json:1:14: the file ends too early: a bracket, a quote or a comment is not closed; look for the { or [ without its end")]
    [InlineData("{ \"a\": \"C:\\data\" }", "f.json:1:12: this is not an escape that JSON knows; write \\\\ for one backslash")]
    [InlineData("{ \"a\": \"x\n\" }", "f.json:1:10: text runs over the end of the line, or holds a control character; close it with \" on its own line; write \\n or \\t inside it")]
    [InlineData("{} {}", "f.json:1:4: there is more text after the end of the JSON; remove it, or a bracket too many before it")]
    [InlineData("", "f.json:1:1: the file is empty; write {} at least")]
    [InlineData("{ \"a\": 1, \"a\": 2 }", "f.json:1:11: 'a' stands here twice; it is on line 1 already; keep one of the two")]
    [InlineData("{ \"a\": \"\\ud800\" }", "f.json:1:8: a \\u escape in this text is one half of a character; write the character itself")]
    public void Mistakes_of_syntax_are_said_in_words_with_their_place(string text, string problem)
    {
        var problems = new ConfigProblems();
        ConfigReader.Read("f.json", Encoding.UTF8.GetBytes(text), problems);
        Assert.Equal([problem], problems.All.Select(found => found.ToString()));
    }

    [Fact]
    public void A_byte_order_mark_is_no_mistake()
    {
        var problems = new ConfigProblems();
        var root = ConfigReader.Read("f.json", new byte[] { 0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}' }, problems);
        Assert.Equal(ConfigKind.Object, root!.Kind);
        Assert.Equal((1, 1), At(root));
    }

    [Fact]
    public void Other_encodings_are_named()
    {
        var problems = new ConfigProblems();
        Assert.Null(ConfigReader.Read("a.json", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{}")).ToArray(), problems));
        Assert.Null(ConfigReader.Read("b.json", "{ \"a\": \"\n"u8.ToArray().Concat(new byte[] { 0xE9, (byte)'"', (byte)'}' }).ToArray(), problems));
        Assert.Equal(
            ["a.json: the file is encoded as UTF-16; save it as UTF-8", "b.json:2:1: this byte is not valid UTF-8; save the file as UTF-8"],
            problems.All.Select(problem => problem.ToString()));
    }

    [Fact]
    public void Random_bytes_never_make_the_reader_throw()
    {
        var property = Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            var problems = new ConfigProblems();
            return ConfigReader.Read("f.json", bytes, problems) is not null || problems.Count > 0;
        });
        property.QuickCheckThrowOnFailure();
    }

    private static ConfigNode? Read(string text) => ConfigReader.Read("f.json", Encoding.UTF8.GetBytes(text), new ConfigProblems());

    private static (int, int) At(ConfigNode node) => node.Document.At(node.Offset);
}
