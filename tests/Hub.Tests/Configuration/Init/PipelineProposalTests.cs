using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Init;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Tests.Configuration.Init;

public sealed class PipelineProposalTests
{
    private static readonly JsonDocumentOptions s_lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly Dictionary<string, (StreamDescription Stream, string? Country)> s_streams = new()
    {
        ["crm"] = (Stream("contacts.csv", "Id:1|2!", "First Name:Ann|Bob", "Last Name:Miller|Smith", "Email:ann@x.example", "Phone:0113 496 0123", "Mobile:07700 900123", "Mailing Street:1 High Street",
            "Mailing City:Leeds", "Mailing State/Province:", "Mailing Zip:LS1 1AA", "Mailing Country:UK", "Birthdate:1980-02-03", "Company:ACME Ltd", "Email Opt In:yes|no", "Tags:vip;west", "Rating:hot", "Last Modified:2026-01-31 10:00:00"), "GB"),
        ["erp"] = (Stream("erp.csv", "KUNNR:0000100|0000101!", "NAME1:Miller, Ann|Weber, Tom", "STREET:Hauptstr. 5", "POSTCITY:70173 Stuttgart", "LAND:D|A", "TEL:0711/123456", "VATNO:DE123456789", "CHANGED:24.12.2025|01.02.2026"), null),
        ["shop"] = (Stream("customers.csv", "customer_id:17|18!", "full_name:Ann Miller|Bob Smith", "email:a@x.example", "phone:+49 30 123456", "address:Hauptstr. 5, 70173 Stuttgart, Germany", "created_at:2026-01-01", "newsletter:1|0"), null),
        ["crm-cn"] = (Stream("客户.csv", "编号:K1|K2!", "姓名:李小明|欧阳娜娜", "手机:13800138000", "电子邮箱:a@x.example", "公司:某某有限公司", "地址:中山路1号", "城市:上海", "省份:上海", "邮编:200000", "出生日期:1985年3月9日", "更新时间:2026/1/31", "客户 等级:A"), "CN"),
        ["firmen"] = (Stream("Firmen.csv", "Debitor:7001|7002!", "Firma:ACME GmbH", "Straße:Hauptstr.", "Hausnr.:5", "PLZ:70173", "Ort:Stuttgart", "Telefon:0711 123456", "E-Mail:info@acme.example", "Webseite:acme.example", "USt-IdNr.:DE123456789", "Branche:Bau"), "DE"),
        ["orders"] = (Stream("orders.jsonl", "Order No:A-1|A-2!", "Customer No:17|18", "Order Date:31/01/2026", "Total:1.234,50", "Currency:EUR", "Status:paid"), null),
        ["clientes"] = (Stream("clientes.csv", "Código:1|2!", "Nombre:Ana", "Apellidos:García", "Correo electrónico:a@x.example", "Móvil:612 345 678", "Teléfono fijo:914 567 890", "Dirección:Calle Mayor 1", "Código postal:28013", "Población:Madrid", "Fecha de nacimiento:01/02/1980"), "ES"),
    };

