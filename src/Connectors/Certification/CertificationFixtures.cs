using System.Reflection;

namespace Crm.Integration.Connectors.Certification;

/// <summary>Finds the fixtures of an assembly.</summary>
public static class CertificationFixtures
{
    /// <summary>Those of an assembly, by the names of their connectors: classes with a constructor without parameters.</summary>
    /// <param name="assembly">The assembly.</param>
    public static IReadOnlyList<ICertificationFixture> In(Assembly assembly) =>
    [
        .. assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsClass: true } && type.IsAssignableTo(typeof(ICertificationFixture)) && type.GetConstructor(Type.EmptyTypes) is not null)
            .Select(type => (ICertificationFixture)Activator.CreateInstance(type)!)
            .OrderBy(fixture => fixture.Connector.Declaration.Name, StringComparer.Ordinal),
    ];
}
