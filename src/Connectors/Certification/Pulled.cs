using System.Diagnostics.CodeAnalysis;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>What a pull gave.</summary>
internal sealed record Pulled(IReadOnlyList<Page> Pages, ConnectorException? Failure, RehearsedStream Stream)
{
    public IEnumerable<SourceRow> Rows => Pages.SelectMany(page => page.Rows);

    /// <summary>Rows with a record in them.</summary>
    public IEnumerable<SourceRow> Records => Rows.Where(row => row is { IsDelete: false, IsSighting: false, Fault: null });

    public IEnumerable<string> Ids => Records.Select(Id);

    public string? Cursor => Pages.LastOrDefault(page => page.Cursor is not null)?.Cursor;

    public bool IsComplete => Pages.Any(page => page.CompletesSnapshot);

    public string Id(SourceRow row) => row[Stream.IdField].ToText() ?? throw new CheckFailedException($"a row has no {Stream.IdField}");

    /// <summary>All that a row holds, to compare by.</summary>
    public static string Content(SourceRow row) =>
        string.Join('|', row.Shape.Names.Select(name => (name, Text: row[name].ToText())).Where(field => field.Text is not null).OrderBy(field => field.name, StringComparer.Ordinal).Select(field => $"{field.name}={field.Text}"))
        + (row.IsDelete ? "|gone" : "") + (row.IsSighting ? "|seen" : "");

    /// <summary>Which record of which state: what the hub compares a row by.</summary>
    public IEnumerable<string> Contents => Rows.Select(Content);
}

/// <summary>What a push answered.</summary>
internal sealed record Pushed(IReadOnlyList<WriteOutcome> Outcomes, ConnectorException? Failure)
{
    /// <summary>The outcomes, when each write has exactly one and all are durable.</summary>
    public Pushed AllDone(int writes)
    {
        if (Failure is not null)
            throw Failure;
        AnsweredOnce(Enumerable.Range(1, writes).Select(n => (long)n));
        if (Outcomes.FirstOrDefault(outcome => outcome.Failure is not null) is { } refused)
            throw new CheckFailedException($"a write was refused: {refused.Failure} {refused.Fault} {refused.Code}: {refused.Message}");
        return this;
    }

    public Pushed AnsweredOnce(IEnumerable<long> writes)
    {
        Expect.Same(writes.Select(id => $"write {id}"), Outcomes.Select(outcome => $"write {outcome.Id}"), "answers to writes");
        return this;
    }

    public WriteOutcome this[long id] => Outcomes.FirstOrDefault(outcome => outcome.Id == id) ?? throw new CheckFailedException($"write {id} has no answer");

    public bool Done(long id, [NotNullWhen(true)] out WriteOutcome? outcome) => (outcome = Outcomes.FirstOrDefault(each => each.Id == id && each.Failure is null)) is not null;
}
