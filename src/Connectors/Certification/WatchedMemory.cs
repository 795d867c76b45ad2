using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Certification;

/// <summary>A memory whose open parts the witness hears, and whose writes can be held up.</summary>
internal sealed class WatchedMemory(Witness witness) : IConnectionMemory
{
    private readonly TransientMemory _inner = new();

    /// <summary>Is awaited while a value is on its way to being durable.</summary>
    public Func<Task>? DuringSecretWrite { get; set; }

    public ValueTask<string?> ReadAsync(string name, CancellationToken cancellationToken) => _inner.ReadAsync(name, cancellationToken);

    public async ValueTask WriteAsync(string name, string? value, bool secret, CancellationToken cancellationToken)
    {
        witness.Hear("a name in its memory", name);
        if (name.Length > 200)
            throw new CheckFailedException($"a name in the connection's memory has {name.Length} characters; at most 200 are allowed");
        if (!secret)
            witness.Hear("its memory, not marked as secret", value);
        else if (DuringSecretWrite is { } during)
            await during();
        await _inner.WriteAsync(name, value, secret, cancellationToken);
    }

    public ValueTask<IAsyncDisposable> LeaseAsync(string name, TimeSpan atMost, CancellationToken cancellationToken)
    {
        witness.Hear("the name of a lease", name);
        return _inner.LeaseAsync(name, atMost, cancellationToken);
    }
}
