using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Files;

namespace Crm.Integration.Connectors.Tests.Files;

public sealed class StreamPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("../secret.csv")]
    [InlineData("a/../../secret.csv")]
    [InlineData("..\\secret.csv")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\x.csv")]
    [InlineData("")]
    [InlineData("a\nb.csv")]
    [InlineData("a//b.csv")]
    public void A_name_that_leads_out_of_the_folder_is_refused(string stream)
    {
        var failure = Assert.Throws<ConnectorException>(() => StreamPath.Resolve(_folder.Path, stream));
        Assert.Equal(FailureKind.Configuration, failure.Kind);
    }

    [Theory]
    [InlineData("customers.csv")]
    [InlineData("2024/客户.csv")]
    [InlineData("a..b.csv")]
    public void A_name_inside_the_folder_is_taken(string stream) =>
        Assert.Equal(Path.Combine(_folder.Path, stream), StreamPath.Resolve(_folder.Path, stream));

    [Fact]
    public void A_link_out_of_the_folder_is_refused_and_one_inside_is_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making links needs rights on Windows");
        _folder.Write("in/real.csv", "id\n");
        _folder.Write("secret.csv", "id\n");
        Directory.CreateDirectory(_folder["outside"]);
        File.CreateSymbolicLink(_folder["in/alias.csv"], _folder["in/real.csv"]);
        File.CreateSymbolicLink(_folder["in/leak.csv"], _folder["secret.csv"]);
        Directory.CreateSymbolicLink(_folder["in/sub"], _folder["outside"]);
        Assert.EndsWith("alias.csv", StreamPath.Resolve(_folder["in"], "alias.csv"), StringComparison.Ordinal);
        Assert.Throws<ConnectorException>(() => StreamPath.Resolve(_folder["in"], "leak.csv"));
        Assert.Throws<ConnectorException>(() => StreamPath.Resolve(_folder["in"], "sub/x.csv"));
    }

    [Fact]
    public void A_missing_file_is_told_with_what_is_there()
    {
        _folder.Write("customers.csv", "id\n");
        var failure = StreamPath.Missing(_folder.Path, "in", "custmers.csv");
        Assert.Equal("There is no file custmers.csv in in. There is customers.csv.", failure.Message);
    }

    public void Dispose() => _folder.Dispose();
}
