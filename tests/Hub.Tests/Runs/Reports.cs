using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Tests.Runs;

/// <summary>Reports to show.</summary>
internal static class Reports
{
    public static RunReport FirstNight { get; } = new()
    {
        RunId = 17,
        Rehearsal = false,
        State = RunState.Done,
        StartedAt = new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.Zero),
        Took = TimeSpan.FromSeconds(2.5),
        Pipelines =
        [
            new() { Name = "crm-customers", Entity = "customer", Endpoint = "crm/customers.csv", Inbound = true, State = RunState.Done, Counts = new(1880, 0, 0, 0, 20, 0), Matching = new(1800, 60, 4, 0, 0, 6, 0) },
            new()
            {
                Name = "shop-customers",
                Entity = "customer",
                Endpoint = "shop/customers.csv",
                Inbound = true,
                State = RunState.Done,
                Counts = new(3000, 12, 100, 3, 7, 1000),
                Matching = new(2500, 500, 1, 0, 2, 8, 40),
                Reasons =
                [
                    new("rejected", "email", "email", 5, "customers.csv line 17: this is not an e-mail address", "correct it in the source, or let the rule blank it"),
                    new("rejected", "ragged", null, 2, "customers.csv line 301: 9 values where the header has 10", null),
                    new("blanked", "phone", "phone", 31, "customers.csv line 8: this is no phone number", null),
                ],
                Notes = ["customers.csv is read as GB18030"],
            },
            new() { Name = "to-newsletter", Entity = "customer", Endpoint = "newsletter/contacts.csv", Inbound = false, State = RunState.Done, Counts = new(4100, 0, 0, 0, 2, 195) },
        ],
        Totals = [new("customer", 4880, 4295, 14, 27), new("account", 0, 0, 0, 0)],
    };

    public static RunReport Quiet { get; } = FirstNight with
    {
        RunId = 18,
        Took = TimeSpan.FromMilliseconds(240),
        Pipelines = [.. FirstNight.Pipelines.Select(pipeline => new PipelineReport
        {
            Name = pipeline.Name,
            Entity = pipeline.Entity,
            Endpoint = pipeline.Endpoint,
            Inbound = pipeline.Inbound,
            State = RunState.Done,
            Counts = new(0, 0, pipeline.Counts.Read, 0, 0, 0),
            Matching = pipeline.Inbound ? default(MatchCounts) : null,
        })],
        Totals = [new("customer", 4880, 4295, 0, 0)],
    };

    public static RunReport Failed { get; } = FirstNight with
    {
        RunId = 19,
        State = RunState.Failed,
        Pipelines =
        [
            new() { Name = "crm-customers", Entity = "customer", Endpoint = "crm/customers.csv", Inbound = true, State = RunState.Failed, Problem = "crm: the file in/customers.csv does not exist", Fix = "put it there, or change `folder` in connections/crm.json" },
            new() { Name = "to-newsletter", Entity = "customer", Endpoint = "newsletter/contacts.csv", Inbound = false, State = RunState.Skipped },
        ],
        Totals = [],
    };

    public static RunReport Plan { get; } = FirstNight with
    {
        RunId = 0,
        Rehearsal = true,
        Took = TimeSpan.FromSeconds(1),
        Pipelines =
        [
            new() { Name = "crm-customers", Entity = "customer", Endpoint = "crm/customers.csv", Inbound = true, State = RunState.Done, Counts = new(12, 3, 4000, 1, 0, 0), Matching = new(12, 0, 0, 0, 1, 0, 3), Moves = [new("crm/customers.csv/4711", "C12", "C40"), new("crm/customers.csv/9", "C9", null)], Rejects = [new("customers.csv line 17", "a-1", "email", "email", "this is not an e-mail address")] },
            new()
            {
                Name = "to-newsletter",
                Entity = "customer",
                Endpoint = "newsletter/contacts.csv",
                Inbound = false,
                State = RunState.Done,
                Counts = new(12, 3, 4000, 1, 0, 0),
                Writes =
                [
                    new("create", "C4296", "C4296", [new("Email", null, "anna@example.org"), new("Name", null, "Anna Berg"), new("Phone", null, null)]),
                    new("change", "C12", "k-77", [new("Email", "old@example.org", "new@example.org"), new("City", "Graz", null), new("Name", "Li Wei", "Li Wei")]),
                    new("delete", "C9", "C9", []),
                ],
            },
        ],
        Totals = [new("customer", 4880, 4295, 0, 0)],
    };
}
