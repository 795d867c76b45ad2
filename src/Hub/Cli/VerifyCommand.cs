using System.CommandLine;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Verification;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub verify</c></summary>
internal sealed class VerifyCommand : HubCommand
{
    private readonly Argument<string> _connection = new("connection") { Description = "The connection: the name of a file under connections/." };
    private readonly Option<string?> _stream = new("--stream") { HelpName = "NAME", Description = "Only this stream." };
    private readonly Option<bool> _repair = new("--repair") { Description = "Put right what differs, through the same pipelines and under the same limits as a run." };
    private readonly Option<bool> _ignoreLimits = PipelineRuns.IgnoreLimits();
    private readonly Option<int> _wait = PipelineRuns.Wait();

    public VerifyCommand()
        : base("verify", "Prove that nothing is lost: compare all that a connection has with the store.")
    {
        Add(_connection);
        Add(_stream);
        Add(_repair);
        Add(_ignoreLimits);
        Add(_wait);
        Remarks = "Reads every record, whatever the cursors say, and leaves them where they are. What is missing, different or gone is counted, with the first ids; exit code 1 when there is any. "
            + "Of outbound pipelines, what was delivered is compared with what is there. Rejected rows wait in the quarantine and are no difference.";
        Examples = [("hub verify crm", "is everything there?"), ("hub verify crm --stream Contact --repair", "put one stream right"), ("hub verify crm --json", "for a script")];
    }

    public override bool KeepsLog => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var configuration = context.LoadConfiguration();
        var pipelines = Chosen(configuration, arguments.GetValue(_connection)!, arguments.GetValue(_stream));
        var options = new RunOptions
        {
            Verify = new VerifyOptions(arguments.GetValue(_connection)!, arguments.GetValue(_repair)),
            IgnoreLimits = arguments.GetValue(_ignoreLimits),
            Wait = TimeSpan.FromSeconds(arguments.GetValue(_wait)),
            Conceal = context.Secrets.Add,
            Redact = context.Secrets.Redact,
        };
        var verification = new VerifiedRun(configuration, context.Clock, context.Loggers.CreateLogger("hub"));
        var report = await RunProgressView.WatchAsync(context.Error, context.Clock, progress => verification.RunAsync(pipelines, options, progress, context.CancellationToken));
        context.Show(report, console => RunReportView.Write(console, report));
        var code = PipelineRuns.CodeOf(report, failOnReject: false);
        return code == ExitCode.Done && report.Pipelines.Any(pipeline => pipeline.Drift is { } drift && drift.Total > drift.Recovered) ? ExitCode.Failed : code;
    }

    private static string[] Chosen(HubConfiguration configuration, string connection, string? stream)
    {
        if (!configuration.Connections.ContainsKey(connection))
            throw CommandException.Usage($"there is no connection '{connection}'", Suggestion.Of(connection, [.. configuration.Connections.Keys]));
        var pipelines = configuration.Pipelines.Where(pipeline => pipeline.Connection.Name == connection).ToList();
        if (stream is not null && pipelines.Count > 0 && !pipelines.Exists(pipeline => pipeline.Stream == stream))
            throw CommandException.Usage($"no pipeline reads or writes '{stream}' of {connection}", Suggestion.Of(stream, [.. pipelines.Select(pipeline => pipeline.Stream).Distinct()]));
        return pipelines.Count == 0
            ? throw CommandException.Usage($"no pipeline reads or writes {connection}", "name another connection; what no pipeline reads is not in the store")
            : [.. pipelines.Where(pipeline => stream is null || pipeline.Stream == stream).Select(pipeline => pipeline.Name)];
    }
}
