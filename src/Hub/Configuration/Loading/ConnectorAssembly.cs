using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>
/// Where a connector's assembly lives: with its own libraries, in its own versions, but with the contract's types shared, so that its
/// connector is one to the hub.
/// </summary>
internal sealed class ConnectorAssembly(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    // RestApi of the contract looks for RestEase's attributes, and would not know those of another copy.
    private static readonly string[] s_shared = [NameOf(typeof(IConnector)), NameOf(typeof(SourceRow)), "RestEase"];

    /// <summary>The version of the contract that this hub has.</summary>
    public static Version Contract { get; } = typeof(IConnector).Assembly.GetName().Version!;

    /// <summary>Whether an assembly is the hub's own, whatever copy of it lies in the folder.</summary>
    public static bool IsShared(string? name) => s_shared.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The version of the contract that a file was built for, without loading it; null for one that does not speak to the contract, or is no assembly.</summary>
    public static Version? ContractOf(string path)
    {
        using var file = File.OpenRead(path);
        using var image = new PEReader(file);
        if (!image.HasMetadata)
            return null;
        var metadata = image.GetMetadataReader();
        foreach (var handle in metadata.AssemblyReferences)
        {
            var reference = metadata.GetAssemblyReference(handle);
            if (metadata.GetString(reference.Name) == s_shared[0])
                return reference.Version;
        }

        return null;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (IsShared(assemblyName.Name))
            return null;
        var beside = Path.Combine(Path.GetDirectoryName(path)!, assemblyName.Name + ".dll");
        return File.Exists(beside) ? LoadFromAssemblyPath(beside) : null;
    }

    private static string NameOf(Type type) => type.Assembly.GetName().Name!;
}
