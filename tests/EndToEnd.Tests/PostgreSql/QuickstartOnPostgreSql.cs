using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.PostgreSql;

/// <summary>The quickstart sample on PostgreSQL after its first run; empty where there is no server.</summary>
public sealed class QuickstartOnPostgreSql : IAsyncLifetime
{
    private HubFolder? _finished;

    /// <summary>How long its first run took.</summary>
    internal TimeSpan Took { get; private set; }

    /// <summary>What that run reported.</summary>
    internal HubOutcome FirstRun { get; private set; } = null!;

    /// <summary>The folder as the run left it: to look at, not to change.</summary>
    internal HubFolder Finished
    {
        get
        {
            TestSchema.SkipWithoutServer();
            return _finished!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (TestSchema.Server is null)
            return;
        _finished = HubFolder.Sample("quickstart").OnPostgreSql();
        (FirstRun, Took) = await HubProcess.MeasureAsync(_finished.Path, "--json", "run");
        FirstRun.With(0);
    }

    public ValueTask DisposeAsync()
    {
        _finished?.Dispose();
        return ValueTask.CompletedTask;
    }
}
