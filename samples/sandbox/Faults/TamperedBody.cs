namespace Crm.Integration.Sandbox.Faults;

/// <summary>A response body that does not reach the caller as it was written.</summary>
internal abstract class TamperedBody : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>All has been written that will be.</summary>
    public virtual Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are written asynchronously.");

    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>The answer is lost: all is written, nothing arrives.</summary>
internal sealed class SwallowingBody : TamperedBody
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}

/// <summary>The answer arrives in small pieces, with a pause after each.</summary>
internal sealed class DrippingBody(Stream body, int bytes, TimeSpan pause, TimeProvider clock) : TamperedBody
{
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var start = 0; start < buffer.Length; start += bytes)
        {
            await body.WriteAsync(buffer.Slice(start, Math.Min(bytes, buffer.Length - start)), cancellationToken);
            await body.FlushAsync(cancellationToken);
            await Task.Delay(pause, clock, cancellationToken);
        }
    }
}

/// <summary>The answer stops half-way; one that is longer than what is held back stops after that much.</summary>
internal sealed class CutBody(Stream body) : TamperedBody
{
    private const int Held = 64 * 1024;
    private readonly MemoryStream _head = new();
    private bool _cut;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_cut)
            return;

        _head.Write(buffer.Span[..(int)Math.Min(buffer.Length, Held - _head.Length)]);
        if (_head.Length < Held)
            return;

        _cut = true;
        await body.WriteAsync(_head.GetBuffer().AsMemory(0, Held), cancellationToken);
    }

    public override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (!_cut)
            await body.WriteAsync(_head.GetBuffer().AsMemory(0, (int)_head.Length / 2), cancellationToken);
        await body.FlushAsync(cancellationToken);
    }
}
