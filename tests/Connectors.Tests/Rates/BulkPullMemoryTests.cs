using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Tests.OneByOne;

namespace Crm.Integration.Connectors.Tests.Rates;

/// <summary>What a pull keeps in memory does not grow with what it reads.</summary>
[Collection(nameof(Undisturbed))]
public sealed class BulkPullMemoryTests
{
    private const int Records = 200_000;

    [Fact]
    public async Task A_bulk_pull_keeps_no_more_at_its_end_than_at_its_beginning()
    {
        await using var crm = await PlayedVendor.StartAsync("salesforce", Records);
        var (read, kept) = (0, new List<long>());

        await foreach (var page in crm.Connection.PullAsync(new PullRequest("Contact") { Fields = ["LastName", "Email", "MailingCity"] }, TestContext.Current.CancellationToken))
        {
            read += page.Rows.Count;
            if (read >= Records / 5 * (kept.Count + 1))
                kept.Add(GC.GetTotalMemory(forceFullCollection: true) >> 20);
        }

        Assert.True(read >= Records);
        Assert.True(kept[^1] - kept[0] <= 16, string.Join(' ', kept));
    }
}
