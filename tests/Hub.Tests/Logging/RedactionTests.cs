using System.Text;
using System.Text.Json;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Tests.Cli;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Tests.Logging;

public sealed class RedactionTests
{
    private static readonly JsonSerializerOptions s_relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Secret = "S3cr+t/päss wörd\"9";

    [Theory]
    [InlineData("Email"), InlineData("customerEmail"), InlineData("email_address"), InlineData("Phone"), InlineData("mobilePhone"), InlineData("birthDate"), InlineData("nationalId"), InlineData("taxId")]
    [InlineData("Name"), InlineData("FirstName"), InlineData("CustomerName"), InlineData("address"), InlineData("postalCode"), InlineData("AccessToken"), InlineData("client-secret"), InlineData("Authorization")]
    [InlineData("api_key"), InlineData("apiKey"), InlineData("X-Api-Key"), InlineData("DbPassword"), InlineData("SetCookie"), InlineData("PHONE")]
    public void What_is_named_like_a_secret_or_a_person_is_covered(string name) => Assert.True(SensitiveNames.Covers(name));

    [Theory]
    [InlineData("Pipeline"), InlineData("Connection"), InlineData("RunId"), InlineData("FileName"), InlineData("JobName"), InlineData("RemoteAddress"), InlineData("server.address"), InlineData("Message")]
    [InlineData("Problem"), InlineData("StreamName"), InlineData("Took"), InlineData("http.request.method"), InlineData("EndpointName"), InlineData("Node"), InlineData("Captured"), InlineData("Zipper")]
    public void What_is_named_like_a_thing_is_not(string name) => Assert.False(SensitiveNames.Covers(name));

    [Theory]
    [InlineData("the field Email has the value anna.keller+x@mail.example, which is in use", "the field Email has the value ***@***, which is in use")]
    [InlineData("GET /contacts?email=anna%40mail.example", "GET /contacts?email=***@***")]
    [InlineData("call +49 (171) 555-01 23 now", "call +*** now")]
    [InlineData("run 17 took 00:00:12, 1,000+200 rows, 2026-11-22T10:00:00+01:00", "run 17 took 00:00:12, 1,000+200 rows, 2026-11-22T10:00:00+01:00")]
    public void Mailboxes_and_phone_numbers_are_told_by_their_form(string text, string masked) => Assert.Equal(masked, PersonalText.Mask(text));

    [Fact]
    public void A_long_text_without_a_mailbox_is_gone_through_quickly()
    {
        var text = new string('a', 200_000) + "@";

        Assert.Equal(text, PersonalText.Mask(text));
    }

