namespace Crm.Integration.EndToEnd.Tests.Program;

/// <summary>The quickstart sample after its first run; made once, and copied by every test that begins where it ended.</summary>
public sealed class Quickstart : IAsyncLifetime
{
    private HubFolder? _finished;

    /// <summary>How long the program takes to start and do nothing.</summary>
    internal TimeSpan Start { get; private set; }

    /// <summary>How long its first run took from start to end, store and all.</summary>
    internal TimeSpan Took { get; private set; }

    /// <summary>What that run reported.</summary>
    internal HubOutcome FirstRun { get; private set; } = null!;

    /// <summary>The folder as the run left it: to look at, not to change.</summary>
    internal HubFolder Finished => _finished!;

    public async ValueTask InitializeAsync()
    {
        _finished = HubFolder.Sample("quickstart");
        Start = (await HubProcess.MeasureAsync(_finished.Path, "--version")).Took;
        (FirstRun, Took) = await HubProcess.MeasureAsync(_finished.Path, "--json", "run");
        FirstRun.With(0);
    }

    public ValueTask DisposeAsync()
    {
        _finished?.Dispose();
        return ValueTask.CompletedTask;
    }
}
