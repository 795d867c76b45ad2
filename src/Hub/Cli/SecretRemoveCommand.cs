using System.CommandLine;
using Crm.Integration.Hub.Configuration;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub secret remove</c></summary>
internal sealed class SecretRemoveCommand : HubCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The name, as in ${secret:NAME}." };

    public SecretRemoveCommand()
        : base("remove", "Forget a secret.")
    {
        Add(_name);
        Remarks = "Needs no key: this is also how secrets go whose key is lost.";
        Examples = [("hub secret remove old-token", "forget one")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var name = HubSecrets.Checked(arguments.GetValue(_name)!);
        var secrets = HubSecrets.Open(context);
        if (!secrets.RemoveSecret(name))
            throw CommandException.Usage($"there is no secret '{name}'", Suggestion.Of(name, [.. secrets.Secrets().Select(secret => secret.Name)]));
        var used = context.ReadConfiguration().Problems.Any(problem => problem.Message.Contains($"no secret {name}", StringComparison.Ordinal) && problem.File != ConfigurationLoader.HubFile);
        context.Show(new { name, removed = true, stillUsed = used }, console => console.WritePlain(used ? $"{name} is forgotten; a connection still names it: `hub validate` says where." : $"{name} is forgotten."));
        return Task.FromResult(ExitCode.Done);
    }
}
