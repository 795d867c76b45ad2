using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.TwoWay;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>The pure part of an outbound pipeline: what a golden record shall be at the destination.</summary>
internal sealed class OutboundMapper
{
    private readonly EntityType _type;
    private readonly BoundExpression? _where;
    private readonly BoundExpression?[] _map;
    private readonly Value[] _inputs;

    /// <summary>The mapper of a pipeline; used by one task at a time.</summary>
    public OutboundMapper(OutboundPipeline pipeline)
    {
        _type = pipeline.Entity.Type;
        _where = pipeline.Where?.Bind(Find);
        _map = [.. pipeline.Map.Select(field => field.Expression?.Bind(Find))];
        _inputs = new Value[_type.Fields.Count + 1];
    }

    /// <summary>The values by the pipeline's fields; null when the pipeline does not take the record.</summary>
    /// <param name="masterId">The master's number.</param>
    /// <param name="golden">The golden record as JSON.</param>
    public Value[]? Map(long masterId, byte[] golden)
    {
        var record = RecordJson.Read(_type, golden);
        record.Values.CopyTo(_inputs);
        _inputs[^1] = MasterId.Of(_type, masterId);
        if (_where is not null && !_where.Test(_inputs))
            return null;
        var values = new Value[_map.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = FieldValues.Plain(_map[i]?.Evaluate(_inputs) ?? _inputs[^1]);
        return values;
    }

    private int Find(string path) => path == "id" ? _type.Fields.Count : (_type.Find(path) ?? _type.Find(path + "[]"))?.Ordinal ?? -1;
}
