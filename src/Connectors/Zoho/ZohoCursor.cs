using System.Text.Json;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>How far a pull has come.</summary>
internal sealed record ZohoCursor
{
    /// <summary>The time of the newest record that was read; every older one was read as well.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>Up to when deletions were read.</summary>
    public DateTimeOffset? Deleted { get; init; }

    /// <summary>The bulk job that is being read, and where.</summary>
    public BulkPlace? Bulk { get; init; }

    public string Write() => JsonSerializer.Serialize(this, s_json);

    /// <summary>A saved cursor; null when it is not one of ours.</summary>
    public static ZohoCursor? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ZohoCursor>(text, s_json);
        }
        catch (JsonException)
        {
            // Whatever it is, it is not ours; the caller starts over and says so.
            return null;
        }
    }

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>A place in a bulk job's file.</summary>
    /// <param name="Job">The job.</param>
    /// <param name="Page">Its page of 200,000 records, from 1.</param>
    /// <param name="Rows">Records of it that were taken.</param>
    internal sealed record BulkPlace(string Job, int Page, int Rows)
    {
        /// <summary>When the first job began, by Zoho's clock.</summary>
        public DateTimeOffset? Began { get; init; }

        /// <summary>What asks for the next page; null to ask by number.</summary>
        public string? Token { get; init; }
    }
}
