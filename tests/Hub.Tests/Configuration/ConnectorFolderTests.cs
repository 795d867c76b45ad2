using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Crm.Integration.Connectors;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Loading;

namespace Crm.Integration.Hub.Tests.Configuration;

/// <summary>What lies in <c>connectors/</c> and cannot be used: each says what is wrong with it, and the others go on.</summary>
public sealed class ConnectorFolderTests : IDisposable
{
    private readonly DirectoryInfo _hub = Directory.CreateTempSubdirectory("hub-connectors-");

    public ConnectorFolderTests() => Directory.CreateDirectory(InFolder(""));

    [Fact]
    public void Without_a_folder_there_are_the_hubs_own()
    {
        Directory.Delete(InFolder(""));

        Assert.Equal(BuiltInConnectors.All, ConnectorFolder.Load(_hub.FullName, BuiltInConnectors.All).All);
    }

    [Fact]
    public void What_is_no_assembly_is_told_of()
    {
        File.WriteAllText(InFolder("text.dll"), "not an assembly");

        Assert.StartsWith("it cannot be loaded", Problem().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_knows_nothing_of_connectors_is_passed_over()
    {
        File.Copy(typeof(FactAttribute).Assembly.Location, InFolder("library.dll"));
        File.Copy(typeof(IConnector).Assembly.Location, InFolder("Crm.Integration.Connectors.dll"));

        Assert.Empty(ConnectorFolder.Load(_hub.FullName, BuiltInConnectors.All).Problems);
    }

    [Fact]
    public void An_assembly_without_a_connector_is_told_of()
    {
        File.Copy(typeof(ConnectorFolder).Assembly.Location, InFolder("hub.dll"));

        Assert.Equal("there is no connector in it", Problem().Message);
    }

    [Theory]
    [InlineData("2.0.0.0", "update the hub, or get a build for this one")]
    [InlineData("0.9.0.0", "get a newer build from whoever made it")]
    public void One_built_for_another_contract_is_told_of(string version, string fix)
    {
        Reference(InFolder("other.dll"), Version.Parse(version));

        var problem = Problem();
        Assert.Equal(($"it is built for version {Version.Parse(version).ToString(2)} of the connector contract, and this hub has 1.0", fix), (problem.Message, problem.Fix));
    }

    [Fact]
    public void A_constructor_that_fails_is_told_of()
    {
        Emit(InFolder("failing.dll"), typeof(object), il =>
        {
            il.Emit(OpCodes.Ldstr, "no licence");
            il.Emit(OpCodes.Newobj, typeof(InvalidOperationException).GetConstructor([typeof(string)])!);
            il.Emit(OpCodes.Throw);
        });

        Assert.Equal("the constructor of FailingConnector fails: InvalidOperationException: no licence", Problem().Message);
    }

    [Fact]
    public void A_declaration_that_fails_is_told_of()
    {
        Emit(InFolder("silent.dll"), typeof(object), Nothing);

        Assert.StartsWith("FailingConnector cannot say what it is: NotSupportedException", Problem().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_library_is_told_of()
    {
        var library = new PersistedAssemblyBuilder(new AssemblyName("Acme.Library"), typeof(object).Assembly);
        var root = library.DefineDynamicModule("Acme.Library").DefineType("Acme.Root", TypeAttributes.Public);
        root.DefineDefaultConstructor(MethodAttributes.Public);
        var made = root.CreateType();
        library.Save(Path.Combine(_hub.FullName, "Acme.Library.dll"));
        Emit(InFolder("lonely.dll"), made, Nothing);

        var problem = Problem();
        Assert.StartsWith("something that it needs is missing", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Acme.Library", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_stands_among_those_of_the_configuration()
    {
        File.WriteAllText(Path.Combine(_hub.FullName, "hub.json"), "{}");
        File.WriteAllText(InFolder("text.dll"), "not an assembly");

        Assert.Equal("connectors/text.dll", Assert.Single(ConfigurationLoader.Load(_hub.FullName).Problems).File);
    }

    private ConfigurationProblem Problem()
    {
        var loaded = ConnectorFolder.Load(_hub.FullName, BuiltInConnectors.All);
        Assert.Equal(BuiltInConnectors.All, loaded.All);
        return Assert.Single(loaded.Problems);
    }

    private string InFolder(string file) => Path.Combine(_hub.FullName, ConnectorFolder.Name, file);

    private static void Nothing(ILGenerator il) => il.Emit(OpCodes.Ret);

    /// <summary>An assembly with a class that implements <see cref="IConnector"/> in name only.</summary>
    private static void Emit(string path, Type root, Action<ILGenerator> constructor)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule(name).DefineType("FailingConnector", TypeAttributes.Public, root, [typeof(IConnector)]);
        constructor(type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, []).GetILGenerator());
        foreach (var method in typeof(IConnector).GetMethods())
        {
            var own = type.DefineMethod(method.Name, MethodAttributes.Public | MethodAttributes.Virtual, method.ReturnType, [.. method.GetParameters().Select(parameter => parameter.ParameterType)]);
            var il = own.GetILGenerator();
            il.Emit(OpCodes.Newobj, typeof(NotSupportedException).GetConstructor([])!);
            il.Emit(OpCodes.Throw);
            type.DefineMethodOverride(own, method);
        }

        type.CreateType();
        assembly.Save(path);
    }

    /// <summary>An assembly with nothing in it but that it was built for a version of the contract.</summary>
    private static void Reference(string path, Version version)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString("other.dll"), metadata.GetOrAddGuid(Guid.NewGuid()), default, default);
        metadata.AddAssembly(metadata.GetOrAddString("other"), new Version(1, 0), default, default, default, AssemblyHashAlgorithm.None);
        metadata.AddAssemblyReference(metadata.GetOrAddString("Crm.Integration.Connectors"), version, default, default, default, default);
        metadata.AddTypeDefinition(default, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        var image = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), new BlobBuilder()).Serialize(image);
        File.WriteAllBytes(path, image.ToArray());
    }

    public void Dispose() => _hub.Delete(recursive: true);
}
