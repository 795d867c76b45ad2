using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Customers;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary>Where the values of a golden record come from: all of them, a line each, or one with everything that is known.</summary>
internal static class LineageView
{
    /// <summary>Shows it.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="view">The store.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="master">The master.</param>
    /// <param name="field">A field or a group, or null for all.</param>
    public static void Show(CommandContext context, HubView view, EntityConfiguration entity, MasterRow master, string? field)
    {
        var lineage = CustomerLineage.Of(view, entity, master, field);
        var (id, names, lines) = (lineage.Id, lineage.Names, lineage.Lines);
        context.Show(
            lineage.ToDocument(),
            console =>
            {
                console.MarkupLine($"[bold]{id}[/] {Markup.Escape(Tables.Visible(GoldenText.Title(master.Fields())))} [grey]of {Words.Count(lineage.Records, "source record")}[/]");
                console.WriteLine();
                if (lines.Count == 0)
                    console.WriteLine("No source gives this field a value.");
                else if (field is null)
                    All(console, lines, names, id);
                else
                    Each(console, context, lines, names, lineage.CorrectionOf);
            });
    }

    private static void All(IAnsiConsole console, IReadOnlyList<FieldLineage> lines, Dictionary<long, string> names, string id)
    {
        var table = Tables.New("field", "value", "from", "because");
        foreach (var line in lines)
        {
            var from = names[line.From[0].RecordId] + (line.From.Count > 1 ? $" and {line.From.Count - 1} more" : "");
            table.AddRow(Tables.Plain(line.Field.Path), Tables.Plain(Shown(line.Value)), Tables.Plain(from), Tables.Plain(line.Rule));
        }

        console.Write(table);
        console.WriteLine();
        console.MarkupLine($"[grey]`hub explain {id} FIELD` shows what lost, `hub explain {id} {id}` what holds the records together.[/]");
    }

    private static void Each(IAnsiConsole console, CommandContext context, IReadOnlyList<FieldLineage> lines, Dictionary<long, string> names, Func<Member, CorrectionRow?> correctionOf)
    {
        var table = Tables.New("field", "value", "from", "changed there", "because");
        foreach (var line in lines)
        {
            var first = true;
            foreach (var member in line.From)
            {
                var because = !first ? "agrees" : correctionOf(member) is { } correction ? CorrectionView.Words(correction, context.Clock) : line.Rule;
                table.AddRow(
                    Tables.Plain(first ? line.Field.Path : ""), Tables.Plain(first ? Shown(line.Value) : ""), Tables.Plain(names[member.RecordId]), Tables.Plain(Changed(member, line, context.Clock)), Tables.Plain(because));
                first = false;
            }

            var grey = new Style(Color.Grey);
            foreach (var (value, lost, why) in line.Others)
                table.AddRow(Tables.Plain(""), Tables.Plain(Shown(value), grey), Tables.Plain(names[lost.RecordId], grey), Tables.Plain(Changed(lost, line, context.Clock), grey), Tables.Plain($"lost: {why}", grey));
        }

        console.Write(table);
    }

    private static string Changed(Member member, FieldLineage line, TimeProvider clock) => member.ChangedAt(line.Field.Path) is { } at ? Words.Time(at, clock) : "not known";

    private static string Shown(Value value) => CustomerLineage.Shown(value);
}
