using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Crm.Integration.Hub.Inbox;

/// <summary>Reads bodies without ever holding more than the limit.</summary>
internal static class HookBody
{
    private const int Room = 4096;

    /// <summary>The body as it came; null when it is larger than the limit.</summary>
    public static async ValueTask<PooledBytes?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
            return null;

        // The server has a limit of its own, which may be below.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = limit;
        var body = new PooledBytes((int)(request.ContentLength ?? Room));
        try
        {
            while (true)
            {
                var read = await request.BodyReader.ReadAsync(cancellationToken);
                if (body.Length + read.Buffer.Length > limit)
                {
                    body.Dispose();
                    return null;
                }

                var count = (int)read.Buffer.Length;
                read.Buffer.CopyTo(body.Room(count));
                body.Advance(count);
                request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return body;
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Unpacks a body. What would become larger than the limit is not unpacked further: a kilobyte can hold a gigabyte.</summary>
    /// <param name="body">Given back when it is not what is returned.</param>
    /// <param name="encoding">As in Content-Encoding.</param>
    /// <param name="limit">The most bytes.</param>
    /// <param name="problem">What is wrong, when null is returned.</param>
    public static PooledBytes? Unpack(PooledBytes body, string? encoding, int limit, out HookAnswer? problem)
    {
        problem = null;
        if (string.IsNullOrEmpty(encoding) || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            return body;
        using (body)
        {
            using var packed = new MemoryStream(MemoryMarshal.TryGetArray(body.Memory, out var segment) ? segment.Array! : body.Memory.ToArray(), 0, body.Length, writable: false);
            using var stream = Unpacking(packed, encoding);
            if (stream is null)
            {
                problem = HookAnswer.UnknownEncoding;
                return null;
            }

            var unpacked = new PooledBytes(Math.Min(limit, Math.Max(Room, body.Length * 4)));
            try
            {
                while (stream.Read(unpacked.Room(Room)) is > 0 and var count)
                {
                    unpacked.Advance(count);
                    if (unpacked.Length > limit)
                    {
                        problem = HookAnswer.TooLarge;
                        break;
                    }
                }
            }
            catch (InvalidDataException)
            {
                problem = HookAnswer.NotUnpackable;
            }

            if (problem is null)
                return unpacked;
            unpacked.Dispose();
            return null;
        }
    }

    private static Stream? Unpacking(Stream packed, string encoding) => encoding.ToUpperInvariant() switch
    {
        "GZIP" or "X-GZIP" => new GZipStream(packed, CompressionMode.Decompress),
        "BR" => new BrotliStream(packed, CompressionMode.Decompress),
        "DEFLATE" => new ZLibStream(packed, CompressionMode.Decompress),
        _ => null,
    };
}
