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
    public static PipelineProposal For(StreamDescription stream, string connection, string? country)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(connection);
        var remarks = new List<string>();
        var columns = new Columns(stream);
        var key = KeyOf(stream, columns, remarks);
        var map = new MapProposal(columns, country, remarks);
        map.Propose();
        var modified = map.Modified();
        if (map.Map.Count == 0)
            remarks.Add("No column was recognised: fill 'map' by hand; `hub discover` shows the columns with examples.");

        var name = NameOf(connection, stream.Name);
        var left = columns.Left(stream).ToList();
        if (left.Count > 0)
            remarks.Add($"Not mapped: {string.Join(", ", left)}.");
        var rules = RuleProposal.For(map, columns.Entity);
        return new PipelineProposal
        {
            Name = name,
            Entity = columns.Entity,
            PipelineJson = PipelineText.Write(stream, connection, columns.Entity, key, modified, map.Map, rules, left, remarks),
            TestsJson = TestProposal.Write(name, stream, columns, key, map.Map, rules, country),
            Remarks = remarks,
        };
    }

    private static string KeyOf(StreamDescription stream, Columns columns, List<string> remarks)
    {
        var meant = columns.Entity switch
        {
            "order" => columns.All(Meaning.OrderNumber, Meaning.Id),
            "account" => columns.All(Meaning.AccountId, Meaning.CustomerId, Meaning.Id),
            _ => columns.All(Meaning.Id, Meaning.CustomerId),
        };
        bool Identifies(StreamField field) => field.Unique || stream.KeyCandidates.Contains(field.Name);

        // A time never repeats either, but it changes with the record: one bad row in the true key must not make it the key.
        bool CanStandIn(StreamField? field) => field is not null && Columns.IsNameable(field.Name) && field.Type is not (StreamFieldType.Date or StreamFieldType.Instant);
        var best = meant.FirstOrDefault(Identifies)
            ?? stream.KeyCandidates.Select(name => stream.Fields.FirstOrDefault(field => field.Name == name)).FirstOrDefault(CanStandIn)
            ?? stream.Fields.FirstOrDefault(field => field.Unique && CanStandIn(field));
        if (best is not null)
        {
            if (meant.Count > 0 && !meant.Contains(best))
                remarks.Add($"'{meant[0].Name}' reads like the key, but is empty or repeated in places; '{best.Name}' is proposed in its stead.");
            else if (meant.Count == 0)
                remarks.Add($"No column is named like a key; '{best.Name}' is proposed because no value repeats. It must stay the same when the record changes.");
            return columns.Use(best);
        }

        var guess = meant.Count > 0 ? meant[0] : stream.Fields.FirstOrDefault(field => Columns.IsNameable(field.Name));
        if (guess is null)
        {
            remarks.Add("The stream has no column that could be a key: name one under 'from'.");
            return "id";
        }

        remarks.Add($"No column identifies a record for certain; '{guess.Name}' is a guess: rows without it, or with a value that repeats, are quarantined.");
        return columns.Use(guess);
    }

    private static string NameOf(string connection, string stream)
    {
        var stem = stream.Split('/', '\\')[^1];
        if (stem.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            stem = stem[..^3];
        if (stem.LastIndexOf('.') is > 0 and var dot)
            stem = stem[..dot];
        var slug = string.Join('-', HeaderVocabulary.Split(stem));
        return slug.Length == 0 || slug == connection ? connection : $"{connection}-{slug}";
    }
}
