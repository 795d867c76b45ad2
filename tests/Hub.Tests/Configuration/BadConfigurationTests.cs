namespace Crm.Integration.Hub.Tests.Configuration;

public sealed class BadConfigurationTests
{
    [Fact]
    public void Ten_mistakes_in_one_folder_are_ten_problems_with_their_places()
    {
        using var hub = new TemporaryHub();
        hub.Write("hub.json", """
            {
              "store": { "provider": "sqllite" },
              "limits": { "deletePercent": 130 },
              "defaults": { "timeZone": "Europe/Berln" },
            }
            """);
        hub.Write("connections/shop.json", """
            {
              "connector": "fake",
              "folder": "in",
              "pagesize": 10,
              "header": "yes"
            }
            """);
        hub.Write("pipelines/shop.json", """
            {
              "from": { "connection": "shpo", "stream": "customers", "key": "id" },
              "entity": "customer",
              "map": {
                "name.givn": "first",
                "email": "mail | emial"
              },
              "validate": [ { "field": "email", "rule": "email", "otherwise": "drop" } ],
              "trigger": { "cron": "0 2 * * *" }
            }
            """);

        Assert.Equal(
            [
                "connections/shop.json:4:3: unknown key 'pagesize'; did you mean 'pageSize'?",
                "connections/shop.json:5:13: 'header' must be true or false, but is text; write true or false, without quotes",
                "hub.json:2:26: 'provider' must be one of sqlite, postgresql, sqlserver, but is 'sqllite'; did you mean 'sqlite'?",
                "hub.json:3:32: 'deletePercent' must be from 0 to 100, but is 130",
                "hub.json:4:29: 'Europe/Berln' is not a time zone that this machine knows; did you mean 'Europe/Berlin'?",
                "pipelines/shop.json:2:27: unknown connection 'shpo'; did you mean 'shop'?",
                "pipelines/shop.json:5:5: 'customer' has no field 'name.givn'; did you mean 'name.given'?",
                "pipelines/shop.json:6:22",
                "pipelines/shop.json:8:67: 'otherwise' must be one of reject, blank, warn, but is 'drop'",
                "pipelines/shop.json:9:24: a schedule has 6 fields (or 7 with the year), but this one has 5; this looks like cron without seconds: write \"0 0 2 * * ?\"",
            ],
            hub.Problems().Select(problem => problem.StartsWith("pipelines/shop.json:6:22", StringComparison.Ordinal) ? problem[..24] : problem));
    }

