using System.Runtime.InteropServices;

namespace Crm.Integration.Hub.Cli;

/// <summary>Ctrl-C: once asks the work to stop at its next checkpoint, twice ends the program at once.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly TextWriter _error;
    private int _asked;

    /// <summary>Listens from now on.</summary>
    /// <param name="error">Where the user is told that it was heard.</param>
    public StopSignal(TextWriter error)
    {
        _error = error;
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Heard));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Heard));
    }

    /// <summary>Is cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Heard(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _asked) > 1)
        {
            // Nothing half done can stay: what is not committed, the store forgets.
            // A progress display hides the cursor while it draws.
            _error.WriteLine(Console.IsErrorRedirected ? "aborted" : "\u001b[?25haborted");
            Environment.Exit((int)ExitCode.Cancelled);
        }

        _error.WriteLine(context.Signal == PosixSignal.SIGINT
            ? "stopping at the next checkpoint; press Ctrl-C again to abort at once"
            : "stopping at the next checkpoint");
        _source.Cancel();
    }
}
