using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Hub.Configuration.Init;

/// <summary>
/// A first inbound pipeline for a stream that nobody has mapped yet: a guess from its headers and examples, written so
/// that a person can read it, correct it and keep it. It compiles as it stands.
/// </summary>
internal sealed record PipelineProposal
{
    /// <summary>The name proposed for the pipeline, and so for its file: <c>shop-customers</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The entity that the stream seems to hold.</summary>
    public required string Entity { get; init; }

    /// <summary>The pipeline as commented JSON.</summary>
    public required string PipelineJson { get; init; }

    /// <summary>A first mapping test as JSON, of made-up values: files of configuration are no place for those of real people.</summary>
    public required string TestsJson { get; init; }

    /// <summary>What a person should know before trusting it: guesses, columns left out, no key.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>Proposes a pipeline.</summary>
    /// <param name="stream">The stream as the connection describes it.</param>
    /// <param name="connection">The connection's name.</param>
    /// <param name="country">The country (ISO 3166-1 alpha-2) of phones and postal codes without one, or null when unknown.</param>
    public static PipelineProposal For(StreamDescription stream, string connection, string? country) => throw new NotImplementedException();
}
