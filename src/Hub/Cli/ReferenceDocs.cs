using Crm.Integration.Connectors;
using Crm.Integration.Hub.Api;
using Crm.Integration.Hub.Configuration.Schemas;

namespace Crm.Integration.Hub.Cli;

/// <summary>All reference pages under <c>docs/reference</c>; a test compares them with what is committed.</summary>
internal static class ReferenceDocs
{
    /// <summary>Every page by its file name.</summary>
    public static IReadOnlyList<(string File, string Text)> All() => [.. ReferencePages.All(BuiltInConnectors.All), (ApiReference.File, ApiReference.Page())];
}
