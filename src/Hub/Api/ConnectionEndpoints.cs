using System.ComponentModel;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Accounts;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Hub.Api;

/// <summary>Connections, and the names of the hub's own secrets. No setting of a connection is shown: it may be a secret.</summary>
internal static class ConnectionEndpoints
{
    /// <summary>Adds them.</summary>
    public static void MapConnections(this IEndpointRouteBuilder api)
    {
        var connections = api.MapGroup("/connections").WithTags("connections");
        connections.MapGet("/", List).Needs(Role.Viewer).WithSummary("List the connections.");
        connections.MapPost("/{name}/check", CheckAsync).Needs(Role.Operator).WithSummary("Try a connection: can the hub reach the system and use it?");
        api.MapGet("/secrets", Secrets).WithTags("secrets").Needs(Role.Admin).WithSummary("List the names of the hub's own secrets, never their values.");
    }

    private static IReadOnlyList<ConnectionDocument> List(ApiCall api) =>
        [.. api.Configuration.Connections.Values.OrderBy(connection => connection.Name, StringComparer.Ordinal).Select(connection => Document(api, connection))];

    private static async Task<CheckDocument> CheckAsync(ApiCall api, [FromServices] SecretRedactor secrets, [Description("The name of a connection.")] string name)
    {
        if (!api.Configuration.Connections.TryGetValue(name, out var connection))
            throw RefusedException.Unknown($"there is no connection '{name}'", Suggestion.Of(name, api.Configuration.Connections.Keys));
        var lender = new ConnectionLender(api.Engine, api.Configuration.Folder, api.Clock, api.Log, secrets.Add);
        var lines = await ConnectionCheck.OfAsync(connection, api.Configuration.Pipelines, lender.Open, api.Stopping);
        return new CheckDocument(name, lines.All(line => line.Passed), [.. lines.Select(line => new CheckLineDocument(line.Subject, line.Passed, secrets.Redact(line.Message)))]);
    }

    private static IReadOnlyList<SecretDocument> Secrets(ApiCall api) =>
        [.. new AccountStore(api.Engine, api.Configuration.Folder, api.Clock, Environment.GetEnvironmentVariable).Secrets().Select(secret => new SecretDocument(secret.Name, Instant.Of(secret.ChangedAt)))];

    private static ConnectionDocument Document(ApiCall api, ConnectionConfiguration connection) => new(
        connection.Name,
        connection.Connector.Declaration.Name,
        [.. Enum.GetValues<ConnectorCapabilities>().Where(each => each != 0 && connection.Connector.Declaration.Capabilities.HasFlag(each)).Select(each => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(each.ToString()))],
        [.. api.Configuration.Pipelines.Where(pipeline => pipeline.Connection.Name == connection.Name).Select(pipeline => pipeline.Name)]);
}

/// <summary>A connection.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Connector">Its connector.</param>
/// <param name="Capabilities">What that can do.</param>
/// <param name="Pipelines">The pipelines that use it.</param>
internal sealed record ConnectionDocument(string Name, string Connector, IReadOnlyList<string> Capabilities, IReadOnlyList<string> Pipelines);

/// <summary>What trying a connection found.</summary>
internal sealed record CheckDocument(string Name, bool Passed, IReadOnlyList<CheckLineDocument> Checks);

/// <summary>One thing checked.</summary>
internal sealed record CheckLineDocument(string Subject, bool Passed, string Message);

/// <summary>The name of a secret.</summary>
internal sealed record SecretDocument(string Name, DateTimeOffset SetAt);
