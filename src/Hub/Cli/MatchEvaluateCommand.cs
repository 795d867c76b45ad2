using System.CommandLine;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Customers;
using Crm.Integration.Hub.Evaluation;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub match evaluate</c></summary>
internal sealed class MatchEvaluateCommand : HubCommand
{
    private readonly Option<string?> _truth = new("--truth") { HelpName = "FILE", Description = "A CSV file: connection, stream, source_id and entity_id, a line a record; or left and right, a line a pair." };
    private readonly Option<string?> _svg = new("--svg") { HelpName = "FILE", Description = "Also draw precision, recall and F1 by threshold into a file." };
    private readonly Option<string?> _entity = new("--entity") { HelpName = "NAME", Description = "Of this entity; without it of the one that the truth speaks of." };

    public MatchEvaluateCommand()
        : base("evaluate", "Compare the masters with a file that says who is who.")
    {
        Add(_truth);
        Add(_svg);
        Add(_entity);
        Remarks = "Changes nothing. The records are compared anew, so that pairs that matching dropped count, too. Nothing but ids is shown of the records.";
        Examples =
        [
            ("hub match evaluate --truth truth.csv", "how right it is, and where it is not"),
            ("hub match evaluate --truth truth.csv --svg sweep.svg", "with a chart of the thresholds"),
        ];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        if (arguments.GetValue(_truth) is not { } file)
            throw CommandException.Usage("`hub match evaluate` needs a file that says who is who", "hub match evaluate --truth FILE.csv; `hub match evaluate --help` says what stands in it");
        var configuration = context.LoadConfiguration();
        var matched = configuration.Entities.Values.Where(entity => entity.Matcher is not null).ToList();
        if (arguments.GetValue(_entity) is { } name)
        {
            var chosen = EntityChoice.Of(configuration, name);
            matched = chosen.Matcher is null ? throw CommandException.Usage($"records of {name} are not matched", $"matched are {string.Join(", ", matched.Select(entity => entity.Type.Name))}") : [chosen];
        }

        try
        {
            var truth = TruthFile.Read(file);
            using var view = context.OpenView();
            var (entity, records, others) = Labelled(view, matched, truth, context.CancellationToken);
            var shown = context.Interactive;
            var result = MatchEvaluation.Of(view.Store, entity, records, done => Progress(context, shown, done, records.Ids.Count), context.CancellationToken);
            if (arguments.GetValue(_svg) is { } svg)
                Draw(svg, truth, entity, result);
            context.Show(EvaluationView.Json(result, entity.Type.Name), console =>
            {
                EvaluationView.Write(console, result, entity.Type.Name, entity.Matcher!.Settings);
                foreach (var other in others)
                    console.MarkupLine($"[grey]The truth speaks of {Words.Plural(other)}, too: --entity {other}[/]");
            });
            return Task.FromResult(ExitCode.Done);
        }
        catch (TruthException exception)
        {
            throw CommandException.Usage(exception.Message, exception.Fix);
        }
    }

    /// <summary>The entity of which the truth names the most records.</summary>
    private static (EntityConfiguration Entity, LabelledStore Records, List<string> Others) Labelled(
        HubView view, List<EntityConfiguration> entities, TruthFile truth, CancellationToken cancellationToken)
    {
        var found = new List<(EntityConfiguration Entity, LabelledStore Records, int Named)>();
        var named = truth.IsPairs ? truth.Pairs.Count * 2 : truth.Records.Count;
        foreach (var entity in entities)
        {
            var records = LabelledStore.Read(view.Store, entity.Type.Name, cancellationToken);
            if (records.Ids.Count == 0)
                continue;
            records.Label(truth);
            if (named > records.Missing)
                found.Add((entity, records, named - records.Missing));
        }

        if (found.Count == 0)
            throw new TruthException($"{truth.Name} names no record that the store has", "records are named as by `hub export links`: connection, stream and source_id; `hub runs` tells whether something was pulled");
        var best = found.MaxBy(one => one.Named);
        best.Records.Missing = named - found.Sum(one => one.Named);
        return (best.Entity, best.Records, [.. found.Where(one => one.Entity != best.Entity).Select(one => one.Entity.Type.Name)]);
    }

    private static void Progress(CommandContext context, bool shown, int done, int all)
    {
        if (shown)
            context.Error.Write($"\r{Words.Number(done)} of {Words.Count(all, "record")} compared{(done >= all ? "\n" : "")}");
    }

    private static void Draw(string file, TruthFile truth, EntityConfiguration entity, MatchEvaluation result)
    {
        var settings = entity.Matcher!.Settings;
        try
        {
            File.WriteAllText(file, SweepChart.Draw($"{Words.Count(result.Records.Labelled, "record")} of {truth.Name}", result.Curve, settings.ReviewBits, settings.LinkBits, result.Masters));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"{file} cannot be written: {exception.Message}", "give --svg a file in a folder that you may write to");
        }
    }
}
