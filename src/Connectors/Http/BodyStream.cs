using System.Net;
using System.Net.Http.Headers;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>A body on its way: no piece of it may take too long, and what breaks it off is told in words.</summary>
internal sealed class BodyStream(Stream inner, TimeSpan atMost, TimeProvider clock) : ReadOnlyStream
{
    private readonly CancellationTokenSource _idle = new(Timeout.InfiniteTimeSpan, clock);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _idle.CancelAfter(atMost);
        try
        {
            if (!cancellationToken.CanBeCanceled)
                return await inner.ReadAsync(buffer, _idle.Token);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(_idle.Token, cancellationToken);
            return await inner.ReadAsync(buffer, linked.Token);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new AttemptException("broke the connection off in the middle of its answer", mayHaveActed: true, exception);
        }
        catch (InvalidDataException exception)
        {
            throw new AttemptException("sent an answer whose compression is broken", mayHaveActed: true, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AttemptException($"stopped in the middle of its answer for {atMost.TotalSeconds:0.#} seconds", mayHaveActed: true, exception);
        }
        finally
        {
            if (!_idle.IsCancellationRequested)
                _idle.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _idle.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>A body that is handed through: what was looked at of it, then the rest. Its failures are the caller's to see.</summary>
internal sealed class StreamedBody(byte[] head, BodyStream rest, string connection, string what) : ReadOnlyStream
{
    private int _position;

    /// <summary>What happens when it is read to its end or disposed; once.</summary>
    public Action? Ended { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position < head.Length)
        {
            var length = Math.Min(buffer.Length, head.Length - _position);
            head.AsMemory(_position, length).CopyTo(buffer);
            _position += length;
            return length;
        }

        try
        {
            var read = await rest.ReadAsync(buffer, cancellationToken);
            if (read == 0 && buffer.Length > 0)
                End();
            return read;
        }
        catch (AttemptException exception)
        {
            throw new ConnectorException(FailureKind.Transient, $"{connection}: the system {exception.Message} ({what}).", "Run again; what was done is kept.", exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
            End();
        }

        base.Dispose(disposing);
    }

    private void End()
    {
        var ended = Ended;
        Ended = null;
        ended?.Invoke();
    }
}

/// <summary>The content of an answer whose body is handed through.</summary>
internal sealed class StreamedContent : HttpContent
{
    public StreamedContent(StreamedBody body, HttpContentHeaders headers)
    {
        Body = body;
        AnswerHandler.CopyHeaders(headers, Headers);
    }

    public StreamedBody Body { get; }

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(Body);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => Body;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Body.CopyToAsync(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Body.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A stream that is read forward.</summary>
internal abstract class ReadOnlyStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // A reader without await (a CSV parser) may block here: the thread waits for the network, as it does for a disk.
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
