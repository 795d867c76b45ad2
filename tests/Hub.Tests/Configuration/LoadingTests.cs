using Crm.Integration.Hub.Configuration;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Tests.Configuration;

public sealed class LoadingTests
{
    [Fact]
    public void An_empty_hub_has_every_default()
    {
        using var hub = new TemporaryHub(empty: true);
        hub.Write("hub.json", "{}");
        var configuration = hub.Load().OrThrow();

        Assert.Equal(20, configuration.Settings.Limits.ChangePercent);
        Assert.Equal(["account", "customer", "deal", "interaction", "order"], configuration.Entities.Keys.Order());
        Assert.Empty(configuration.Pipelines);
    }

    [Fact]
    public void Settings_of_every_kind_reach_the_connector()
    {
        using var hub = new TemporaryHub();
        hub.Environment["SHARE"] = "0.25";
        hub.Write("connections/shop.json", """
            {
              "$schema": "../schemas/connection.schema.json",
              "connector": "fake", "folder": "${env:SHARE}/$${x}", "pageSize": 7, "encoding": "utf8", "header": false,
              "patterns": ["a", "b"], "share": "${env:SHARE}", "quote": "'", "retry": { "attempts": 0 }, "password": null
            }
            """);
        var settings = Assert.IsType<FakeSettings>(hub.Load().OrThrow().Connections["shop"].Settings);

        Assert.Equal(("0.25/${x}", 7, FakeEncoding.Utf8, false, 0.25, '\'', 0, null), (settings.Folder, settings.PageSize, settings.Encoding, settings.Header, settings.Share, settings.Quote, settings.Retry.Attempts, settings.Password));
        Assert.Equal(["a", "b"], settings.Patterns);
    }

    [Fact]
    public void A_secret_is_read_from_a_file_without_its_line_break_and_made_known_for_masking()
    {
        using var hub = new TemporaryHub();
        hub.Write("secrets/shop", "s3cret-Value\n");
        hub.Write("connections/shop.json", """{ "connector": "fake", "folder": "in", "password": "${file:secrets/shop}" }""");
        var loaded = hub.Load();

        Assert.Equal("s3cret-Value", ((FakeSettings)loaded.OrThrow().Connections["shop"].Settings).Password);
        Assert.Equal(["s3cret-Value"], loaded.Secrets);
        Assert.Empty(loaded.ClearSecrets);
    }

