using System.CommandLine;
using Crm.Integration.Hub.Access;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub token list</c></summary>
internal sealed class TokenListCommand : HubCommand
{
    public TokenListCommand()
        : base("list", "List the tokens of the API: what each may do, and when it was last used.") => Examples = [("hub token list", "all, revoked ones included")];

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var access = new AccessStore(context);
        var tokens = access.Tokens.List();
        context.Show(tokens, console =>
        {
            if (tokens.Count == 0)
            {
                console.MarkupLine("There are no tokens, so the API answers nobody. [grey]`hub token create NAME --role admin` makes one.[/]");
                return;
            }

            var table = Tables.New("token", "role", "for", "made", "last used", "state");
            foreach (var token in tokens)
            {
                table.AddRow(
                    Tables.Plain(token.Name), Tables.Plain(ApiTokenRow.Word(token.Role)), Tables.Plain(token.Scopes.Count == 0 ? "everything" : string.Join(", ", token.Scopes)),
                    Tables.Plain(Words.Time(token.CreatedAt, context.Clock)), Tables.Plain(token.UsedAt is { } used ? Words.Time(used, context.Clock) : "never"), Tables.Plain(State(token, context.Clock)));
            }

            console.Write(table);
        });
        return Task.FromResult(ExitCode.Done);
    }

    private static string State(ApiToken token, TimeProvider clock) => token switch
    {
        { RevokedAt: { } at } => $"revoked {Words.Time(at, clock)}",
        { ExpiresAt: { } at } => $"{(token.CountsAt(clock.GetUtcNow()) ? "until" : "expired")} {Words.Time(at, clock)}",
        _ => "counts",
    };
}
