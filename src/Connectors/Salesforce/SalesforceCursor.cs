using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>
/// How far an object has been read. Never ahead of the server's time less a safety distance: a record may be committed some time after the
/// modified time that it carries.
/// </summary>
internal sealed record SalesforceCursor
{
    private const int CurrentVersion = 1;

    [JsonPropertyName("v")]
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The cursor field.</summary>
    [JsonPropertyName("field")]
    public string Field { get; init; } = "";

    /// <summary>Read up to here; null when nothing is done yet.</summary>
    [JsonPropertyName("at")]
    public DateTimeOffset? At { get; init; }

    /// <summary>The last record read at <see cref="At"/>; null when the pull came to its end, and the next one begins with the instant itself.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>From when on deletions are still to be asked for.</summary>
    [JsonPropertyName("deleted")]
    public DateTimeOffset? DeletedFrom { get; init; }

    /// <summary>The bulk job that is being read.</summary>
    [JsonPropertyName("job")]
    public BulkPlace? Job { get; init; }

    /// <summary>As the hub saves it.</summary>
    public string ToText() => JsonSerializer.Serialize(this, SalesforceJson.Options);

    /// <summary>A saved cursor, or the beginning.</summary>
    /// <exception cref="ConnectorException">It is none of this connector and field.</exception>
    public static SalesforceCursor Parse(string? text, string field, string stream)
    {
        if (text is null)
            return new() { Field = field };
        SalesforceCursor? cursor;
        try
        {
            cursor = JsonSerializer.Deserialize<SalesforceCursor>(text, SalesforceJson.Options);
        }
        catch (JsonException exception)
        {
            throw Bad(stream, "is damaged", exception);
        }

        if (cursor is not { Version: CurrentVersion })
            throw Bad(stream, "was written by another version of the connector", null);
        if (cursor.Field != field)
            throw Bad(stream, $"belongs to the field '{cursor.Field}', and the pipeline now goes by '{field}'", null);
        return cursor;
    }

    /// <summary>Compares it with the server's time.</summary>
    /// <exception cref="ConnectorException">It lies in the future.</exception>
    public SalesforceCursor Against(DateTimeOffset now, string stream)
    {
        if (At > now.AddDays(1))
            throw Bad(stream, $"lies in the future ({At:yyyy-MM-dd})", null);
        // A clock that was set back a little is no reason to stop: read from its present on.
        return At > now ? this with { At = now, Id = null } : this;
    }

    /// <summary>The place behind a row, but never ahead of the ceiling.</summary>
    public SalesforceCursor Behind(SelectList.Reading row, DateTimeOffset ceiling) =>
        row.At is not { } at ? this : at < ceiling ? this with { At = at, Id = row.Id } : this with { At = ceiling > At || At is null ? ceiling : At, Id = null };

    /// <summary>The place at the end of the records.</summary>
    public SalesforceCursor Through(DateTimeOffset ceiling) => this with { At = At > ceiling ? At : ceiling, Id = null, Job = null };

    private static ConnectorException Bad(string stream, string why, Exception? inner) => new(
        FailureKind.Configuration,
        $"The saved cursor of {stream} {why}.",
        "`hub state reset` forgets it; the next run then reads all records once, and what has not changed costs nothing.",
        inner);
}

/// <summary>A place in the results of a bulk job.</summary>
/// <param name="Id">The job.</param>
/// <param name="Locator">The part of its results; null for the first.</param>
/// <param name="Rows">Rows of the part that are read.</param>
/// <param name="Ceiling">What the cursor may reach once the job is read.</param>
internal sealed record BulkPlace(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("part")] string? Locator,
    [property: JsonPropertyName("rows")] long Rows,
    [property: JsonPropertyName("to")] DateTimeOffset Ceiling);
