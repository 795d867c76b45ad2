using System.CommandLine;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub token revoke</c></summary>
internal sealed class TokenRevokeCommand : HubCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The token's name, as `hub token list` shows it." };

    public TokenRevokeCommand()
        : base("revoke", "Make a token count no more, on all nodes within moments.")
    {
        Add(_name);
        Examples = [("hub token revoke nightly-report", "it was lost, or is no longer needed")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var name = arguments.GetValue(_name)!;
        using var access = new AccessStore(context);
        access.Tokens.Revoke(name, Environment.UserName);
        access.Audit.Add(access.Actor, "token revoke", $"name={name}", "done");
        context.Show(new { name, revoked = true }, console => console.WritePlain($"{name} counts no more."));
        return Task.FromResult(ExitCode.Done);
    }
}
