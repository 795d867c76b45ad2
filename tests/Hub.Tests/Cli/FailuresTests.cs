using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Tests.Cli;

public sealed class FailuresTests
{
    public static TheoryData<Exception, int> Known => new()
    {
        { new ConnectorException(FailureKind.Configuration, "m", "f"), 2 },
        { new ConnectorException(FailureKind.Transient, "m", "f"), 1 },
        { new StoreException("m", "f"), 1 },
        { new LimitException("m", "f"), 3 },
        { new UnauthorizedAccessException("m"), 1 },
        { new IOException("m"), 1 },
        { CommandException.Usage("m", "f"), 2 },
        { new AggregateException(new StoreException("m", "f")), 1 },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Each_kind_of_failure_has_its_message_a_fix_and_an_exit_code(Exception exception, int code)
    {
        var failure = Failures.Of(exception, cancelled: false, logFile: null);

        Assert.Equal(code, (int)failure.ExitCode);
        Assert.Equal("m", failure.Message);
        Assert.False(string.IsNullOrEmpty(failure.Fix));
    }

    [Fact]
    public void A_cancellation_that_nobody_asked_for_is_not_reported_as_one()
    {
        Assert.Equal(ExitCode.Cancelled, Failures.Of(new OperationCanceledException(), cancelled: true, null).ExitCode);
        Assert.Equal(ExitCode.Failed, Failures.Of(new OperationCanceledException(), cancelled: false, null).ExitCode);
    }

    [Fact]
    public void The_unexpected_says_where_the_log_is()
    {
        var failure = Failures.Of(new InvalidOperationException("odd"), cancelled: false, "data/logs/hub-20260301.log");

        Assert.Equal(ExitCode.Failed, failure.ExitCode);
        Assert.Contains("data/logs/hub-20260301.log", failure.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_called_that() =>
        Assert.Contains("disk is full", Failures.Of(new IOException("No space left on device", 28), cancelled: false, null).Message, StringComparison.Ordinal);

    [Fact]
    public void A_secret_in_a_message_is_masked()
    {
        var (screen, secrets) = (new Screen(), new SecretRedactor());
        secrets.Add("hunter2!pass");

        FailureView.Write(screen.Terminal.Error, new Failure("login with hunter2!pass refused", "change hunter2!pass", ExitCode.Failed), secrets);

        Assert.Equal("error: login with *** refused\n  fix: change ***", screen.ErrorText);
    }
}
