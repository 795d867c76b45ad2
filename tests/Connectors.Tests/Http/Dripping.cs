namespace Crm.Integration.Connectors.Tests.Http;

/// <summary>A body that comes in small pieces.</summary>
internal sealed class Dripping(byte[] bytes, int piece) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
}