    public static TheoryData<string> Names => [.. s_streams.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_stream_gets_the_proposal_that_was_reviewed(string name)
    {
        var proposal = Propose(name);

        Assert.Equal(Golden($"{name}.pipeline.json", proposal.PipelineJson), proposal.PipelineJson);
        Assert.Equal(Golden($"{name}.tests.json", proposal.TestsJson), proposal.TestsJson);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_proposed_compiles(string name)
    {
        var proposal = Propose(name);
        using var pipeline = JsonDocument.Parse(proposal.PipelineJson, s_lenient);
        var type = BuiltInModel.All.Single(type => type.Name == proposal.Entity);
        var columns = s_streams[name].Stream.Fields.Select(field => field.Name).ToList();

        var from = pipeline.RootElement.GetProperty("from");
        var expressions = pipeline.RootElement.GetProperty("map").EnumerateObject().Select(entry => entry.Value.GetString()!).Append(from.GetProperty("key").GetString()!);
        if (from.TryGetProperty("modified", out var modified))
            expressions = expressions.Append(modified.GetString()!);
        foreach (var text in expressions)
        {
            var problems = new List<MapProblem>();
            var expression = Expression.Compile(text, MapEnvironment.Empty, problems);
            Assert.Empty(problems);
            Assert.All(expression!.Paths, path => Assert.Contains(path, columns));
        }

        Assert.All(pipeline.RootElement.GetProperty("map").EnumerateObject(), entry => Assert.NotNull(type.Find(entry.Name)));
        var mistakes = new List<RuleProblem>();
        Assert.NotNull(RuleSet.Compile(type, [.. pipeline.RootElement.GetProperty("validate").EnumerateArray().Select(Rule)], MapEnvironment.Empty, mistakes));
        Assert.Empty(mistakes);
    }

    [Fact]
    public void No_value_of_the_source_gets_into_the_configuration()
    {
        foreach (var (name, (stream, _)) in s_streams)
        {
            var proposal = Propose(name);
            foreach (var example in stream.Fields.SelectMany(field => field.Examples).Where(example => example.Length > 8))
            {
                Assert.DoesNotContain(example, proposal.PipelineJson, StringComparison.Ordinal);
                Assert.DoesNotContain(example, proposal.TestsJson, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_stream_without_a_key_says_so()
    {
        var proposal = PipelineProposal.For(Stream("people.csv", "Id:1|1", "Email:a@x.example"), "in", null);

        Assert.Contains(proposal.Remarks, remark => remark.Contains("'Id' is a guess", StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_with_repeats_gives_way_to_a_column_without()
    {
        var proposal = PipelineProposal.For(Stream("people.csv", "Id:1|1", "Code X:a|b!", "Email:a@x.example"), "in", null);

        using var pipeline = JsonDocument.Parse(proposal.PipelineJson, s_lenient);
        Assert.Equal("`Code X`", pipeline.RootElement.GetProperty("from").GetProperty("key").GetString());
        Assert.Contains(proposal.Remarks, remark => remark.StartsWith("'Id' reads like the key", StringComparison.Ordinal));
    }

    [Fact]
    public void Columns_that_nobody_knows_still_give_a_pipeline_that_can_be_read()
    {
        var proposal = PipelineProposal.For(Stream("x.csv", "F1:1|2!", "we`ird:1", "line\nbreak:1", "and:1"), "x", null);

        using var pipeline = JsonDocument.Parse(proposal.PipelineJson, s_lenient);
        Assert.Equal("customer", proposal.Entity);
        Assert.Empty(pipeline.RootElement.GetProperty("map").EnumerateObject());
        Assert.Contains(proposal.Remarks, remark => remark.StartsWith("No column was recognised", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stream_without_columns_is_no_accident() =>
        Assert.Contains(PipelineProposal.For(new StreamDescription("empty.csv", []), "x", null).Remarks, remark => remark.Contains("no column that could be a key", StringComparison.Ordinal));

    private static PipelineProposal Propose(string name) => PipelineProposal.For(s_streams[name].Stream, name, s_streams[name].Country);

    // "header:example|example", with ! at the end where no value repeats.
    private static StreamDescription Stream(string name, params string[] columns) => new(name, [.. columns.Select(column =>
    {
        var colon = column.IndexOf(':', StringComparison.Ordinal);
        var examples = column[(colon + 1)..].TrimEnd('!').Split('|', StringSplitOptions.RemoveEmptyEntries);
        return new StreamField(column[..colon], StreamFieldType.Text) { Examples = examples, Unique = column.EndsWith('!') };
    })]);

    private static RuleDefinition Rule(JsonElement rule) => new()
    {
        Field = Text(rule, "field"),
        Any = rule.TryGetProperty("any", out var any) ? [.. any.EnumerateArray().Select(path => path.GetString()!)] : null,
        Rule = Enum.Parse<RuleKind>(Text(rule, "rule")!, ignoreCase: true),
        Otherwise = Enum.Parse<Otherwise>(Text(rule, "otherwise")!, ignoreCase: true),
        Min = Text(rule, "min"),
        Max = Text(rule, "max"),
    };

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    // A proposal that changed on purpose is written anew by deleting the file and running the test once.
    private static string Golden(string file, string actual, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "Golden", file);
        if (File.Exists(path))
            return File.ReadAllText(path).ReplaceLineEndings("\n");
        File.WriteAllText(path, actual);
        return $"there was no {file}; it was written: review it and run the test again";
    }
}
