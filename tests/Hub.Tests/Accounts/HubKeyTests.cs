using Crm.Integration.Hub.Accounts;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Tests.Accounts;

public sealed class HubKeyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-key-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_key_is_made_once_and_found_again()
    {
        var made = HubKey.FindOrMake(_folder, _ => null);

        Assert.Equal(made.Id, HubKey.FindOrMake(_folder, _ => null).Id);
        Assert.Equal("ä 王", HubKey.Find(_folder, _ => null)!.Open(made.Seal("ä 王", "p"), "p"));
        Assert.NotEqual(made.Seal("same", "p"), made.Seal("same", "p"));
    }

    [Fact]
    public void A_phrase_serves_when_it_is_long_enough()
    {
        var key = HubKey.Find(_folder, _ => "correct horse battery staple")!;

        Assert.Equal("x", key.Open(key.Seal("x", "p"), "p"));
        Assert.Equal(key.Id, HubKey.Find(_folder, _ => "correct horse battery staple")!.Id);
        Assert.Contains("shorter than", Assert.Throws<StoreException>(() => HubKey.Find(_folder, _ => "secret")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_holds_no_key_is_named()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        File.WriteAllText(HubKey.FileOf(_folder), "rubbish");

        Assert.Contains("hub.key does not hold a key", Assert.Throws<StoreException>(() => HubKey.Find(_folder, _ => null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_does_not_show_in_what_it_is_called()
    {
        var key = HubKey.Find(_folder, _ => Convert.ToBase64String(new byte[32]))!;

        Assert.Equal(16, key.Id.Length);
        Assert.DoesNotContain("AAAA", key.Place + key.Id, StringComparison.Ordinal);
    }
}
