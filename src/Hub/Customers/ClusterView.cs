using System.Globalization;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Mapping.Matching;
using Spectre.Console;

namespace Crm.Integration.Hub.Customers;

/// <summary>What holds the records of a master together: with whom each one is linked most strongly, and where the chain is weakest.</summary>
/// <param name="Rows">Each record with its strongest partner.</param>
/// <param name="Weakest">The weakest of the links that are needed to hold all together; null for a single record.</param>
/// <param name="Looked">How many records were looked at.</param>
internal sealed record ClusterView(IReadOnlyList<ClusterRow> Rows, ClusterRow? Weakest, int Looked)
{
    /// <summary>Looks at a master.</summary>
    public static ClusterView Of(PairFinder finder, IReadOnlyList<MemberRow> members)
    {
        var links = finder.Links(members).OrderByDescending(link => !link.Score.IsHeldBack).ThenByDescending(link => link.Score.Bits).ThenBy(link => link.A).ThenBy(link => link.B).ToList();
        ClusterRow Row(int member, ClusterLink link) => new(members[member].Name, members[link.A == member ? link.B : link.A].Name, link.Score.Bits, link.Score.Guard);
        var looked = Math.Min(members.Count, PairFinder.MostMembers);
        var rows = links.Count == 0 ? [] : Enumerable.Range(0, looked).Select(member => Row(member, links.First(link => link.A == member || link.B == member))).ToList();

        // The strongest links that hold all together; the last of them is the bridge.
        var group = Enumerable.Range(0, looked).ToArray();
        ClusterLink? last = null;
        foreach (var link in links.Where(link => group[link.A] != group[link.B]))
        {
            var (from, to) = (group[link.B], group[link.A]);
            for (var i = 0; i < looked; i++)
                group[i] = group[i] == from ? to : group[i];
            last = link;
        }

        return new ClusterView(rows, last is null ? null : Row(last.A, last), looked);
    }

    /// <summary>Shows it.</summary>
    public void Write(IAnsiConsole console, string id, int members)
    {
        if (Weakest is null)
            return;
        console.WriteLine();
        console.MarkupLine($"[bold]{id}[/] [grey]{Words.Count(members, "record")}{(Looked < members ? $", the first {Looked}" : "")}, each with the one it is most alike[/]");
        var table = Tables.New("record", "most like", "#bits", "");
        foreach (var row in Rows)
            table.AddRow(Tables.Plain(row.Record), Tables.Plain(row.With), new Markup(Bits(row.Bits)), new Markup(row.Guard is MatchGuard.None or MatchGuard.NameOnly ? "" : "[yellow]held back by a guard[/]"));
        console.Write(table);
        if (Rows.Count > 2)
            console.MarkupLine($"  weakest link: {Markup.Escape(Tables.Visible(Weakest.Record))} and {Markup.Escape(Tables.Visible(Weakest.With))}, [bold]{Bits(Weakest.Bits)} bits[/]");
    }

    private static string Bits(double bits) => bits.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);
}

/// <summary>A record of a master and the one that it is linked with.</summary>
internal sealed record ClusterRow(string Record, string With, double Bits, MatchGuard Guard);
