using Crm.Integration.Hub.Customers;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary>The master that a command line means.</summary>
internal static class MasterChoice
{
    /// <summary>The master of an id; an id that was merged leads to the one that lives on, and the user is told.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static MasterRow Of(CommandContext context, HubView view, string id)
    {
        var number = HubView.Number(id);
        var master = MasterQuery.Follow(view.Store, number)
            ?? throw CommandException.Usage($"there is no master {id}", "`hub search NAME` finds them");
        var name = view.Id(master.Entity, master.Id);
        var prefix = id.Trim().TrimEnd("0123456789".ToCharArray());
        if (prefix.Length > 0 && !name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            throw CommandException.Usage($"there is no {id}; the number belongs to {name}, of entity {master.Entity}", $"`hub show {name}` shows it");
        if (master.Id != number)
            context.Error.MarkupLine($"[grey]{Markup.Escape(id.Trim().ToUpperInvariant())} was merged into {name}[/]");
        return master;
    }
}
