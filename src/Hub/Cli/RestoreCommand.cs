using System.CommandLine;
using Crm.Integration.Hub.Accounts;
using Crm.Integration.Hub.Backup;
using Crm.Integration.Hub.Store;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub restore</c></summary>
internal sealed class RestoreCommand : HubCommand
{
    private readonly Argument<string> _file = new("file") { Description = "The backup." };
    private readonly Option<bool> _verify = new("--verify") { Description = "Only see whether it is whole and its store sound; leaves nothing behind." };

    public RestoreCommand()
        : base("restore", "Take a hub out of a backup, into an empty folder.")
    {
        Add(_file);
        Add(_verify);
        Remarks = "Every file is compared with the backup's manifest, and the store examined. Put the key back before the first run: data/hub.key, or the phrase in HUB_KEY.";
        Examples = [("hub --hub /srv/hub restore hub.tar.gz", "into /srv/hub"), ("hub restore hub.tar.gz --verify", "a rehearsal")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var file = Path.GetFullPath(arguments.GetValue(_file)!);
        if (!File.Exists(file))
            throw CommandException.Usage($"there is no file {file}", null);
        var verifies = arguments.GetValue(_verify);
        var folder = verifies ? Directory.CreateTempSubdirectory("hub-restore-").FullName : context.HubFolder;
        if (!verifies && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw CommandException.Usage($"{folder} is not empty", "restore into an empty folder: `hub --hub DIR restore FILE`; a hub that works is never overwritten");
        try
        {
            var manifest = HubRestore.Unpack(file, folder);
            var damage = Damage(folder, manifest);
            if (damage.Count > 0)
                throw new CommandException(ExitCode.Failed, $"the store in {file} is damaged: {damage[0]}", "take an earlier backup");
            var key = KeyState(folder, manifest);
            context.Show(new { file, restored = !verifies, folder = verifies ? null : folder, manifest.Hub, manifest.MadeAt, manifest.Machine, manifest.Store, manifest.KeyId, key, manifest.Files }, console =>
            {
                console.WritePlain($"{(verifies ? "The backup is whole" : $"Restored into {folder}")}: {Words.Count(manifest.Files.Count, "file")} as of {Words.Time(manifest.MadeAt, context.Clock)} from {manifest.Machine}.");
                if (key == "missing")
                    console.MarkupLine("[yellow]Its secrets are sealed, and the key is not here[/]: put data/hub.key into the folder, or set HUB_KEY, before the first run.");
                if (!verifies)
                    console.MarkupLine("[grey]`hub doctor` looks over it, `hub plan` shows what the next run would do.[/]");
            });
            return Task.FromResult(ExitCode.Done);
        }
        catch (InvalidDataException exception)
        {
            throw new CommandException(ExitCode.Failed, exception.Message, "take another backup; nothing was changed but the folder that was to be filled", exception);
        }
        finally
        {
            if (verifies)
                Directory.Delete(folder, recursive: true);
        }
    }

    private static List<string> Damage(string folder, BackupManifest manifest) =>
        [.. manifest.Files.Where(file => file.Path.EndsWith(".db", StringComparison.Ordinal)).SelectMany(file => MasterStore.EngineOf(new() { ConnectionString = "Data Source=" + file.Path }, folder).CheckFile())];

    // Beside the restored files, or in the environment.
    private static string KeyState(string folder, BackupManifest manifest) =>
        manifest.KeyId is null ? "not needed" : HubKey.Find(folder, Environment.GetEnvironmentVariable)?.Id == manifest.KeyId ? "present" : "missing";
}
