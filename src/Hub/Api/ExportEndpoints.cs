using System.ComponentModel;
using System.Text;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Customers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Hub.Api;

/// <summary>Everything at once, as a stream.</summary>
internal static class ExportEndpoints
{
    private const string Links = "links";

    /// <summary>Adds them.</summary>
    public static void MapExport(this IEndpointRouteBuilder api) => api.MapGet("/export/{what}", WriteAsync).WithTags("export").Needs(Role.Steward).WithMetadata(new Audited())
        .WithSummary("Write golden records, or the links between sources and masters, as CSV or JSON Lines.").Produces<string>(StatusCodes.Status200OK, "text/csv", "application/jsonl");

    private static async Task WriteAsync(
        ApiCall api,
        [Description("An entity (customer, account …) for its golden records; links for which source record belongs to which master.")] string what,
        [Description("csv or jsonl; csv without it.")] string? format)
    {
        var entity = api.Configuration.Entities.GetValueOrDefault(what);
        if (entity is null && what != Links)
            throw RefusedException.Unknown($"there is no entity '{what}'", Suggestion.Of(what, api.Configuration.Entities.Keys.Append(Links)));
        var chosen = Choice.Of<ExportFormat>(format, "format") ?? ExportFormat.Csv;
        var response = api.Http.Response;
        response.ContentType = chosen == ExportFormat.Csv ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"{what}.{(chosen == ExportFormat.Csv ? "csv" : "jsonl")}\"";
        if (api.Http.Features.Get<IHttpBodyControlFeature>() is { } body)
            body.AllowSynchronousIO = true;

        // Rows are written as they are read: a slow reader slows the query, and nothing is piled up. A failure half way breaks the connection off,
        // so that half an export is not taken for a whole one.
        var export = new Export(api.View.Store, api.View.Id);
        await using var output = new StreamWriter(response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true);
        await Task.Run(() => entity is null ? export.Links(null, chosen, output, api.Gone) : export.Masters(entity.Type, chosen, output, api.Gone), api.Gone);
    }
}
