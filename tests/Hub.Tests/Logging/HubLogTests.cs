using System.Text.Json;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Tests.Cli;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Tests.Logging;

public sealed class HubLogTests
{
    private const string Secret = "pä\"ss\\wörd&1";

    [Fact]
    public void A_secret_appears_in_no_sink_whatever_way_it_comes()
    {
        var screen = new Screen();
        var text = Logged(screen, log =>
        {
            log.LogError(new InvalidOperationException("the server said: " + Secret), "sent {Header} to {Url}", "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Secret)), "https://shop.example/?key=" + Uri.EscapeDataString(Secret));
            log.LogWarning("password {Password}", Secret);
        });

        foreach (var place in new[] { text, screen.ErrorText })
        {
            Assert.Contains("***", place, StringComparison.Ordinal);
            Assert.DoesNotContain("wörd", place, StringComparison.Ordinal);
            Assert.DoesNotContain(Uri.EscapeDataString(Secret), place, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Secret)), place, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_file_has_a_json_object_a_line_and_the_console_only_warnings()
    {
        var screen = new Screen();
        var text = Logged(screen, log =>
        {
            log.LogInformation("run {RunId} begins", 17);
            log.LogWarning("[red] is not markup here");
        });

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["run 17 begins", "[red] is not markup here"], lines.Select(line => line.GetProperty("message").GetString()));
        Assert.Equal(17, lines[0].GetProperty("runId").GetInt64());
        Assert.Equal("warning: [red] is not markup here", screen.ErrorText);
    }

    [Fact]
    public void No_text_keeps_a_secret_that_was_added() => Prop.ForAll(
        ArbMap.Default.ArbFor<(NonNull<string> Secret, NonNull<string> Before, NonNull<string> After)>(),
        it =>
        {
            var redactor = new SecretRedactor();
            redactor.Add(it.Secret.Get);
            var text = redactor.Redact(it.Before.Get + it.Secret.Get + it.After.Get);
            return it.Secret.Get.Length < 4 || it.Secret.Get.Contains('*') || !text.Contains(it.Secret.Get, StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_two_secrets_that_begin_alike_no_tail_stays()
    {
        var redactor = new SecretRedactor();
        redactor.Add("abcd");
        redactor.Add("abcdefgh");

        Assert.Equal("*** and ***", redactor.Redact("abcdefgh and abcd"));
    }

    private static string Logged(Screen screen, Action<ILogger> write)
    {
        using var folder = new TemporaryFolder();
        var secrets = new SecretRedactor();
        secrets.Add(Secret);
        using (var log = HubLog.ToFiles(screen.Terminal.Error, secrets, verbose: false, new LogSettings { Folder = "logs" }, folder.Path, TimeProvider.System))
            write(log.Factory.CreateLogger("test"));
        return File.ReadAllText(Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "logs"))));
    }
}