    [Fact]
    public void A_secret_in_clear_text_is_allowed_masked_and_told()
    {
        using var hub = new TemporaryHub();
        hub.Write("connections/shop.json", """{ "connector": "fake", "folder": "in", "password": "s3cret-Value" }""");
        var loaded = hub.Load();

        Assert.Equal(["s3cret-Value"], loaded.Secrets);
        var warning = Assert.Single(loaded.ClearSecrets);
        Assert.Equal("connections/shop.json:1:52", warning.Place);
        Assert.DoesNotContain("s3cret", warning.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_came_by_reference_stands_in_no_message()
    {
        using var hub = new TemporaryHub();
        hub.Environment["CANARY"] = "canary-7f3a";
        hub.Write("hub.json", """{ "store": { "provider": "${env:CANARY}" }, "limits": { "changePercent": "${env:CANARY}" }, "defaults": { "country": "x${env:CANARY}", "timeZone": "${env:CANARY}" } }""");
        hub.Write("connections/shop.json", """{ "connector": "${env:CANARY}", "folder": "in" }""");
        hub.Write("connections/b.json", """{ "connector": "fake", "folder": "in", "header": "${env:CANARY}", "pageSize": "${env:CANARY}", "quote": "${env:CANARY}", "encoding": "${env:CANARY}", "password": ["${env:CANARY}"], "patterns": "${env:CANARY}" }""");
        var problems = hub.Problems();

        Assert.Equal(11, problems.Length);
        Assert.All(problems, problem => Assert.DoesNotContain("canary-7f3a", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Pipelines_come_inbound_first_and_entities_before_those_that_refer_to_them()
    {
        using var hub = new TemporaryHub();
        string Pull(string entity, string map) => $$"""{ "from": { "connection": "shop", "stream": "s", "key": "id" }, "entity": "{{entity}}", "map": { {{map}} } }""";
        hub.Write("pipelines/a-orders.json", Pull("order", """ "number": "no" """));
        hub.Write("pipelines/b-customers.json", Pull("customer", """ "email": "mail" """));
        hub.Write("pipelines/c-accounts.json", Pull("account", """ "name": "name" """));
        hub.Write("pipelines/0-out.json", """{ "to": { "connection": "shop", "stream": "out", "key": "id" }, "entity": "customer", "map": { "Mail": "email" } }""");

        Assert.Equal(["c-accounts", "b-customers", "a-orders", "0-out"], hub.Load().OrThrow().Pipelines.Select(pipeline => pipeline.Name));
    }

    [Fact]
    public void Custom_fields_of_all_pipelines_are_fields_of_the_entity_and_can_be_pushed()
    {
        using var hub = new TemporaryHub();
        hub.Write("pipelines/a.json", TemporaryHub.Inbound(map: """ "email": "mail", "custom.tier": "tier" """));
        hub.Write("pipelines/b.json", TemporaryHub.Inbound(map: """ "email": "mail", "custom.labels[]": "labels" """));
        hub.Write("pipelines/out.json", """{ "to": { "connection": "shop", "stream": "out", "key": "id" }, "entity": "customer", "map": { "Tier": "custom.tier", "Mail": "emails[0] ?? email", "id": "id" } }""");
        var configuration = hub.Load().OrThrow();

        var type = configuration.Entities["customer"].Type;
        Assert.Equal(["custom.labels[]", "custom.tier"], type.Fields.Where(field => EntityType.IsCustom(field.Path)).Select(field => field.Path));
        Assert.All(configuration.Pipelines.OfType<InboundPipeline>(), pipeline => Assert.Same(type, pipeline.Map.Type));
        Assert.Equal(["id", "Tier", "Mail"], configuration.Pipelines.OfType<OutboundPipeline>().Single().Map.Select(field => field.Field));
    }

    [Fact]
    public void The_key_of_a_destination_is_filled_with_the_master_id_unless_the_map_fills_it()
    {
        using var hub = new TemporaryHub();
        hub.Write("pipelines/out.json", """{ "to": { "connection": "shop", "stream": "out", "key": "hub_id" }, "entity": "customer", "map": { "Mail": "email" } }""");
        var map = hub.Load().OrThrow().Pipelines.OfType<OutboundPipeline>().Single().Map;
        Assert.Equal("hub_id", map[0].Field);
        Assert.Null(map[0].Expression);
    }

    [Fact]
    public void A_model_file_adds_fields_and_makes_entities()
    {
        using var hub = new TemporaryHub();
        hub.Write("model/customer.json", """{ "fields": { "loyalty.tier": { "description": "Tier.", "personal": true } }, "matching": { "review": 0.8 } }""");
        hub.Write("model/ticket.json", """{ "idPrefix": "T", "kind": "keyed", "fields": { "subject": {}, "phones[]": { "type": "textList", "primary": "phone" }, "phone": {}, "customerRef": { "references": "customer" } } }""");
        var entities = hub.Load().OrThrow().Entities;

        Assert.True(entities["customer"].Type.Find("loyalty.tier")!.Personal);
        Assert.Equal(0.8, entities["customer"].Matcher!.Settings.Review);
        Assert.Null(entities["ticket"].Matcher);
        Assert.Equal("phone", entities["ticket"].Type.Find("phones[]")!.Primary);
    }

    [Fact]
    public void A_rule_knows_its_place_in_the_file()
    {
        using var hub = new TemporaryHub();
        hub.Write("pipelines/p.json", """
            { "from": { "connection": "shop", "stream": "s", "key": "id" },
              "entity": "customer",
              "map": { "email": "mail" },
              "validate": [
                { "field": "email", "rule": "email" },
                { "field": "email", "rule": "length", "min": 3, "max": "60" }
              ] }
            """);
        var pipeline = hub.Load().OrThrow().Pipelines.OfType<InboundPipeline>().Single();

        Assert.Equal(["pipelines/p.json:3", "pipelines/p.json:5", "pipelines/p.json:6"], new[] { -1, 0, 1 }.Select(pipeline.RulePlace));
        Assert.Equal("3", pipeline.Settings.Validate[1].Min);
    }

    [Fact]
    public void Lookups_come_from_files_and_from_the_pipeline()
    {
        using var hub = new TemporaryHub();
        hub.Write("lookups/t.csv", "code;name\n A ;Alpha\nB;\"Be;ta\"\n");
        hub.Write("pipelines/p.json", TemporaryHub.Inbound(
            more: """, "lookups": { "t": { "file": "lookups/t.csv" }, "u": { "entries": { "x": "Ix" } } }""",
            map: """ "email": "mail", "company": "code | lookup('t')", "jobTitle": "code | lookup('u', 'none')" """));
        var pipeline = hub.Load().OrThrow().Pipelines.OfType<InboundPipeline>().Single();
        var shape = new Shape(["mail", "code"]);

        string Map(string code)
        {
            var record = new EntityRecord(pipeline.Map.Type);
            pipeline.Map.Bind(shape).Apply(new SourceRow(shape, ["a@b.example", code]), record);
            return $"{record["company"]}/{record["jobTitle"]}";
        }

        Assert.Equal(["Alpha/none", "Be;ta/none"], new[] { "a", "B " }.Select(Map));
        Assert.EndsWith("/Ix", Map("X"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pipelines/p.json", "| trim", "| lower")]
    [InlineData("pipelines/p.json", "\"id\"", "\"no\"")]
    [InlineData("pipelines/p.json", "\"blank\"", "\"warn\"")]
    [InlineData("pipelines/p.json", "\"Alpha\"", "\"Beta\"")]
    [InlineData("pipelines/p.json", "seen | instant", "saw | instant")]
    [InlineData("hub.json", "DE", "FR")]
    [InlineData("hub.json", "Europe/Berlin", "UTC")]
    public void What_decides_the_mapping_changes_the_fingerprint(string file, string from, string to)
    {
        using var hub = FingerprintHub();
        var before = FingerprintOf(hub);
        Replace(hub, file, from, to);
        Assert.NotEqual(before, FingerprintOf(hub));
    }

    [Fact]
    public void What_does_not_decide_the_mapping_leaves_the_fingerprint()
    {
        using var hub = FingerprintHub();
        var before = FingerprintOf(hub);
        Replace(hub, "pipelines/p.json", "\"entity\"", "// a comment\n  \"limits\": { \"changePercent\": 5 }, \"trigger\": { \"cron\": \"0 0 2 * * ?\" },\n\"description\": \"new\", \"entity\"");
        hub.Write("connections/other.json", """{ "connector": "fake", "folder": "in" }""");
        Assert.Equal(before, FingerprintOf(hub));
    }

    private static TemporaryHub FingerprintHub() => new TemporaryHub()
        .Write("hub.json", """{ "defaults": { "country": "DE", "timeZone": "Europe/Berlin" } }""")
        .Write("pipelines/p.json", """
            { "from": { "connection": "shop", "stream": "s", "key": "id", "modified": "seen | instant" }, "entity": "customer",
              "map": { "email": "mail | trim", "company": "code | lookup('t')" },
              "lookups": { "t": { "entries": { "A": "Alpha" } } },
              "validate": [ { "field": "email", "rule": "email", "otherwise": "blank" } ] }
            """);

    private static ulong FingerprintOf(TemporaryHub hub) => hub.Load().OrThrow().Pipelines.Single().Fingerprint;

    private static void Replace(TemporaryHub hub, string file, string from, string to)
    {
        var text = File.ReadAllText(Path.Combine(hub.Folder, file));
        Assert.Contains(from, text, StringComparison.Ordinal);
        hub.Write(file, text.Replace(from, to, StringComparison.Ordinal));
    }
}
