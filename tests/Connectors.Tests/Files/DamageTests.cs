using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Csv;
using Crm.Integration.Connectors.Files;
using Crm.Integration.Mapping.Records;
using static Crm.Integration.Connectors.Tests.Pushes;

namespace Crm.Integration.Connectors.Tests.Files;

public sealed class DamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_file_that_changes_while_it_is_read_is_no_snapshot()
    {
        _folder.Write("t.csv", "id\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i}\n")));
        var pages = new List<Page>();
        var failure = await Assert.ThrowsAsync<ConnectorException>(async () =>
        {
            await foreach (var page in Open().PullAsync(new PullRequest("t.csv") { PageSize = 10 }, TestContext.Current.CancellationToken))
            {
                pages.Add(page);
                if (pages.Count == 1)
                    await File.AppendAllTextAsync(_folder["t.csv"], "late\n", TestContext.Current.CancellationToken);
            }
        });
        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.DoesNotContain(pages, page => page.CompletesSnapshot);
    }

    [Fact]
    public async Task A_target_that_somebody_saves_meanwhile_keeps_their_work()
    {
        _folder.Write("t.csv", "id,name\n1,Ann\n");
        var settings = new CsvSettings { Folder = "." };
        var format = new SavedMeanwhile(new CsvFormat(settings), () => _folder.Write("t.csv", "id,name\n1,Edited by hand\n"));
        var push = new FilePush(_folder["t.csv"], settings, format, new PushRequest("t.csv", "id", ["id", "name"]));
        var failure = await Assert.ThrowsAsync<ConnectorException>(async () =>
        {
            await foreach (var outcome in push.RunAsync(Pushes.Stream([Create(1, "2", "Bob")]), TestContext.Current.CancellationToken))
                Assert.Fail($"write {outcome.Id} was answered");
        });
        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Equal("id,name\n1,Edited by hand\n", _folder.Read("t.csv"));
        Assert.Empty(Directory.GetFiles(_folder.Path, ".t.csv.*"));
    }

    [Theory]
    [InlineData(typeof(UnauthorizedAccessException), 0, FailureKind.Configuration, "no right")]
    [InlineData(typeof(IOException), 28, FailureKind.Transient, "disk is full")]
    [InlineData(typeof(IOException), 11, FailureKind.Transient, "could not")]
    [InlineData(typeof(DirectoryNotFoundException), 0, FailureKind.Configuration, "does not exist")]
    public void What_the_system_says_becomes_who_must_act(Type type, int code, FailureKind kind, string words)
    {
        var exception = (Exception)Activator.CreateInstance(type)!;
        exception.HResult = code;
        var failure = FileErrors.Translate(exception, "out/t.csv", "write");
        Assert.Equal(kind, failure.Kind);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.StartsWith("out/t.csv", failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(failure.Fix);
    }

    [Fact]
    public async Task A_full_disk_leaves_the_file_as_it_was_and_no_litter()
    {
        // A device that is always full stands in for the disk.
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
        var real = Assert.Throws<IOException>(() =>
        {
            full.Write(new byte[100_000]);
            full.Flush();
        });
        Assert.Equal(FailureKind.Transient, FileErrors.Translate(real, "t.csv", "write").Kind);
        Assert.Contains("disk is full", FileErrors.Translate(real, "t.csv", "write").Message, StringComparison.Ordinal);

        var path = _folder.Write("t.csv", "id\n1\n");
        foreach (var packed in new[] { false, true })
        {
            using var file = new AtomicFile(path, new FullDisk(), packed);
            await file.Output.WriteAsync("half of it");
            Assert.Throws<IOException>(file.Commit);
        }

        Assert.Equal("id\n1\n", _folder.Read("t.csv"));
        Assert.Equal(["t.csv"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_file_larger_than_allowed_is_refused_before_it_is_read()
    {
        _folder.Write("t.csv", "id,name\n" + new string('x', 2 << 20));
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => Open(new CsvSettings { Folder = ".", MaxFileMegabytes = 1 }).PagesAsync(new PullRequest("t.csv")));
        Assert.Contains("maxFileMegabytes", failure.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gzip_file_made_to_fill_a_disk_is_refused()
    {
        using (var file = File.Create(_folder["t.csv.gz"]))
        using (var gzip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Optimal))
        {
            gzip.Write("id\n"u8);
            var lines = new byte[1 << 20];
            for (var i = 0; i < lines.Length; i++)
                lines[i] = i % 8192 == 0 ? (byte)'\n' : (byte)'7';
            for (var i = 0; i < 80; i++)
                gzip.Write(lines);
        }

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => Open(new CsvSettings { Folder = ".", MaxFileMegabytes = 4096 }).PagesAsync(new PullRequest("t.csv.gz")));
        Assert.Contains("times its size", failure.Message, StringComparison.Ordinal);
        failure = await Assert.ThrowsAsync<ConnectorException>(() => Open(new CsvSettings { Folder = ".", MaxFileMegabytes = 10 }).PagesAsync(new PullRequest("t.csv.gz")));
        Assert.Contains("10 MB", failure.Message, StringComparison.Ordinal);
    }

    // Saves the file at the last moment that can be seen: when it has been opened for the third time, to be written anew.
    private sealed class SavedMeanwhile(ITargetFormat inner, Action save) : ITargetFormat
    {
        public bool HasHeader => true;

        private int _opened;

        public ITarget Open(TextFile? existing, PushRequest request)
        {
            var target = inner.Open(existing, request);
            if (++_opened == 3)
                save();
            return target;
        }

        public string Cell(Value value) => inner.Cell(value);

        public IRowReader Read(TextFile file, Shape shape) => inner.Read(file, shape);
    }

    // Fails where a full disk does: when the writer's last block is written.
    private sealed class FullDisk : System.Text.UTF8Encoding
    {
        public override System.Text.Encoder GetEncoder() => new Failing();

        private sealed class Failing : System.Text.Encoder
        {
            public override int GetByteCount(char[] chars, int index, int count, bool flush) => 0;

            public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex, bool flush) => throw new IOException("No space left on device");
        }
    }

    private IConnection Open(CsvSettings? settings = null) => new CsvConnector().Open(settings ?? new CsvSettings { Folder = "." }, _folder.Context);

    public void Dispose() => _folder.Dispose();
}
