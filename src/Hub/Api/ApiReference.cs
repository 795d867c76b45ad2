using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text;
using Crm.Integration.Hub.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Hub.Api;

/// <summary>The reference page of the API, made of its endpoints.</summary>
internal static class ApiReference
{
    /// <summary>The name of the page's file.</summary>
    public const string File = "api.md";

    /// <summary>The endpoints, in the order in which they are mapped. Nothing is started for it.</summary>
    public static IReadOnlyList<RouteEndpoint> Endpoints()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddApi();
        using var app = (IDisposable)builder.Build();
        ((WebApplication)app).MapApi();
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];
    }

    /// <summary>The page.</summary>
    public static string Page()
    {
        var page = new StringBuilder("""
            # API

            <!-- Written by `hub schema --docs`; do not edit. -->

            What `hub serve` answers under `/api`. How to use it: [api.md](../api.md). A program reads the same, with the shape of every answer, from `/api/openapi.json`.
            A role may all that those before it may: viewer, operator, steward, admin. Lists have `items` and `next`.


            """);
        foreach (var group in Endpoints().GroupBy(endpoint => Scopes.Of(endpoint.RoutePattern.RawText!)))
        {
            page.Append(CultureInfo.InvariantCulture, $"## {group.Key}\n\n");
            foreach (var endpoint in group)
                Append(page, endpoint);
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static void Append(StringBuilder page, RouteEndpoint endpoint)
    {
        var methods = string.Join(", ", endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods);
        var role = endpoint.Metadata.GetRequiredMetadata<NeededRole>().Role;
        page.Append(CultureInfo.InvariantCulture, $"### {methods} {PathOf(endpoint)}\n\n{endpoint.Metadata.GetRequiredMetadata<IEndpointSummaryMetadata>().Summary} Needs the role {ApiTokenRow.Word(role)}.\n\n");
        var lines = (endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? []).SelectMany(Lines).ToList();
        if (lines.Count == 0)
            return;
        page.Append("| parameter | in | meaning |\n|---|---|---|\n");
        foreach (var (name, where, meaning) in lines)
            page.Append(CultureInfo.InvariantCulture, $"| `{name}` | {where} | {meaning} |\n");
        page.Append('\n');

        IEnumerable<(string Name, string Where, string Meaning)> Lines(ParameterInfo parameter)
        {
            if (parameter.ParameterType == typeof(PageQuery))
                return Members(parameter.ParameterType, "query");
            if (parameter.ParameterType.Name.EndsWith("Body", StringComparison.Ordinal) || parameter.ParameterType == typeof(RunStart) || parameter.ParameterType == typeof(QuarantineSelection))
                return Members(parameter.ParameterType, "body");
            if (parameter.GetCustomAttribute<DescriptionAttribute>() is not { } said)
                return [];
            return parameter.GetCustomAttribute<FromHeaderAttribute>() is { Name: { } header } ? [(header, "header", said.Description)]
                : [(parameter.Name!, endpoint.RoutePattern.GetParameter(parameter.Name!) is null ? "query" : "path", said.Description)];
        }
    }

    private static string PathOf(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.Replace(":long", "", StringComparison.Ordinal).TrimEnd('/');

    private static IEnumerable<(string Name, string Where, string Meaning)> Members(Type type, string where) =>
        type.GetProperties().Where(property => property.IsDefined(typeof(DescriptionAttribute)))
            .Select(property => (char.ToLowerInvariant(property.Name[0]) + property.Name[1..], where, property.GetCustomAttribute<DescriptionAttribute>()!.Description));
}
