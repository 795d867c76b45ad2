using System.Text.Json;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Cli;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Crm.Integration.Hub.Api;

/// <summary>The API described for programs (OpenAPI 3.1), from the code.</summary>
internal static class OpenApiDescription
{
    // What a route without a name of its own answers with.
    private const string Name = "v1";
    private const string Scheme = "token";

    /// <summary>Adds what describes the API.</summary>
    public static void AddOpenApiDescription(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) ?? false;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "hub",
                Version = HubProgram.Version,
                Description = "What the command line can do, for programs. Lists come in pages: follow `next`. What goes wrong is told as a problem (RFC 9457) with `detail` and `fix`.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token, made by `hub token create`." };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<NeededRole>().LastOrDefault() is { } needed)
                operation.Description = $"Needs the role {JsonNamingPolicy.CamelCase.ConvertName(needed.Role.ToString())}.";
            return Task.CompletedTask;
        });
    });

    /// <summary>Answers with the description.</summary>
    public static void MapOpenApiDescription(this IEndpointRouteBuilder app) =>
        app.MapOpenApi("/api/openapi.json").Needs(Role.Viewer).WithSummary("Describe this API (OpenAPI 3.1).");
}
