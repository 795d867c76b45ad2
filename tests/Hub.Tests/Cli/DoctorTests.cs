namespace Crm.Integration.Hub.Tests.Cli;

public sealed class DoctorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=hub;Password=geheim", true)]
    [InlineData("Host=127.0.0.1;Port=1;Username=hub;Pwd = geheim;Database=x", true)]
    [InlineData("Host=127.0.0.1;Port=1;Username=hub;Password=${file:secret.txt}", false)]
    public async Task A_password_of_the_store_in_clear_text_is_found_and_not_shown(string connectionString, bool found)
    {
        _folder.Write("secret.txt", "geheim");
        _folder.Write("hub.json", $$"""{ "store": { "provider": "postgresql", "connectionString": "{{connectionString}}" } }""");

        var doctor = await CommandLine.RunAsync("--hub", _folder.Path, "doctor");

        Assert.Equal(found, Flat(doctor.Out).Contains("stands in hub.json in clear text", StringComparison.Ordinal));
        Assert.Contains("nothing listens at 127.0.0.1:1", Flat(doctor.Out), StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", doctor.Out + doctor.Error, StringComparison.Ordinal);
    }

    // Lines are wrapped to the terminal.
    private static string Flat(string text) => string.Join(' ', text.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries));
}
