using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>What the store remembers of an outbound pipeline between runs.</summary>
internal sealed class OutboundState
{
    /// <summary>Its number in the store.</summary>
    public long Id { get; init; }

    /// <summary>How far into the change feed it has come.</summary>
    public long FeedSeq { get; init; }

    /// <summary>Of the pipeline that came so far.</summary>
    public long Fingerprint { get; init; }

    /// <summary>How many records of the hub are at the destination.</summary>
    public long Delivered { get; init; }

    /// <summary>The state of a pipeline; made when it has none yet.</summary>
    public static OutboundState Load(StoreTransaction transaction, OutboundPipeline pipeline)
    {
        const string Find = "select id, feed_seq, fingerprint, delivered from outbound where pipeline = @Name and connection = @Connection and stream = @Stream and entity = @Entity";
        var names = new { pipeline.Name, Connection = pipeline.Connection.Name, pipeline.Stream, Entity = pipeline.Entity.Type.Name };
        if (transaction.First<OutboundState>(Find, names) is { } known)
            return known;
        if (transaction.Scalar<long?>("select id from outbound where pipeline = @Name", names) is { } former)
            transaction.Execute("update outbound set pipeline = @until where id = @former", new { former, until = InboundState.Former(pipeline.Name, former) });
        transaction.Execute("insert into outbound (pipeline, connection, stream, entity, fingerprint, feed_seq) values (@Name, @Connection, @Stream, @Entity, 0, 0)", names);
        return transaction.First<OutboundState>(Find, names)!;
    }
}