    [Theory]
    [InlineData("""{ "entity": "customer", "map": { "email": "mail" } }""", "p.json:1:1: a pipeline needs 'from' (inbound) or 'to' (outbound)")]
    [InlineData("""{ "from": { "connection": "shop", "stream": "s", "key": "id" }, "map": { "email": "mail" } }""", "p.json:1:1: 'entity' is missing")]
    [InlineData("""{ "from": { "connection": "shop", "stream": "s", "key": "id" }, "entity": "custmer", "map": { "email": "mail" } }""", "p.json:1:75: unknown entity 'custmer'; did you mean 'customer'?")]
    [InlineData("""{ "from": { "connection": "shop", "stream": "s" }, "entity": "customer", "map": { "email": "mail" } }""", "p.json:1:11: 'key' is missing")]
    [InlineData("""{ "from": { "connection": "shop", "stream": "s", "key": "id", "cursor": "at" }, "entity": "customer", "map": { "email": "mail" } }""", "p.json:1:73: the connector 'fake' cannot read from a cursor on")]
    [InlineData("""{ "from": { "connection": "shop", "stream": "s", "key": "Customer Id" }, "entity": "customer", "map": { "email": "mail" } }""", "p.json:1:57: 'Customer Id' is not an expression; a name with blanks or signs stands in back-ticks: \"`Customer Id`\"")]
    [InlineData("""{ "from": { "connection": "shop", "stream": "s", "key": "id" }, "entity": "customer", "map": { } }""", "p.json:1:94: the map is empty")]
    [InlineData("""{ "from": { "connection": "shop", "stream": "s", "key": "id" }, "entity": "customer", "map": { "email": 5 } }""", "p.json:1:105: 'email' must be text, but is a number; put it into double quotes")]
    [InlineData("""{ "from": { "connection": "shop", "stream": "s", "key": "id" }, "entity": "customer", "map": { "email": "mail" }, "deletes": "delete" }""", "p.json:1:126: 'deletes' has no meaning in an inbound pipeline")]
    [InlineData("""{ "to": { "connection": "shop", "stream": "s", "key": "id" }, "entity": "customer", "map": { "Mail": "emial" } }""", "p.json:1:103: 'customer' has no field 'emial'; did you mean 'email'?")]
    [InlineData("""{ "to": { "connection": "shop", "stream": "s", "key": "id" }, "entity": "customer", "where": "email != null and nam.full != ''", "map": { "Mail": "email" } }""", "p.json:1:113: 'customer' has no field 'nam.full'; did you mean 'name.full'?")]
    [InlineData("""{ "to": { "connection": "shop", "stream": "s", "key": "id" }, "entity": "customer", "map": { "Mail": "email" }, "conflict": { "Mali": "hub" } }""", "p.json:1:127: the map has no field 'Mali'; did you mean 'Mail'?")]
    [InlineData("""{ "from": { "connection": "shop", "stream": "s", "key": "id" }, "entity": "customer", "map": { "email": "mail" }, "lookups": { "t": { "file": "no.csv" } } }""", "p.json:1:143: the look-up file no.csv does not exist")]
    [InlineData("""{ "from": { "connection": "shop", "stream": "s", "key": "id" }, "entity": "customer", "map": { "email": "mail" }, "lookups": { "t": { } } }""", "p.json:1:133: the look-up table 't' needs either 'file' or 'entries'")]
    [InlineData("""{ "from": { "connection": "shop", "stream": "s", "key": "id" }, "entity": "customer", "map": { "email": "mail" }, "lookups": { "t": { "entries": { "A": "x", " a ": "y" } } } }""", "p.json:1:158: ' a ' stands in the table already, with another value")]
    [InlineData("""{ "from": { "connection": "shop", "stream": "s", "key": "id" }, "entity": "customer", "map": { "email": "mail" }, "validate": [ { "field": "emial", "rule": "email" } ] }""", "p.json:1:140: ")]
    [InlineData("[]", "p.json:1:1: the file must hold an object, but holds a list")]
    public void A_mistake_in_a_pipeline_is_named_at_its_place(string pipeline, string problem)
    {
        using var hub = new TemporaryHub();
        hub.Write("pipelines/p.json", pipeline);

        var found = Assert.Single(hub.Problems());
        Assert.StartsWith("pipelines/" + problem, found, StringComparison.Ordinal);
    }

    [Fact]
    public void From_and_to_together_are_refused()
    {
        using var hub = new TemporaryHub();
        hub.Write("pipelines/p.json", """
            { "from": { "connection": "shop", "stream": "s", "key": "id" },
              "to": { "connection": "shop", "stream": "s", "key": "id" }, "entity": "customer", "map": { "email": "email" } }
            """);
        Assert.Equal(["pipelines/p.json:2:9: a pipeline has either 'from' or 'to', not both; make two pipelines: one that pulls and one that pushes"], hub.Problems());
    }

