using System.Globalization;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>What the store remembers of an inbound pipeline between runs.</summary>
internal sealed class InboundState
{
    /// <summary>Its number in the store.</summary>
    public long Id { get; init; }

    /// <summary>How far it has read.</summary>
    public string? Cursor { get; set; }

    /// <summary>When all ids were last looked over.</summary>
    public long? SweptAt { get; init; }

    /// <summary>Of a two-way stream: what was wanted of each record when the stream was last read whole.</summary>
    public long Counterparts { get; init; }

    /// <summary>How many source records are stored and not gone.</summary>
    public long Live { get; set; }

    /// <summary>The state of a pipeline; made when it has none yet.</summary>
    public static InboundState Load(StoreTransaction transaction, InboundPipeline pipeline)
    {
        const string Find = """select id, "cursor", live, swept_at, counterparts from inbound where pipeline = @Name and connection = @Connection and stream = @Stream and entity = @Entity""";
        var names = new { pipeline.Name, Connection = pipeline.Connection.Name, pipeline.Stream, Entity = pipeline.Entity.Type.Name, Fingerprint = unchecked((long)pipeline.Fingerprint) };
        if (transaction.First<InboundState>(Find, names) is { } known)
            return known;

        // The file was renamed, or points elsewhere now: records keep their identity as long as connection, stream and entity are the same.
        if (transaction.Scalar<long?>("select id from inbound where pipeline = @Name", names) is { } former)
            transaction.Execute("update inbound set pipeline = @until where id = @former", new { former, until = Former(pipeline.Name, former) });
        transaction.Execute(
            """
            insert into inbound (pipeline, connection, stream, entity, fingerprint)
            values (@Name, @Connection, @Stream, @Entity, @Fingerprint)
            """,
            names);
        return transaction.First<InboundState>(Find, names)!;
    }

    /// <summary>What a pipeline is called in the store once its name belongs to another one.</summary>
    public static string Former(string name, long id) => string.Create(CultureInfo.InvariantCulture, $"{name} (until {id})");
}
