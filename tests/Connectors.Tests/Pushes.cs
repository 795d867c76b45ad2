using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests;

/// <summary>Pushes in a few words.</summary>
internal static class Pushes
{
    public static Write Create(long id, params Value[] values) => new(id, WriteKind.Create, values[0].ToText() ?? "", values, [.. values.Select(_ => true)]);

    public static Write Update(long id, bool[] changed, params Value[] values) => new(id, WriteKind.Update, values[0].ToText() ?? "", values, changed);

    public static Write Delete(long id, string key) => new(id, WriteKind.Delete, key, [], []);

    public static Task<List<WriteOutcome>> PushAsync(this IConnection connection, string stream, string fields, params Write[] writes) =>
        connection.PushAsync(new PushRequest(stream, fields.Split(',')[0], fields.Split(',')), writes);

    public static async Task<List<WriteOutcome>> PushAsync(this IConnection connection, PushRequest request, IEnumerable<Write> writes)
    {
        var outcomes = new List<WriteOutcome>();
        await foreach (var outcome in connection.PushAsync(request, Stream(writes), TestContext.Current.CancellationToken))
            outcomes.Add(outcome);
        return outcomes;
    }

    public static async IAsyncEnumerable<Write> Stream(IEnumerable<Write> writes)
    {
        foreach (var write in writes)
        {
            await Task.Yield();
            yield return write;
        }
    }
}
