using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Hub.Api;

/// <summary>The service itself.</summary>
internal static class SystemEndpoints
{
    /// <summary>Adds them.</summary>
    public static void MapSystem(this IEndpointRouteBuilder api)
    {
        var system = api.MapGroup("/system").WithTags("system");
        system.MapGet("/", Show).Needs(Role.Viewer).WithSummary("Show the version, the node, the store, and whether the newest configuration is the one in use.");
        system.MapGet("/doctor", Doctor).Needs(Role.Operator).WithSummary("Check the folder, the configuration, the store and the machine, and say what to do.");
    }

    private static SystemDocument Show(ApiCall api, [FromServices] Node node, [FromServices] ReloadState reload, [FromServices] SecretRedactor secrets) => new(
        HubProgram.Version,
        node.Name,
        api.Engine.Name,
        api.Configuration.Pipelines.Count,
        api.Configuration.Connections.Count,
        reload.Last is { } last
            ? new ReloadDocument(last.At, [.. last.Problems.Select(problem => problem with { Message = secrets.Redact(problem.Message) })], last.RestartNeeded)
            : null);

    private static DoctorDocument Doctor(ApiCall api, [FromServices] ConfigurationSource source, [FromServices] SecretRedactor secrets)
    {
        var lines = new Examination(api.Configuration.Folder, source.Read, secrets, api.Clock).All();
        return new DoctorDocument(lines.Count(line => line.Verdict == Verdict.Fail), lines.Count(line => line.Verdict == Verdict.Warn), lines);
    }
}

/// <summary>The service.</summary>
/// <param name="Version">The version of hub.</param>
/// <param name="Node">The process that answers.</param>
/// <param name="Store">The engine of its store.</param>
/// <param name="Pipelines">How many pipelines it has.</param>
/// <param name="Connections">How many connections.</param>
/// <param name="Reload">What came of the last change of the hub folder; null as long as there was none.</param>
internal sealed record SystemDocument(string Version, string Node, string Store, int Pipelines, int Connections, ReloadDocument? Reload);

/// <summary>What came of a change of the hub folder.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Problems">All mistakes; where there are any, the configuration before is in use.</param>
/// <param name="RestartNeeded">What takes effect only when the service is started again.</param>
internal sealed record ReloadDocument(DateTimeOffset At, IReadOnlyList<ConfigurationProblem> Problems, IReadOnlyList<string> RestartNeeded);

/// <summary>What a look at the hub from all sides found.</summary>
internal sealed record DoctorDocument(int Failed, int Warned, IReadOnlyList<Finding> Checks);
