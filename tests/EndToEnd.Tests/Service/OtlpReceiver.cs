using System.Collections.Concurrent;
using System.Text;

namespace Crm.Integration.EndToEnd.Tests.Service;

/// <summary>A collector that understands as much of OpenTelemetry's protobuf as a test needs: names of spans and what hangs on what, names of metrics.</summary>
internal sealed class OtlpReceiver : IDisposable
{
    private readonly LocalServer _server;

    public OtlpReceiver() => _server = new LocalServer((request, body) =>
    {
        Bodies.Add(body);
        foreach (var name in request.Headers.AllKeys)
            Headers[name!] = request.Headers[name]!;
        if (request.Url!.AbsolutePath == "/v1/traces")
            ReadSpans(body);
        else if (request.Url.AbsolutePath == "/v1/metrics")
            ReadMetrics(body);
        return (200, "application/x-protobuf", "");
    });

    public string Address => _server.Address;

    public ConcurrentBag<byte[]> Bodies { get; } = [];

    public ConcurrentDictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Spans by id: name and parent.</summary>
    public ConcurrentDictionary<string, (string Name, string Parent)> Spans { get; } = [];

    public ConcurrentDictionary<string, bool> Metrics { get; } = [];

    public void Dispose() => _server.Dispose();

    /// <summary>The names from a span up to its root: "hub.page, hub.pipeline, hub.run", with the sign for below between them.</summary>
    public IEnumerable<string> Lines() => Spans.Values.Select(span =>
    {
        var line = new StringBuilder(span.Name);
        for (var parent = span.Parent; Spans.TryGetValue(parent, out var above); parent = above.Parent)
            line.Append(" < ").Append(above.Name);
        return line.ToString();
    });

    // ExportTraceServiceRequest.resource_spans(1).scope_spans(2).spans(2): span_id(2), parent_span_id(4), name(5).
    private void ReadSpans(byte[] body)
    {
        foreach (var span in Below(body, 1, 2, 2))
        {
            var fields = Fields(span).ToLookup(field => field.Number, field => field.Bytes);
            Spans[Convert.ToHexString(fields[2].First().Span)] = (Encoding.UTF8.GetString(fields[5].First().Span), Convert.ToHexString(fields[4].FirstOrDefault().Span));
        }
    }

    // ExportMetricsServiceRequest.resource_metrics(1).scope_metrics(2).metrics(2): name(1).
    private void ReadMetrics(byte[] body)
    {
        foreach (var metric in Below(body, 1, 2, 2))
            Metrics[Encoding.UTF8.GetString(Fields(metric).First(field => field.Number == 1).Bytes.Span)] = true;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Below(ReadOnlyMemory<byte> message, params int[] path) =>
        path.Length == 0 ? [message] : Fields(message).Where(field => field.Number == path[0]).SelectMany(field => Below(field.Bytes, path[1..]));

    private static List<(int Number, ReadOnlyMemory<byte> Bytes)> Fields(ReadOnlyMemory<byte> message)
    {
        var fields = new List<(int, ReadOnlyMemory<byte>)>();
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message.Span, ref at);
            var length = (tag & 7) switch { 0 => Skip(message.Span, ref at), 1 => 8, 2 => (int)Varint(message.Span, ref at), 5 => 4, var type => throw new InvalidDataException($"wire type {type}") };
            if ((tag & 7) == 2)
                fields.Add(((int)(tag >> 3), message.Slice(at, length)));
            at += length;
        }

        return fields;
    }

    private static int Skip(ReadOnlySpan<byte> bytes, ref int at)
    {
        Varint(bytes, ref at);
        return 0;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
