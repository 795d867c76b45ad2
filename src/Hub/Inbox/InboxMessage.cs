using System.Buffers;

namespace Crm.Integration.Hub.Inbox;

/// <summary>A webhook request on its way into the inbox.</summary>
/// <param name="connection">The connection.</param>
/// <param name="stream">The stream.</param>
/// <param name="deliveryId">What tells it from any other of the connection; null when the sender gives no such thing.</param>
/// <param name="receivedAt">When it came: milliseconds since 1970.</param>
/// <param name="body">The body; given back once the request is stored.</param>
internal sealed class InboxMessage(string connection, string stream, string? deliveryId, long receivedAt, PooledBytes body)
{
    // Together with what is held for it.
    private const int Overhead = 512;

    private readonly TaskCompletionSource<InboxOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The connection.</summary>
    public string Connection => connection;

    /// <summary>The stream.</summary>
    public string Stream => stream;

    /// <summary>What tells it from any other; ids of the hub's own follow each other, so that the index grows at its end.</summary>
    public string DeliveryId { get; } = deliveryId ?? "hub-" + Guid.CreateVersion7().ToString("N");

    /// <summary>When it came: milliseconds since 1970.</summary>
    public long ReceivedAt => receivedAt;

    /// <summary>The HTTP method.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>The headers that reading it needs, as a JSON object.</summary>
    public string Headers { get; init; } = "{}";

    /// <summary>The members of the query that reading it needs, as a JSON object.</summary>
    public string Query { get; init; } = "{}";

    /// <summary>The body.</summary>
    public ReadOnlySpan<byte> Body => body.Span;

    /// <summary>The memory that it takes.</summary>
    public int Size => body.Length + Overhead;

    /// <summary>What became of it.</summary>
    public Task<InboxOutcome> Outcome => _outcome.Task;

    /// <summary>Tells what became of it, and gives its memory back.</summary>
    public void End(InboxOutcome outcome)
    {
        body.Dispose();
        _outcome.TrySetResult(outcome);
    }
}

/// <summary>What became of a webhook request.</summary>
internal enum InboxOutcome
{
    /// <summary>It is durable, now or since an earlier delivery of the same.</summary>
    Stored,

    /// <summary>Too many wait already.</summary>
    Busy,

    /// <summary>The store cannot be written.</summary>
    Failed,
}

/// <summary>Bytes in rented memory. They may be personal, and the memory goes to others afterwards: it is wiped.</summary>
internal sealed class PooledBytes : IDisposable
{
    private byte[] _buffer;

    /// <summary>Room for so many bytes to begin with.</summary>
    public PooledBytes(int room) => _buffer = ArrayPool<byte>.Shared.Rent(room);

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, Length);

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, Length);

    /// <summary>Room for more; what was written there is to be told to <see cref="Advance"/>.</summary>
    public Span<byte> Room(int least)
    {
        if (_buffer.Length - Length < least)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, Length + least));
            Span.CopyTo(larger);
            Return();
            _buffer = larger;
        }

        return _buffer.AsSpan(Length);
    }

    /// <summary>So many bytes more are there.</summary>
    public void Advance(int count) => Length += count;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length == 0)
            return;
        Return();
        _buffer = [];
        Length = 0;
    }

    private void Return()
    {
        Array.Clear(_buffer, 0, Length);
        ArrayPool<byte>.Shared.Return(_buffer);
    }
}
