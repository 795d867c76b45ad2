using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crm.Integration.Hub.Runs;

/// <summary>Reports as the store keeps them.</summary>
internal static class RunReportJson
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>A report as JSON.</summary>
    public static string Write(RunReport report) => JsonSerializer.Serialize(report, s_options);

    /// <summary>A report from JSON.</summary>
    public static RunReport Read(string json) => JsonSerializer.Deserialize<RunReport>(json, s_options) ?? throw new JsonException("a run's report is null");
}
