using Crm.Integration.Hub.Logging;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary>Shows failures to people: what, where, what to do.</summary>
internal static class FailureView
{
    /// <summary>Writes a failure.</summary>
    public static void Write(IAnsiConsole console, Failure failure, SecretRedactor secrets)
    {
        if (failure.ExitCode == ExitCode.Cancelled)
        {
            console.MarkupLineInterpolated($"[yellow]cancelled[/]: {failure.Fix ?? "nothing was changed"}");
            return;
        }

        foreach (var problem in failure.Problems)
            console.WritePlain(secrets.Redact(problem.ToString()));
        console.Markup("[red]error:[/] ");
        console.WritePlain(secrets.Redact(failure.Message));
        if (failure.Fix is { } fix)
        {
            console.Markup("[grey]  fix:[/] ");
            console.WritePlain(secrets.Redact(fix));
        }
    }

    /// <summary>The failure without secrets, for JSON.</summary>
    public static Failure Redacted(Failure failure, SecretRedactor secrets) => failure with
    {
        Message = secrets.Redact(failure.Message),
        Fix = failure.Fix is null ? null : secrets.Redact(failure.Fix),
        Problems = [.. failure.Problems.Select(problem => problem with { Message = secrets.Redact(problem.Message) })],
    };
}
