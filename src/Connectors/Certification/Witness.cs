using System.Collections.Concurrent;
using System.Reflection;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Certification;

/// <summary>Hears all that a connector says - traces, errors, cursors, names in memory - and knows what must not be among it.</summary>
internal sealed class Witness
{
    // A trace line a call adds up; beyond this a leak would have shown many times.
    private const int Most = 200_000;

    private readonly ConcurrentDictionary<(string Where, string Text), bool> _heard = new();
    private readonly ConcurrentDictionary<string, string> _hidden = new(StringComparer.Ordinal);

    /// <summary>Stands in every text that users and pushes write during the certification, like a name that nobody else has.</summary>
    public string Canary { get; } = "Zeisig" + Guid.NewGuid().ToString("N")[..10];

    public Witness() => Hide(Canary, "personal data");

    public void Hide(string secret, string what)
    {
        // What is shorter stands in other words by chance.
        if (secret.Length >= 6)
            _hidden.TryAdd(secret, what);
    }

    public void HideSecretsOf(object settings)
    {
        foreach (var property in settings.GetType().GetProperties().Where(property => property.GetCustomAttribute<SecretAttribute>() is not null))
        {
            if (property.GetValue(settings) is string secret)
                Hide(secret, $"the secret setting {property.Name}");
        }
    }

    public void Hear(string where, string? text)
    {
        if (!string.IsNullOrEmpty(text) && _heard.Count < Most)
            _heard.TryAdd((where, text), true);
    }

    public void Hear(string where, Exception exception)
    {
        for (var each = exception; each is not null; each = each.InnerException)
            Hear(where, each.Message);
        if (exception is ConnectorException { Fix: var fix })
            Hear(where, fix);
    }

    /// <summary>What was said and must not have been; never with the secret itself.</summary>
    public IReadOnlyList<string> Leaks() =>
    [
        .. _hidden.SelectMany(hidden => _heard.Keys.Where(heard => heard.Text.Contains(hidden.Key, StringComparison.Ordinal)).Select(heard => $"{hidden.Value} stands in {heard.Where}")).Distinct().Order(StringComparer.Ordinal),
    ];
}