    [Fact]
    public void A_secret_is_known_in_every_form_in_which_it_travels()
    {
        var redactor = new SecretRedactor();
        redactor.Add(Secret);
        string[] forms =
        [
            Secret, JsonSerializer.Serialize(Secret), JsonSerializer.Serialize(Secret, s_relaxed),
            Uri.EscapeDataString(Secret), Uri.EscapeDataString(Secret).Replace("%C3", "%c3", StringComparison.Ordinal).Replace("%B6", "%b6", StringComparison.Ordinal).Replace("%A4", "%a4", StringComparison.Ordinal)
                .Replace("%2F", "%2f", StringComparison.Ordinal).Replace("%2B", "%2b", StringComparison.Ordinal),
            System.Net.WebUtility.UrlEncode(Secret), System.Net.WebUtility.HtmlEncode(Secret), Convert.ToHexString(Encoding.UTF8.GetBytes(Secret)), Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Secret)),
        ];

        Assert.All(forms, form => Assert.DoesNotContain("rd", redactor.Redact(form), StringComparison.Ordinal));
        Assert.All(forms[^2..], form => Assert.Equal("***", redactor.Redact(form)));
    }

    [Fact]
    public void In_the_base64_of_a_longer_text_nothing_of_the_secret_can_be_read() => Prop.ForAll(
        ArbMap.Default.ArbFor<(NonNull<string> Before, NonNull<string> After)>(),
        it =>
        {
            const string secret = "k9XvQ27pLmZr4tWy";
            var redactor = new SecretRedactor();
            redactor.Add(secret);
            var bytes = Encoding.UTF8.GetBytes(it.Before.Get + secret + it.After.Get);
            var standard = redactor.Redact(Convert.ToBase64String(bytes));
            var forUrls = redactor.Redact(Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_').TrimEnd('='));
            return standard.Contains(SecretRedactor.Mask, StringComparison.Ordinal) && forUrls.Contains(SecretRedactor.Mask, StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Values_are_masked_by_their_names_in_messages_properties_and_structures()
    {
        var (file, screen) = Logged(log => log.LogWarning(
            "{Email} of {@Customer} said {Note}, header {Headers}", "x1canary", new { Name = "x2canary", Phone = 4915550001, Id = 7 }, "plain", new Dictionary<string, string> { ["Authorization"] = "x3canary", ["Accept"] = "json" }));

        foreach (var place in new[] { file, screen })
        {
            Assert.DoesNotContain("canary", place, StringComparison.Ordinal);
            Assert.DoesNotContain("4915550001", place, StringComparison.Ordinal);
            Assert.Contains("plain", place, StringComparison.Ordinal);
        }

        var line = JsonDocument.Parse(file).RootElement;
        Assert.Equal("***", line.GetProperty("email").GetString());
        Assert.Equal(7, line.GetProperty("customer").GetProperty("Id").GetInt64());
        Assert.Equal("json", line.GetProperty("headers").GetProperty("Accept").GetString());
    }

    [Fact]
    public void A_secret_that_is_split_over_two_values_is_found()
    {
        var (file, screen) = Logged(log => log.LogWarning("{First}{Second} was refused", Secret[..8], Secret[8..]));

        Assert.All([file, screen], place => Assert.DoesNotContain(JsonSerializer.Serialize(Secret[8..]).Trim('"')[..5], place, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret[..8], file, StringComparison.Ordinal);
    }

    [Fact]
    public void Exceptions_say_nothing_of_secrets_and_persons()
    {
        var (file, _) = Logged(log => log.LogError(new InvalidOperationException($"key {Secret}", new HttpRequestException($"to anna.keller@mail.example with {Uri.EscapeDataString(Secret)}")), "it failed"));

        Assert.DoesNotContain("anna", file, StringComparison.Ordinal);
        Assert.DoesNotContain("S3cr", file, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException", file, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_carry_the_run_the_pipeline_and_the_connection_they_belong_to()
    {
        var (file, _) = Logged(log =>
        {
            using var run = log.Within(runId: 12);
            using (log.Within(pipeline: "shop-customers", connection: "shop", record: 4711))
                log.LogInformation("inside");
            log.LogInformation("outside");
        });

        var lines = file.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal((12, "shop-customers", "shop", 4711), (lines[0].GetProperty("runId").GetInt64(), lines[0].GetProperty("pipeline").GetString(), lines[0].GetProperty("connection").GetString(), lines[0].GetProperty("record").GetInt64()));
        Assert.Equal(12, lines[1].GetProperty("runId").GetInt64());
        Assert.False(lines[1].TryGetProperty("pipeline", out _));
    }

    [Fact]
    public void A_service_tells_line_by_line_what_it_does()
    {
        using var folder = new TemporaryFolder();
        var error = new StringWriter();
        using (var log = HubLog.OfService(error, new SecretRedactor(), verbose: false, new LogSettings { Folder = "logs" }, folder.Path, TimeProvider.System))
        {
            log.Node = "machine/1";
            var hub = log.Factory.CreateLogger("hub");
            using (hub.Within(pipeline: "shop"))
                hub.LogInformation("two lines\nof one event");
            log.Factory.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").LogInformation("Request starting GET /hooks?key=1");
        }

        Assert.Matches(@"^\d\d:\d\d:\d\d info    shop: two lines of one event\r?\n$", error.ToString());
        var line = JsonDocument.Parse(File.ReadAllText(Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "logs"))))).RootElement;
        Assert.Equal("machine/1", line.GetProperty("node").GetString());
    }

    [Fact]
    public void To_the_journal_of_systemd_a_line_says_its_priority_and_leaves_the_time_to_it()
    {
        var error = new StringWriter();
        var sink = new ServiceConsoleSink(error, new SecretRedactor(), verbose: false, journal: true);
        sink.Emit(new Serilog.Events.LogEvent(DateTimeOffset.UnixEpoch, Serilog.Events.LogEventLevel.Warning, null, new Serilog.Parsing.MessageTemplateParser().Parse("disk is nearly full"), []));

        Assert.Equal("<4>disk is nearly full", error.ToString().TrimEnd());
        Assert.True(HubLog.SystemdJournal(name => name is "JOURNAL_STREAM" or "INVOCATION_ID" ? "8:1" : null));
        Assert.False(HubLog.SystemdJournal(_ => null));
    }

    private static (string File, string Screen) Logged(Action<ILogger> write)
    {
        using var folder = new TemporaryFolder();
        var screen = new Screen();
        var secrets = new SecretRedactor();
        secrets.Add(Secret);
        using (var log = HubLog.ToFiles(screen.Terminal.Error, secrets, verbose: false, new LogSettings { Folder = "logs" }, folder.Path, TimeProvider.System))
            write(log.Factory.CreateLogger("test"));
        return (File.ReadAllText(Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "logs")))), screen.ErrorText);
    }
}
