using System.CommandLine;
using Crm.Integration.Hub.Backup;
using Crm.Integration.Hub.Store;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub backup</c></summary>
internal sealed class BackupCommand : HubCommand
{
    private readonly Argument<string> _file = new("file") { Description = "Where the backup goes; an existing one is replaced." };

    public BackupCommand()
        : base("backup", "Put the hub into one file while it goes on working: configuration and store.")
    {
        Add(_file);
        Remarks = "The key that opens the hub's secrets is never in it: keep data/hub.key, or the phrase in HUB_KEY, somewhere else. A store on a server is backed up by the server's means; then the file holds the configuration.";
        Examples = [("hub backup /mnt/backup/hub.tar.gz", "now, without stopping anything"), ("hub restore /mnt/backup/hub.tar.gz --verify", "see whether it is whole")];
    }

    public override bool KeepsLog => true;

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var settings = HubView.ReadSettings(context.HubFolder, context.Secrets);
        context.StartLog(settings.Log);
        var engine = MasterStore.EngineOf(settings.Store, context.HubFolder);
        var file = Path.GetFullPath(arguments.GetValue(_file)!);
        var manifest = new HubBackup(context.HubFolder, engine, context.Clock).Make(file, HubProgram.Version, KeyId(engine, context.Clock));
        var bytes = new FileInfo(file).Length;
        context.Show(new { file, bytes, manifest.Store, manifest.KeyId, manifest.Files }, console =>
        {
            console.WritePlain(FormattableString.Invariant($"{Words.Count(manifest.Files.Count, "file")}, {bytes / 1e6:N1} MB in {file}"));
            if (!engine.IsFile)
                console.MarkupLine($"[yellow]The store is on {Markup.Escape(engine.Name)} and not in this file[/]: back it up with the server's own means, at the same time.");
            if (manifest.KeyId is not null)
                console.MarkupLine("[grey]Its secrets are sealed. The key is not in the file: data/hub.key, or the phrase in HUB_KEY, is needed with it.[/]");
        });
        return Task.FromResult(ExitCode.Done);
    }

    private static string? KeyId(StoreEngine engine, TimeProvider clock)
    {
        if (!engine.Accounts.Exists())
            return null;
        using var store = MasterStore.Open(engine.Accounts, clock);
        return store.Scalar<string?>("select min(id) from hub_key");
    }
}
