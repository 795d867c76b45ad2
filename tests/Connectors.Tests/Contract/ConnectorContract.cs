using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Tests.Contract;

/// <summary>What the hub relies on from every connector; one supplies a fixture. A skip says why.</summary>
public abstract class ConnectorContract : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal TemporaryFolder Folder => _folder;

    internal abstract IConnector Connector { get; }

    internal abstract object Settings(string folder);

    /// <summary>Replaces the stream's records.</summary>
    internal abstract string Put(IEnumerable<Customer> customers);

    /// <summary>Puts something beside the stream that cannot be described.</summary>
    internal abstract void PutBroken();

    /// <summary>Cuts the stream's data off in the middle, as a broken transfer does.</summary>
    internal abstract string PutTruncated();

    internal virtual string? NoSnapshot => null;

    internal virtual string? NoCursor => null;

    internal virtual string? NoPush => null;

    /// <summary>A value that the stream cannot hold, or null where it holds every text.</summary>
    internal virtual string? Unwritable => null;

    internal virtual int MemoryRows => 340_000;

    internal ContractSubject Subject(Func<IConnection, IConnection>? mutate = null)
    {
        var connection = Connector.Open(Settings("."), _folder.Context);
        return new(mutate?.Invoke(connection) ?? connection, _folder, Put);
    }

    [Fact]
    public void M1_The_declaration_is_complete()
    {
        var declaration = Connector.Declaration;
        Assert.Matches(new Regex("^[a-z]+(-[a-z]+)*$"), declaration.Name);
        Assert.EndsWith(".", declaration.Summary, StringComparison.Ordinal);
        Assert.True(declaration.SettingsType.IsSealed);
        Assert.IsType(declaration.SettingsType, Settings("x"));
        foreach (var property in declaration.SettingsType.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            Assert.True(property.GetCustomAttribute<DescriptionAttribute>() is { Description.Length: > 10 }, $"{property.Name} has no description");
            if (property.PropertyType.IsEnum)
                Assert.All(property.PropertyType.GetFields(BindingFlags.Public | BindingFlags.Static), value => Assert.NotNull(value.GetCustomAttribute<DescriptionAttribute>()));
        }

        Assert.Contains(BuiltInConnectors.All, connector => connector.Declaration.Name == declaration.Name);
        Assert.Equal(NoPush is null, declaration.Capabilities.HasFlag(ConnectorCapabilities.Push));
        Assert.Equal(NoCursor is null, declaration.Capabilities.HasFlag(ConnectorCapabilities.IncrementalPull));
        Assert.Equal(NoSnapshot is null, declaration.Deletes == DeleteStrategy.AbsentFromSnapshot);
    }

    [Fact]
    public async Task C1_A_folder_that_is_not_there_fails_the_check_and_the_pull_with_its_name()
    {
        var missing = Connector.Open(Settings("/nowhere/to/be/found"), _folder.Context);
        var line = Assert.Single(await missing.CheckAsync(TestContext.Current.CancellationToken));
        Assert.False(line.Passed);
        Assert.Contains("/nowhere/to/be/found", line.Message, StringComparison.Ordinal);
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => missing.PagesAsync(new PullRequest("x.csv")));
        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.NotEmpty(failure.Fix);
    }

    [Fact]
    public Task C2_A_check_writes_nothing() => ReadChecks.Check_writes_nothing(Subject());

    [Fact]
    public Task D1_Discovery_is_deterministic() => ReadChecks.Discovery_is_deterministic(Subject());

    [Fact]
    public async Task D2_One_broken_stream_does_not_hide_the_others()
    {
        Put(Customer.Many(3));
        PutBroken();
        var streams = await ReadChecks.DiscoverAsync(Subject());
        Assert.Single(streams, stream => stream.Problem is not null && stream.Fields.Count == 0);
        Assert.Single(streams, stream => stream.Problem is null && stream.Fields.Count == 3);
    }

    [Fact]
    public Task R1_Records_arrive_as_they_are() => ReadChecks.Records_arrive_as_they_are(Subject());

    [Fact]
    public Task R2_Pages_hold_any_number_of_records() => ReadChecks.Pages_hold_any_number_of_records(Subject());

    [Fact]
    public Task R4_Only_the_last_page_completes_the_snapshot()
    {
        Assert.SkipWhen(NoSnapshot is not null, NoSnapshot ?? "");
        return ReadChecks.Only_the_last_page_completes_the_snapshot(Subject());
    }

    [Fact]
    public async Task E2_A_cut_off_transfer_is_never_a_snapshot_and_never_a_receipt()
    {
        var pages = new List<Page>();
        try
        {
            await foreach (var page in Subject().Connection.PullAsync(new PullRequest(PutTruncated()), TestContext.Current.CancellationToken))
                pages.Add(page);
            Assert.Contains(pages.SelectMany(page => page.Rows), row => row.Fault is { Code: "unreadable-file" });
        }
        catch (ConnectorException failure)
        {
            Assert.Equal(FailureKind.Rejected, failure.Kind);
        }

        Assert.All(pages, page => Assert.False(page.CompletesSnapshot || page.Receipt is not null));
    }

    [Fact]
    public Task I2_A_cursor_bounds_what_arrives_on_both_sides()
    {
        Assert.SkipWhen(NoCursor is not null, NoCursor ?? "");
        return ReadChecks.A_cursor_bounds_what_arrives_on_both_sides(Subject());
    }

    [Fact]
    public Task I3_A_pull_resumes_from_every_checkpoint()
    {
        Assert.SkipWhen(NoCursor is not null, NoCursor ?? "");
        return ReadChecks.A_pull_resumes_from_every_checkpoint(Subject());
    }

    [Fact]
    public Task I6_A_senseless_cursor_starts_over()
    {
        Assert.SkipWhen(NoCursor is not null, NoCursor ?? "");
        return ReadChecks.A_senseless_cursor_starts_over(Subject());
    }

    [Fact]
    public Task E4_Memory_is_flat() => ReadChecks.Memory_is_flat(Subject(), MemoryRows);

    [Fact]
    public Task E4_A_pull_can_be_cancelled() => ReadChecks.A_pull_can_be_cancelled(Subject());

    [Fact]
    public Task L1_Messages_hold_no_personal_data() => ReadChecks.Messages_hold_no_personal_data(Subject(), NoCursor is null ? "modified" : null);

    [Fact]
    public Task W1_Writes_are_there_when_read_back()
    {
        Assert.SkipWhen(NoPush is not null, NoPush ?? "");
        return WriteChecks.Writes_are_there_when_read_back(Subject());
    }

    [Fact]
    public Task W2_Sending_again_makes_no_second_record()
    {
        Assert.SkipWhen(NoPush is not null, NoPush ?? "");
        return WriteChecks.Sending_again_makes_no_second_record(Subject());
    }

    [Fact]
    public Task W3_Each_write_is_answered_once()
    {
        Assert.SkipWhen(NoPush is not null, NoPush ?? "");
        return WriteChecks.Each_write_is_answered_once(Subject(), Unwritable);
    }

    [Fact]
    public Task W8_An_unchanged_push_touches_nothing()
    {
        Assert.SkipWhen(NoPush is not null, NoPush ?? "");
        return WriteChecks.An_unchanged_push_touches_nothing(Subject());
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
