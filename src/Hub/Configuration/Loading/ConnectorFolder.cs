using System.Collections.Concurrent;
using System.Reflection;
using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Binding;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>The connectors there are: those that came with the hub, and those from its folder's <c>connectors/</c>.</summary>
/// <param name="All">All that can be used.</param>
/// <param name="Problems">Why others cannot.</param>
/// <param name="Assemblies">The assemblies that were loaded, for their fixtures.</param>
internal sealed record ConnectorSet(IReadOnlyList<IConnector> All, IReadOnlyList<ConfigurationProblem> Problems, IReadOnlyList<Assembly> Assemblies)
{
    /// <summary>The rehearsals of all connectors that bring one.</summary>
    public IEnumerable<ICertificationFixture> Fixtures => Assemblies.Prepend(typeof(ICertificationFixture).Assembly).SelectMany(CertificationFixtures.In);
}

/// <summary>
/// Loads <c>connectors/NAME.dll</c> and <c>connectors/NAME/*.dll</c>. Such a file is code that runs with all rights of the hub: it is
/// taken from the hub folder alone, which belongs to who runs the hub.
/// </summary>
internal static class ConnectorFolder
{
    /// <summary>The folder's name.</summary>
    public const string Name = "connectors";

    // A process loads a file once; a command may read its configuration more than once.
    private static readonly ConcurrentDictionary<(string Path, long Written), Loaded> s_loaded = new();

    private sealed record Loaded(Assembly? Assembly, IReadOnlyList<IConnector> Connectors, string? Problem, string? Fix);

    /// <summary>Adds the connectors of a hub folder to those there are.</summary>
    public static ConnectorSet Load(string hubFolder, IReadOnlyList<IConnector> builtIn)
    {
        var folder = Path.Combine(hubFolder, Name);
        if (!Directory.Exists(folder))
            return new(builtIn, [], []);
        List<IConnector> all = [.. builtIn];
        List<ConfigurationProblem> problems = [];
        List<Assembly> assemblies = [];
        foreach (var path in Candidates(folder))
        {
            var place = Path.GetRelativePath(hubFolder, path).Replace('\\', '/');
            var loaded = s_loaded.GetOrAdd((path, File.GetLastWriteTimeUtc(path).Ticks), key => Load(key.Path));
            if (loaded.Problem is { } problem)
                problems.Add(new(place, 0, 0, problem, loaded.Fix));
            if (loaded.Assembly is not null)
                assemblies.Add(loaded.Assembly);
            foreach (var connector in loaded.Connectors)
            {
                var name = connector.Declaration.Name;
                if (all.Exists(other => other.Declaration.Name == name))
                    problems.Add(new(place, 0, 0, $"there is a connector '{name}' already", builtIn.Any(other => other.Declaration.Name == name) ? "it comes with the hub: give yours another name" : $"keep one of the files in {Name}/ that hold it"));
                else
                    all.Add(connector);
            }
        }

        return new(all, problems, assemblies);
    }

    // Beside a connector lie its libraries; only what speaks to the contract is one.
    private static IEnumerable<string> Candidates(string folder) =>
        Directory.EnumerateFiles(folder, "*.dll")
            .Concat(Directory.EnumerateDirectories(folder).SelectMany(each => Directory.EnumerateFiles(each, "*.dll")))
            .Where(path => !ConnectorAssembly.IsShared(Path.GetFileNameWithoutExtension(path)))
            .Order(StringComparer.Ordinal);

    private static Loaded Load(string path)
    {
        try
        {
            if (ConnectorAssembly.ContractOf(path) is not { } built)
                return new(null, [], null, null);
            if (ConnectorAssembly.Contract is var ours && (built.Major != ours.Major || built > ours))
                return new(null, [], $"it is built for version {built.ToString(2)} of the connector contract, and this hub has {ours.ToString(2)}", built > ours ? "update the hub, or get a build for this one" : "get a newer build from whoever made it");

            var assembly = new ConnectorAssembly(path).LoadFromAssemblyPath(path);
            var connectors = assembly.GetTypes()
                .Where(type => type is { IsAbstract: false, IsClass: true } && type.IsAssignableTo(typeof(IConnector)) && type.GetConstructor(Type.EmptyTypes) is not null)
                .Select(Make)
                .ToList();
            return connectors.Count > 0
                ? new(assembly, connectors, null, null)
                : new(assembly, [], "there is no connector in it", $"a connector is a class that implements {nameof(IConnector)} and has a constructor without parameters");
        }
        catch (Exception exception) when (exception is BadImageFormatException or FileLoadException or FileNotFoundException or IOException or UnauthorizedAccessException)
        {
            return new(null, [], $"it cannot be loaded: {exception.Message}", "build it for net10.0 (any platform), and put the libraries that it needs beside it");
        }
        catch (ReflectionTypeLoadException exception)
        {
            return new(null, [], $"something that it needs is missing: {exception.LoaderExceptions.FirstOrDefault(each => each is not null)?.Message}", "put the libraries that it needs beside it, or build it against the libraries of this hub");
        }
        catch (Exception exception) when (exception is TypeLoadException or MissingMemberException)
        {
            return new(null, [], $"it does not fit this hub: {exception.Message}", "build it against the libraries of this hub");
        }
        catch (ConnectorMistake mistake)
        {
            return new(null, [], mistake.Message, mistake.Fix);
        }
    }

    private static IConnector Make(Type type)
    {
        IConnector connector;
        try
        {
            connector = (IConnector)Activator.CreateInstance(type)!;
            _ = connector.Declaration.Name;
        }
        catch (TargetInvocationException exception)
        {
            var cause = exception.InnerException!;
            throw new ConnectorMistake($"the constructor of {type.FullName} fails: {cause.GetType().Name}: {cause.Message}", "tell whoever made it: a constructor contacts nobody and reads nothing");
        }
        catch (Exception exception) when (exception is not (TypeLoadException or MissingMemberException or FileNotFoundException or FileLoadException))
        {
            throw new ConnectorMistake($"{type.FullName} cannot say what it is: {exception.GetType().Name}: {exception.Message}", "tell whoever made it: `Declaration` only gives constants");
        }

        try
        {
            _ = SettingType.Of(connector.Declaration.SettingsType);
            return connector;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or NotSupportedException)
        {
            throw new ConnectorMistake($"the settings of '{connector.Declaration.Name}' cannot be read from a file: {exception.Message}", "tell whoever made it: `hub connectors certify` names the property");
        }
    }

    private sealed class ConnectorMistake(string message, string fix) : Exception(message)
    {
        public string Fix => fix;
    }
}
