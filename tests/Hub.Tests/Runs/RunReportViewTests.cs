using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Tests.Cli;

namespace Crm.Integration.Hub.Tests.Runs;

public sealed class RunReportViewTests
{
    [Fact]
    public void A_first_run_shows_what_was_read_who_was_found_what_was_wrong_and_what_to_do_next()
    {
        Golden.Equal("first-night", Shown(Reports.FirstNight));
    }

    [Fact]
    public void A_second_run_says_that_nothing_changed() => Golden.Equal("quiet", Shown(Reports.Quiet));

    [Fact]
    public void A_failure_says_what_to_do() => Golden.Equal("failed", Shown(Reports.Failed));

    [Fact]
    public void A_plan_shows_each_write_field_by_field() => Golden.Equal("plan", Shown(Reports.Plan));

    [Fact]
    public void It_fits_into_80_columns() => Golden.Equal("first-night-80", Shown(Reports.FirstNight, 80));

    private static string Shown(RunReport report, int width = 100)
    {
        var screen = new Screen(width);
        RunReportView.Write(screen.Terminal.Out, report);
        return screen.Text;
    }
}
