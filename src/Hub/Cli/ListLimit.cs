using System.CommandLine;

namespace Crm.Integration.Hub.Cli;

/// <summary>How much of a list is shown.</summary>
internal static class ListLimit
{
    /// <summary><c>--limit N</c></summary>
    /// <param name="description">What it limits.</param>
    public static Option<int> Option(string description)
    {
        var option = new Option<int>("--limit") { HelpName = "N", DefaultValueFactory = _ => 20, Description = description };
        option.Validators.Add(result =>
        {
            // What is no number at all is told by the parser.
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var limit) && limit < 1)
                result.AddError($"--limit is at least 1, not {limit}");
        });
        return option;
    }
}
