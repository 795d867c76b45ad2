using System.CommandLine;
using Crm.Integration.Hub.Accounts;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub secret set</c></summary>
internal sealed class SecretSetCommand : HubCommand
{
    private const int Longest = 64 * 1024;

    private readonly Argument<string> _name = new("name") { Description = "The name, as in ${secret:NAME}." };

    public SecretSetCommand()
        : base("set", "Keep a secret, sealed, in the hub's store; it is asked for, or read from a pipe.")
    {
        Add(_name);
        Remarks = $"The value never stands on the command line, where others could see it. It is sealed with the key in {HubKey.Variable} or, when that is not set, in data/hub.key, which is made when it is first needed: keep a copy of that file apart from the backups of the store.";
        Examples = [("hub secret set zoho-client-secret", "asks for the value; `… < FILE` takes it from a file")];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var name = HubSecrets.Checked(arguments.GetValue(_name)!);
        var secrets = HubSecrets.Open(context);
        var value = context.Interactive
            ? await new TextPrompt<string>($"value of {name}:").Secret(null).ShowAsync(context.Error, context.CancellationToken)
            : await ReadAsync(context);
        if (value.Length == 0)
            throw CommandException.Usage("no value was given", $"type it when asked, or pipe it in: `hub secret set {name} < FILE`");
        context.Secrets.Add(value);
        secrets.SetSecret(name, value);
        context.Show(new { name, set = true }, console => console.WritePlain($"{name} is kept. Files name it as ${{secret:{name}}}."));
        return ExitCode.Done;
    }

    private static async Task<string> ReadAsync(CommandContext context)
    {
        var buffer = new char[Longest + 1];
        var length = await context.RawIn.ReadBlockAsync(buffer, context.CancellationToken);
        if (length > Longest)
            throw CommandException.Usage($"the value is longer than {Longest / 1024} KB, more than any secret", "check what is piped in");

        // `echo` and editors end a text with a line break that is no part of the secret.
        return new string(buffer, 0, length).TrimEnd('\r', '\n');
    }
}
