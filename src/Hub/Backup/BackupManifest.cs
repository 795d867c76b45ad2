using System.Text.Json;

namespace Crm.Integration.Hub.Backup;

/// <summary>What a backup holds; its first entry.</summary>
/// <param name="Hub">The version of the program that made it.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Machine">Where.</param>
/// <param name="Store">The engine of the store: only SQLite's files are in the backup.</param>
/// <param name="KeyId">Which key seals the secrets in it; the key itself is never in it. Null where nothing is sealed.</param>
/// <param name="Files">The files.</param>
internal sealed record BackupManifest(string Hub, DateTimeOffset MadeAt, string Machine, string Store, string? KeyId, IReadOnlyList<BackedUpFile> Files)
{
    /// <summary>The name of its entry.</summary>
    public const string Entry = "manifest.json";

    /// <summary>How it is written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}

/// <summary>A file in a backup.</summary>
/// <param name="Path">Relative to the hub folder, with slashes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash, in hex.</param>
internal sealed record BackedUpFile(string Path, long Bytes, string Sha256);