    [Fact]
    public void An_error_in_an_expression_points_into_the_text_behind_escapes()
    {
        using var hub = new TemporaryHub();
        hub.Write("pipelines/p.json", TemporaryHub.Inbound(map: """ "email": "'\u00e9\\' | trim | lowr" """));

        // The character of 'lowr' itself, not that of the text's beginning.
        var problem = Assert.Single(hub.Load().Problems);
        var line = File.ReadAllLines(Path.Combine(hub.Folder, "pipelines/p.json"))[problem.Line - 1];
        Assert.StartsWith("lowr", line[(problem.Column - 1)..], StringComparison.Ordinal);
        Assert.Contains("lower", problem.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "folder": "in" }""", "1:1: 'connector' is missing")]
    [InlineData("""{ "connector": "faek", "folder": "in" }""", "1:16: unknown connector 'faek'; did you mean 'fake'?")]
    [InlineData("""{ "connector": "fake" }""", "1:1: 'folder' is missing")]
    [InlineData("""{ "connector": "fake", "folder": "in", "encoding": "UTF8" }""", "1:52: 'encoding' must be one of auto, utf8, but is 'UTF8'; did you mean 'utf8'?")]
    [InlineData("""{ "connector": "fake", "folder": "in", "pageSize": 1.5 }""", "1:52: 'pageSize' must be a whole number, but is 1.5")]
    [InlineData("""{ "connector": "fake", "folder": "in", "pageSize": 0 }""", "1:52: 'pageSize' must be from 1 to 200, but is 0")]
    [InlineData("""{ "connector": "fake", "folder": null }""", "1:34: 'folder' must not be null")]
    [InlineData("""{ "connector": "fake", "folder": "in", "retry": { "attempts": 11 } }""", "1:63: 'attempts' must be from 0 to 10, but is 11")]
    [InlineData("""{ "connector": "fake", "folder": "in", "patterns": ["a", 2] }""", "1:58: 'patterns' must be text, but is a number")]
    [InlineData("""{ "connector": "fake", "folder": "in", "quote": "''" }""", "1:49: 'quote' must be one character, but is ''''")]
    [InlineData("""{ "connector": "fake", "folder": "${env:NOPE}/in" }""", "1:35: the environment variable NOPE is not set")]
    [InlineData("""{ "connector": "fake", "folder": "in/${file:nope.txt}" }""", "1:38: the file nope.txt does not exist")]
    [InlineData("""{ "connector": "fake", "folder": "${evn:NOPE}" }""", "1:35: 'evn' is no kind of reference")]
    [InlineData("""{ "connector": "fake", "folder": "${env:NOPE" }""", "1:35: this reference has no closing brace")]
    public void A_mistake_in_a_connection_is_named_at_its_place(string connection, string problem)
    {
        using var hub = new TemporaryHub();
        hub.Write("connections/shop.json", connection);

        var found = Assert.Single(hub.Problems());
        Assert.StartsWith("connections/shop.json:" + problem, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("customer", """{ "kind": "person" }""", "1:11: 'kind' is for new entities; 'customer' is built in")]
    [InlineData("customer", """{ "fields": { "email": {} } }""", "1:15: 'customer' has the field 'email' already")]
    [InlineData("customer", """{ "fields": { "Loyalty Tier": {} } }""", "1:15: 'Loyalty Tier' cannot be the path of a field")]
    [InlineData("customer", """{ "fields": { "labels[]": { "type": "number" } } }""", "1:37: 'labels[]' is a list by its []")]
    [InlineData("customer", """{ "fields": { "labels": { "type": "textList" } } }""", "1:15: the path of a list ends in []")]
    [InlineData("customer", """{ "fields": { "shop": { "references": "acount" } } }""", "1:39: unknown entity 'acount'; did you mean 'account'?")]
    [InlineData("customer", """{ "matching": { "link": 0.9, "review": 0.95 } }""", "1:40: 'review' (0.95) is above 'link' (0.9)")]
    [InlineData("customer", """{ "matching": { "duplicateFree": ["shpo"] } }""", "1:35: unknown connection 'shpo'; did you mean 'shop'?")]
    [InlineData("customer", """{ "survivorship": { "fields": { "emial": { "rule": "longest" } } } }""", "1:33: entity 'customer' has no field or group 'emial'; did you mean 'email'?")]
    [InlineData("customer", """{ "survivorship": { "fields": { "email": { } } } }""", "1:33: 'rule' is missing; add one: recent, priority, frequent, complete, longest, verified")]
    [InlineData("customer", """{ "survivorship": { "fields": { "email": { "rule": "newest" } } } }""", "1:52: ")]
    [InlineData("customer", """{ "survivorship": { "fields": { "email": { "rule": "min" } } } }""", "1:33: 'min' is for numbers, dates and instants; 'email' is none of them")]
    [InlineData("customer", """{ "survivorship": { "fields": { "email": { "verifiedBy": ["shpo"] } } } }""", "1:59: unknown connection 'shpo'; did you mean 'shop'?")]
    [InlineData("customer", """{ "survivorship": { "fields": { "email": { "rule": "union" } } } }""", "1:33: 'union' is for lists")]
    [InlineData("ticket", """{ "idPrefix": "T", "fields": { "subject": {} } }""", "1:1: 'kind' is missing: 'ticket' is a new entity")]
    [InlineData("ticket", """{ "idPrefix": "C", "kind": "keyed", "fields": { "subject": {} } }""", "1:15: the idPrefix 'C' belongs to 'customer'")]
    [InlineData("ticket", """{ "idPrefix": "tk", "kind": "keyed", "fields": { "subject": {} } }""", "1:15: a new entity needs an 'idPrefix' of one or two capital letters, not 'tk'")]
    public void A_mistake_in_the_model_is_named_at_its_place(string entity, string model, string problem)
    {
        using var hub = new TemporaryHub();
        hub.Write($"model/{entity}.json", model);

        var found = Assert.Single(hub.Problems());
        Assert.StartsWith($"model/{entity}.json:{problem}", found, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_differ_only_in_case_are_refused()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("needs a file system that tells upper from lower case");
        using var hub = new TemporaryHub();
        hub.Write("connections/Shop.json", """{ "connector": "fake", "folder": "in" }""");
        Assert.Equal(["connections/shop.json: there is also Shop.json: two names that differ only in upper and lower case; rename one of them"], hub.Problems());
    }

    [Fact]
    public void A_file_with_a_mistake_in_its_syntax_does_not_hide_those_of_other_files_nor_cause_new_ones()
    {
        using var hub = new TemporaryHub();
        hub.Write("connections/shop.json", """{ "connector": "fake" "folder": "in" }""");
        hub.Write("pipelines/good.json", TemporaryHub.Inbound());
        hub.Write("pipelines/bad.json", TemporaryHub.Inbound(more: """, "wher": "1" """));

        Assert.Equal(
            ["connections/shop.json:1:23: a comma or a closing bracket is missing before this; put a comma after the value before it", "pipelines/bad.json:1:125: unknown key 'wher'; did you mean 'where'?"],
            hub.Problems());
    }

    [Fact]
    public void A_huge_file_is_refused_unread()
    {
        using var hub = new TemporaryHub();
        hub.Write("pipelines/p.json", new string(' ', (4 * 1024 * 1024) + 1));
        Assert.Equal(["pipelines/p.json: the file is larger than 4 MB, more than any configuration needs; if it holds data, move it out of the configuration"], hub.Problems());
    }

    [Fact]
    public void A_folder_without_hub_json_is_not_a_hub()
    {
        using var hub = new TemporaryHub(empty: true);
        Assert.Equal([$"hub.json: {hub.Folder} has no hub.json, so it is not a hub folder; name the hub folder with --hub DIR, or make one with `hub init`"], hub.Problems());
    }

    [Fact]
    public void The_connection_of_stewards_cannot_be_taken()
    {
        using var hub = new TemporaryHub();
        hub.Write("connections/steward.json", """{ "connector": "fake", "folder": "in" }""");
        Assert.Equal(["connections/steward.json: the name 'steward' is taken by corrections made by hand; rename the file"], hub.Problems());
    }

    [Fact]
    public void A_connector_that_cannot_be_written_to_is_no_destination()
    {
        using var hub = new TemporaryHub();
        hub.Write("connections/ro.json", """{ "connector": "readonly", "folder": "in" }""");
        hub.Write("pipelines/p.json", """{ "to": { "connection": "ro", "stream": "s", "key": "id" }, "entity": "customer", "map": { "Mail": "email" } }""");
        Assert.Equal(["pipelines/p.json:1:25: the connector 'readonly' cannot be pushed to; use it in 'from', or choose another connection"], hub.Problems());
    }
}
