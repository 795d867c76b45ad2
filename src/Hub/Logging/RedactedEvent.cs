using System.Globalization;
using Serilog.Events;
using Serilog.Parsing;

namespace Crm.Integration.Hub.Logging;

/// <summary>A log event as it may be shown: made once for each sink, from the event and what is known of secrets. Nothing else reaches a sink.</summary>
internal sealed class RedactedEvent
{
    private readonly SecretRedactor _secrets;
    private readonly bool _split;

    public RedactedEvent(LogEvent logEvent, SecretRedactor secrets)
    {
        _secrets = secrets;
        var message = Render(logEvent);
        Message = Clean(message);

        // Handed over in two values, a secret is whole only beside its other half.
        var values = logEvent.Properties.Values.OfType<ScalarValue>().Select(scalar => scalar.Value).OfType<string>().ToList();
        _split = Found(message) || (values.Count > 1 && Found(string.Concat(values)));
        Exception = logEvent.Exception is { } exception ? Clean(exception.ToString()) : null;
    }

    /// <summary>The message.</summary>
    public string Message { get; }

    /// <summary>The exception with its stack, or null.</summary>
    public string? Exception { get; }

    /// <summary>A text of the event as it may be shown.</summary>
    /// <param name="name">The property's name.</param>
    /// <param name="text">Its text.</param>
    public string Text(string name, string text) =>
        SensitiveNames.Covers(name) || (_split && _secrets.IsPiece(text)) ? SecretRedactor.Mask : Clean(text);

    private string Clean(string text) => PersonalText.Mask(_secrets.Redact(text));

    private bool Found(string text) => !ReferenceEquals(_secrets.Redact(text), text);

    /// <summary>The message with texts as they are: quoted and escaped ones read badly, and hide secrets from the redactor.</summary>
    private static string Render(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is PropertyToken property && SensitiveNames.Covers(property.PropertyName))
                text.Write(SecretRedactor.Mask);
            else if (token is PropertyToken { PropertyName: var name } && logEvent.Properties.TryGetValue(name, out var value) && value is not ScalarValue { Value: not string })
                text.Write(value is ScalarValue { Value: string plain } ? plain : Masked(value).ToString(null, CultureInfo.InvariantCulture));
            else
                token.Render(logEvent.Properties, text, CultureInfo.InvariantCulture);
        }

        return text.ToString();
    }

    /// <summary>A structure without the values whose names say too much.</summary>
    private static LogEventPropertyValue Masked(LogEventPropertyValue value) => value switch
    {
        StructureValue structure => new StructureValue(structure.Properties.Select(property => new LogEventProperty(property.Name, SensitiveNames.Covers(property.Name) ? new ScalarValue(SecretRedactor.Mask) : Masked(property.Value))), structure.TypeTag),
        DictionaryValue dictionary => new DictionaryValue(dictionary.Elements.Select(pair => KeyValuePair.Create(pair.Key, SensitiveNames.Covers(Convert.ToString(pair.Key.Value, CultureInfo.InvariantCulture) ?? "") ? new ScalarValue(SecretRedactor.Mask) : Masked(pair.Value)))),
        SequenceValue sequence => new SequenceValue(sequence.Elements.Select(Masked)),
        _ => value,
    };
}
