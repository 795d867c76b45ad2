using System.CommandLine;
using Crm.Integration.Hub.Customers;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub explain</c></summary>
internal sealed class ExplainCommand : HubCommand
{
    private readonly Argument<string> _id = new("id") { Description = "A master id, such as C1042; or a source record: connection/stream/id." };
    private readonly Argument<string?> _other = new("field-or-id") { Arity = ArgumentArity.ZeroOrOne, Description = "A field of it, such as email; or a second master or record, to hear why the two are or are not one." };

    public ExplainCommand()
        : base("explain", "Say where each value of a golden record comes from, or why two are or are not one.")
    {
        Add(_id);
        Add(_other);
        Examples =
        [
            ("hub explain C1042", "where each value comes from"),
            ("hub explain C1042 email", "one field, with the values that lost"),
            ("hub explain C1042 C77", "why these are not one: each comparison and its weight"),
            ("hub explain C1042 C1042", "what holds its records together"),
            ("hub explain crm/contacts.csv/17 shop/people.csv/4", "two records"),
        ];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var configuration = context.LoadConfiguration();
        using var view = context.OpenView();
        var left = Choose(context, view, arguments.GetValue(_id)!);
        var entity = EntityChoice.Of(configuration, left.Master.Entity);
        var other = arguments.GetValue(_other);
        if (other is not null && (RecordChoice.IsRecord(other) || MasterId.Number(other) is not null))
            PairExplanationView.Show(context, view, entity, left, Choose(context, view, other));
        else
            LineageView.Show(context, view, entity, left.Master, other);
        return Task.FromResult(ExitCode.Done);
    }

    private static (MasterRow Master, MemberRow? Record) Choose(CommandContext context, HubView view, string name) =>
        RecordChoice.IsRecord(name) ? RecordChoice.Of(view, name) : (MasterChoice.Of(view, name, context.SayMerged), null);
}
