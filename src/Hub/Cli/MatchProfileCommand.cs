using System.CommandLine;
using System.Globalization;
using Crm.Integration.Hub.Matching;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub match profile</c></summary>
internal sealed class MatchProfileCommand : HubCommand
{
    private readonly Argument<string> _entity = new("entity") { Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "customer", Description = "The entity (customer)." };

    public MatchProfileCommand()
        : base("profile", "Show what matching has to go by: how full the fields are, and by which keys records meet.")
    {
        Add(_entity);
        Remarks = "Values are masked: the first letter, and the length in brackets. A value that very many records share is a placeholder, or somebody's shared mailbox; say so at the source.";
        Examples = [("hub match profile", "customers"), ("hub match profile account --json", "organisations, for a program")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var entity = MatchedEntity.Of(context, arguments.GetValue(_entity)!);
        using var view = context.OpenView();
        using var transaction = view.Store.Look();
        var profile = MatchProfile.Of(transaction, entity, context.CancellationToken);
        context.Show(profile, console =>
        {
            if (profile.LookedAt == 0)
            {
                console.MarkupLine($"No {Markup.Escape(entity.Type.Name)} records yet. [grey]`hub run` pulls them.[/]");
                return;
            }

            console.MarkupLine($"[bold]{Words.Count(profile.Records, "record")}[/]{(profile.LookedAt < profile.Records ? $" [grey]of which {Words.Number(profile.LookedAt)} were looked at[/]" : "")}");
            console.WriteLine();
            var fields = Tables.New("field", "#filled", "#distinct", "#placeholders", "most frequent");
            foreach (var field in profile.Fields.Where(field => field.Filled > 0))
            {
                fields.AddRow(
                    Tables.Plain(field.Field), Tables.Plain(Percent(field.Filled, profile.LookedAt)), Tables.Number(field.Distinct), Tables.Number(field.Placeholders, "yellow"),
                    Tables.Plain(string.Join("  ", field.Top.Select(value => FormattableString.Invariant($"{value.Masked} ×{value.Records}")))));
            }

            console.Write(fields);
            var empty = profile.Fields.Where(field => field.Filled == 0).Select(field => field.Field).ToList();
            if (empty.Count > 0)
                console.MarkupLine($"[grey]never filled: {Markup.Escape(string.Join(", ", empty))}[/]");
            console.WriteLine();
            var keys = Tables.New("records meet by", "#records", "#keys", "#too common", "#largest", "#pairs");
            foreach (var key in profile.Keys)
                keys.AddRow(Tables.Plain(key.Kind), Tables.Number(key.Records), Tables.Number(key.Distinct), Tables.Number(key.Hot, "yellow"), Tables.Number(key.Largest), Tables.Number(key.Pairs));
            console.Write(keys);
            console.MarkupLine($"[grey]about {((double)profile.Keys.Sum(key => key.Pairs) / profile.LookedAt).ToString("0.0", CultureInfo.InvariantCulture)} candidates a record; keys that more than {entity.Matcher!.Settings.KeyLimit} records share bring nobody together[/]");
        });
        return Task.FromResult(ExitCode.Done);
    }

    private static string Percent(long part, long all) => ((double)part / all).ToString("0.0%", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);
}
