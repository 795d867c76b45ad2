namespace Crm.Integration.Hub.Service.Installation;

/// <summary>What is to be installed: the same on every system.</summary>
/// <param name="Name">The service's name; one for each hub folder of the machine.</param>
/// <param name="Folder">The hub folder.</param>
/// <param name="Command">The program, and what it needs in front of its arguments: the path of hub, or those of dotnet and hub.dll.</param>
/// <param name="User">The account that it runs under; null for the system's own default.</param>
/// <param name="Writable">Folders outside of the hub folder that its connections read and write.</param>
/// <param name="LowPort">Whether it listens on a port below 1024.</param>
internal sealed record ServicePlan(string Name, string Folder, IReadOnlyList<string> Command, string? User, IReadOnlyList<string> Writable, bool LowPort)
{
    /// <summary>Whether a name can be one of a service on every system.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= 64 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') && char.IsAsciiLetterOrDigit(name[0]);
}
