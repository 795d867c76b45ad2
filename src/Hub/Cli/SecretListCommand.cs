using System.CommandLine;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub secret list</c></summary>
internal sealed class SecretListCommand : HubCommand
{
    public SecretListCommand()
        : base("list", "List the names of the hub's own secrets, never their values.") => Examples = [("hub secret list", "the names, and when each was set")];

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var secrets = HubSecrets.Open(context).Secrets();
        context.Show(
            secrets.Select(secret => new { secret.Name, setAt = DateTimeOffset.FromUnixTimeMilliseconds(secret.ChangedAt) }),
            console =>
            {
                if (secrets.Count == 0)
                {
                    console.MarkupLine("There are no secrets yet. [grey]`hub secret set NAME` asks for one; files then say ${secret:NAME}.[/]");
                    return;
                }

                var table = Tables.New("secret", "set at");
                foreach (var secret in secrets)
                    table.AddRow(Tables.Plain(secret.Name), Tables.Plain(FormattableString.Invariant($"{DateTimeOffset.FromUnixTimeMilliseconds(secret.ChangedAt).UtcDateTime:yyyy-MM-dd HH:mm} UTC")));
                console.Write(table);
            });
        return Task.FromResult(ExitCode.Done);
    }
}
