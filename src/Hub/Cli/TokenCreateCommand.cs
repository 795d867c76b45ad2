using System.CommandLine;
using System.Globalization;
using Crm.Integration.Hub.Access;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub token create</c></summary>
internal sealed class TokenCreateCommand : HubCommand
{
    private readonly Argument<string> _name = new("name") { Description = "Who or what will use it; the audit log names it so." };
    private readonly Option<Role> _role = new("--role") { HelpName = "viewer|operator|steward|admin", DefaultValueFactory = _ => Role.Viewer, Description = "What it may do: look (viewer), also run (operator), also decide about customers (steward), everything (admin)." };
    private readonly Option<string[]> _scopes = new("--scope") { HelpName = "NAME,…", AllowMultipleArgumentsPerToken = false, Description = $"Only for these parts of the API: {string.Join(", ", Scopes.All)}." };
    private readonly Option<string?> _expires = new("--expires") { HelpName = "90d|DATE", Description = "From when on it is refused: in so many days or hours (90d, 12h), or at the end of a day." };

    public TokenCreateCommand()
        : base("create", "Make a token for the API of `hub serve`. It is shown once; the hub keeps only its hash.")
    {
        Add(_name);
        Add(_role);
        Add(_scopes);
        Add(_expires);
        Remarks = "Whoever has it can do what it may: keep it like a password. `hub token revoke` ends it within moments, also while the service runs.";
        Examples = [("hub token create it-team --role admin", "the first one"), ("hub token create nightly-report --scope runs,export --role steward --expires 90d", "only what it needs, for some time")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var access = new AccessStore(context);
        var scopes = (arguments.GetValue(_scopes) ?? []).SelectMany(each => each.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        var expires = arguments.GetValue(_expires) is { } text ? Until(text, context.Clock) : (DateTimeOffset?)null;
        var (token, shown) = access.Tokens.Create(arguments.GetValue(_name)!, arguments.GetValue(_role), scopes, expires, Environment.UserName);
        access.Audit.Add(access.Actor, "token create", $"name={token.Name} role={ApiTokenRow.Word(token.Role)}", "done");
        context.Show(new { text = shown, token }, console =>
        {
            context.Error.WritePlain($"{token.Name} has the role {ApiTokenRow.Word(token.Role)}{(token.Scopes.Count > 0 ? $" for {string.Join(", ", token.Scopes)}" : "")}{(token.ExpiresAt is { } end ? $" until {Words.Time(end, context.Clock)}" : "")}. This is shown once:");
            console.WritePlain(shown);
        });
        return Task.FromResult(ExitCode.Done);
    }

    private static DateTimeOffset Until(string text, TimeProvider clock)
    {
        if (text is not [.. var number, 'd' or 'h'])
            return Days.End(text, clock);
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > 100_000)
            throw CommandException.Usage($"'{text}' is no span of time", "write 90d, 12h or 2026-12-31");
        return clock.GetUtcNow() + (text[^1] == 'd' ? TimeSpan.FromDays(count) : TimeSpan.FromHours(count));
    }
}
