using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Cli;

/// <summary>A failure as the user is told of it.</summary>
internal sealed record Failure(string Message, string? Fix, [property: JsonConverter(typeof(JsonNumberEnumConverter<ExitCode>))] ExitCode ExitCode)
{
    /// <summary>The mistakes in the configuration, when that is what is wrong.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; init; } = [];

    /// <summary>What only <c>--verbose</c> shows.</summary>
    [JsonIgnore]
    public string? Details { get; init; }
}

/// <summary>The one place where exceptions become messages, remedies and exit codes.</summary>
internal static class Failures
{
    /// <summary>What to tell the user of an exception.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="cancelled">Whether the user asked to stop.</param>
    /// <param name="logFile">Where details stand, or null.</param>
    public static Failure Of(Exception exception, bool cancelled, string? logFile)
    {
        var failure = exception switch
        {
            OperationCanceledException when cancelled => new Failure("cancelled", "what was committed stays; the next run goes on from there", ExitCode.Cancelled),
            AggregateException { InnerExceptions: [var only] } => Of(only, cancelled, logFile),
            RefusedException refused => new(refused.Message, refused.Fix, ExitCode.Usage),
            CommandException command => new(command.Message, command.Fix, command.Code) { Problems = command.Problems },
            ConfigurationException { Problems: [{ File: ConfigurationLoader.HubFile, Line: 0 } only] } => new(only.Message, only.Fix, ExitCode.Usage),
            ConfigurationException configuration => new(
                $"the configuration has {Words.Count(configuration.Problems.Count, "mistake")}", "correct what is named above; `hub validate` shows each with its line", ExitCode.Usage) { Problems = configuration.Problems },
            LimitException limit => new(limit.Message, limit.Fix, ExitCode.Stopped),
            ConnectorException { PausedUntil: not null } connector => new(connector.Message, connector.Fix, ExitCode.Stopped),
            ConnectorException { Kind: FailureKind.Configuration } connector => new(connector.Message, connector.Fix, ExitCode.Usage),
            ConnectorException connector => new(connector.Message, connector.Fix, ExitCode.Failed),
            StoreException store => new(store.Message, store.Fix, ExitCode.Failed),
            UnauthorizedAccessException => new(exception.Message, "give the account that runs hub the right to read and write there", ExitCode.Failed),
            DirectoryNotFoundException or FileNotFoundException => new(exception.Message, "check the path", ExitCode.Failed),
            IOException io when IsDiskFull(io) => new("the disk is full: " + io.Message, "free some space and run again: nothing is lost, the run goes on from its last commit", ExitCode.Failed),
            IOException => new(exception.Message, "check that the path is right, the disk has space, and no other program holds the file", ExitCode.Failed),
            OutOfMemoryException => new("the machine ran out of memory", "give the process more memory, or close other programs; the next run goes on from the last commit", ExitCode.Failed),
            TimeoutException => new(exception.Message, "try again; if it stays so, check that the other system answers", ExitCode.Failed),
            JsonException => new("stored or given JSON cannot be read: " + exception.Message, "run `hub doctor`", ExitCode.Failed),
            _ => new(
                $"something unexpected happened ({exception.GetType().Name}): {exception.Message}",
                logFile is null ? "this is a fault of hub: run again with --verbose and report what it shows" : $"this is a fault of hub: the log {logFile} says more, please report it",
                ExitCode.Failed),
        };
        return failure with { Details = failure.Details ?? exception.ToString() };
    }

    // ENOSPC on Unix, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
    private static bool IsDiskFull(IOException exception) => (exception.HResult & 0xFFFF) is 28 or 112 or 39;
}
