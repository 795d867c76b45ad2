using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>The objects of the company. What was learned of one is kept for the connection's life.</summary>
internal sealed class FxiaokeObjects(FxiaokeApi api) : IDisposable
{
    private const int SampleSize = 5;

    private readonly Dictionary<string, FxiaokeObject> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>The names of all objects that are in use.</summary>
    public async Task<IReadOnlyList<(string Name, string? Label)>> ListAsync(CancellationToken cancellationToken)
    {
        var answer = await api.ObjectsAsync(cancellationToken);
        return FxiaokeObject.Member(FxiaokeObject.Member(answer, "data"), "objects") is { ValueKind: JsonValueKind.Array } objects
            ? [.. objects.EnumerateArray()
                .Where(one => FxiaokeObject.Member(one, "isActive").ValueKind != JsonValueKind.False)
                .Select(one => (Name: FxiaokeObject.Text(one, "describeApiName"), Label: FxiaokeObject.Text(one, "describeDisplayName")))
                .Where(one => one.Name is not null)
                .Select(one => (one.Name!, one.Label))]
            : [];
    }

    /// <summary>An object by name, with its fields.</summary>
    /// <exception cref="ConnectorException">There is no such object, or the employee may not see it.</exception>
    public async Task<FxiaokeObject> FindAsync(string name, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_known.TryGetValue(name, out var known))
                _known[name] = known = await LearnAsync(name, cancellationToken);
            return known;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<FxiaokeObject> LearnAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var described = FxiaokeObject.Read(name, await api.DescribeAsync(name, cancellationToken));

            // Descriptions do not tell what the employee may not see.
            return described.SeenIn((await api.QueryAsync(name, [], described.Fields.Keys, SampleSize, cancellationToken, withEmpty: true)).Records);
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.Rejected && exception.Code != "bad-description")
        {
            // Fxiaoke has no code of its own for a name that does not exist; the list tells.
            var all = await ListAsync(cancellationToken);
            if (all.Any(one => one.Name == name))
                throw;
            var near = all.FirstOrDefault(one => one.Label == name || one.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase) || name.StartsWith(one.Name.Replace("Obj", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)).Name;
            throw new ConnectorException(
                FailureKind.Configuration,
                $"Fxiaoke has no object '{name}'.{(near is null ? "" : $" Do you mean {near}?")}",
                "Correct the stream in the pipeline: objects go by their API names, such as AccountObj or device__c, which `hub discover` lists.",
                exception) { Code = "unknown-stream" };
        }
    }
}
