using System.IO.Compression;
using System.Text.Json;
using Crm.Integration.Hub.Accounts;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Cli;

namespace Crm.Integration.Hub.Tests.Backup;

/// <summary>A hub in one file, and out of it again.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TemporaryFolder _hub = new();
    private readonly TemporaryFolder _elsewhere = new();

    public BackupTests()
    {
        _hub.Write("hub.json", "{}");
        _hub.Write("connections/files.json", """{ "connector": "csv", "folder": "in" }""");
        _hub.Write("pipelines/crm.json", """
            { "from": { "connection": "files", "stream": "crm.csv", "key": "id" }, "entity": "customer", "map": { "name.given": "first", "name.family": "last" } }
            """);
        _hub.Write("in/crm.csv", "id,first,last\n1,Anna,Berg\n2,Josef,Stein\n");
    }

    private string File => Path.Combine(_elsewhere.Path, "hub.tar.gz");

    private string Restored => Path.Combine(_elsewhere.Path, "restored");

    public void Dispose()
    {
        _hub.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task What_is_restored_goes_on_where_the_backup_was_made()
    {
        await DoAsync(_hub.Path, "run");
        await DoAsync(_hub.Path, "backup", File);
        await DoAsync(Restored, "restore", File);
        Directory.CreateDirectory(Path.Combine(Restored, "in"));
        System.IO.File.Copy(Path.Combine(_hub.Path, "in/crm.csv"), Path.Combine(Restored, "in/crm.csv"));

        var counts = JsonDocument.Parse((await DoAsync(Restored, "--json", "run")).Out).RootElement.GetProperty("pipelines")[0].GetProperty("counts");

        Assert.Equal((2, 2), (counts.GetProperty("read").GetInt32(), counts.GetProperty("unchanged").GetInt32()));
    }

    [Fact]
    public async Task It_is_made_while_somebody_is_at_work_and_holds_what_was_committed_by_then()
    {
        await DoAsync(_hub.Path, "run");
        using (var store = MasterStore.Open(MasterStore.EngineOf(new(), _hub.Path), TimeProvider.System))
        {
            using var half = store.Begin();
            half.Execute("update master set changed_at = -1");

            await DoAsync(_hub.Path, "backup", File);
        }

        await DoAsync(Restored, "restore", File);
        using var restored = MasterStore.Open(MasterStore.EngineOf(new(), Restored), TimeProvider.System);
        Assert.Equal((2, 0), (restored.Scalar<long>("select count(*) from master"), restored.Scalar<long>("select count(*) from master where changed_at = -1")));
    }

    [Fact]
    public async Task The_key_of_secrets_is_not_in_it_and_is_asked_for()
    {
        new AccountStore(MasterStore.EngineOf(new(), _hub.Path), _hub.Path, TimeProvider.System, _ => null).SetSecret("crm-password", "geheim-wort");
        await DoAsync(_hub.Path, "backup", File);

        var files = JsonDocument.Parse((await DoAsync(Restored, "--json", "restore", File)).Out).RootElement;

        Assert.Equal("missing", files.GetProperty("key").GetString());
        Assert.DoesNotContain(files.GetProperty("files").EnumerateArray(), file => file.GetProperty("path").GetString()!.Contains("key", StringComparison.Ordinal));
        using var unzipped = new GZipStream(System.IO.File.OpenRead(File), CompressionMode.Decompress);
        using var all = new MemoryStream();
        await unzipped.CopyToAsync(all, TestContext.Current.CancellationToken);
        Assert.Equal(-1, all.ToArray().AsSpan().IndexOf("geheim-wort"u8));
    }

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(0.9, false)]
    [InlineData(0.5, true)]
    public async Task A_damaged_backup_is_refused_and_leaves_nothing_behind_when_verified(double at, bool cut)
    {
        await DoAsync(_hub.Path, "run");
        await DoAsync(_hub.Path, "backup", File);
        await DoAsync(_hub.Path, "restore", File, "--verify");
        var bytes = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);
        var place = (int)(bytes.Length * at);
        if (cut)
            bytes = bytes[..place];
        else
            bytes[place] ^= 0x55;
        await System.IO.File.WriteAllBytesAsync(File, bytes, TestContext.Current.CancellationToken);

        var (code, _, error) = await CommandLine.RunAsync("--hub", _hub.Path, "restore", File, "--verify");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("hub.tar.gz", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_works_is_never_overwritten()
    {
        await DoAsync(_hub.Path, "backup", File);

        var (code, _, error) = await CommandLine.RunAsync("--hub", _hub.Path, "restore", File);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("is not empty", error, StringComparison.Ordinal);
    }

    private static async Task<(ExitCode Code, string Out, string Error)> DoAsync(string folder, params string[] arguments)
    {
        var done = await CommandLine.RunAsync(["--hub", folder, .. arguments]);
        Assert.True(done.Code == ExitCode.Done, done.Error);
        return done;
    }
}
