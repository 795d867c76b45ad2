using System.CommandLine;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Customers;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub set</c></summary>
internal sealed class SetCommand : HubCommand
{
    private readonly Argument<string> _id = new("id") { Description = "A master id, such as C1042." };
    private readonly Argument<string[]> _values = new("field=value") { Arity = ArgumentArity.OneOrMore, Description = "Fields with their right values; elements of a list are divided by semicolons. With --verified fields or groups alone: email, address." };
    private readonly Option<bool> _verified = new("--verified") { Description = "Say that the present values are right, in place of giving others." };
    private readonly Option<string?> _until = new("--until") { HelpName = "DATE", Description = "The last day on which it counts." };
    private readonly Option<string?> _why = new("--reason", "--why") { HelpName = "TEXT", Description = "Your reason, kept with it." };

    public SetCommand()
        : base("set", "Correct values of a golden record by hand, or verify them.")
    {
        Add(_id);
        Add(_values);
        Add(_verified);
        Add(_until);
        Add(_why);
        Remarks = "A correction is a record of the connection `steward`, which wins over all sources and outlives their imports. It ends by `hub unset`, on its last day, or, told in the report of the run, when the source that it corrected says something else. An address is corrected as a whole: parts not given stay as they are now.";
        Examples =
        [
            ("hub set C1042 name.family=Smith --reason \"letter of 3 May\"", "correct one value"),
            ("hub set C1042 \"address.line=Rue Neuve 2\" --until 2026-12-31", "for some time"),
            ("hub set C1042 email --verified", "the present one is right, whatever is newer"),
        ];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var given = arguments.GetValue(_values)!;
        var verified = arguments.GetValue(_verified);
        var until = arguments.GetValue(_until) is { } day ? Days.End(day, context.Clock) : (DateTimeOffset?)null;
        if (until < context.Clock.GetUtcNow())
            throw CommandException.Usage("the last day is over", "give --until a day to come, or leave it out");
        MasterRow master;
        string id;
        using (var view = context.OpenView())
        {
            master = MasterChoice.Of(context, view, arguments.GetValue(_id)!);
            id = view.Id(master.Entity, master.Id);
            if (master.EndedRun is not null)
                throw CommandException.Usage($"no source has {id} any more", "only masters with source records can be corrected");
        }

        var entity = EntityChoice.Of(context.LoadConfiguration(), master.Entity);
        var values = verified ? [] : Values(entity, given);
        var names = verified ? Names(entity, master, given) : [.. values.Keys.Select(field => field.Path)];
        var why = arguments.GetValue(_why);
        var counts = await StewardRun.CorrectAsync(
            context, master.Entity, why, correction => verified ? correction.Verify(master.Id, names, until) : correction.Set(master.Id, values, until));
        context.Show(
            new { id, fields = names, verified, until, changed = counts.GoldenChanged > 0 },
            console => console.MarkupLine(
                $"{Markup.Escape(string.Join(", ", names))} of [bold]{id}[/] {(names.Count == 1 ? "is" : "are")} {(verified ? "verified" : "corrected")}{(until is { } last ? $" until {Words.Time(last, context.Clock)}" : "")}. "
                + $"[grey]{(counts.GoldenChanged > 0 ? "`hub run` sends it out." : "The golden record stays as it was.")}[/]"));
        return ExitCode.Done;
    }

    private static Dictionary<EntityField, Value> Values(EntityConfiguration entity, string[] given)
    {
        var values = new Dictionary<EntityField, Value>();
        foreach (var each in given)
        {
            var at = each.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
                throw CommandException.Usage($"'{each}' is not a field with a value", "write field=value, or add --verified to say that the present value is right");
            var path = each[..at].Trim();
            var field = entity.Type.Find(path) ?? throw EntityChoice.NoField(entity, path);
            var value = FieldText.Parse(field, each[(at + 1)..], out var problem);
            if (problem is not null)
                throw CommandException.Usage($"{path}: {problem}", each.EndsWith('=') ? "a correction gives a value; `hub unset` takes one back" : $"`hub set {entity.Type.IdPrefix}17 {path}=VALUE`");
            values[field] = value;
        }

        return values;
    }

    private static List<string> Names(EntityConfiguration entity, MasterRow master, string[] given)
    {
        foreach (var name in given)
        {
            if (name.Contains('=', StringComparison.Ordinal))
                throw CommandException.Usage("--verified says that the present value is right, so it takes a field alone", "leave --verified out to give another value");
            if (entity.Survivor.CorrectedTogether(name) is not { Count: > 0 } fields)
                throw EntityChoice.NoField(entity, name);
            if (fields.All(field => master.Fields().All(filled => filled.Field != field.Path)))
                throw CommandException.Usage($"{name} is empty; there is nothing to verify", $"`hub set {entity.Type.IdPrefix}{master.Id} {name}=VALUE` gives it a value");
        }

        return [.. given.Distinct()];
    }
}
