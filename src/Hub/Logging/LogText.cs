using System.Globalization;
using Serilog.Events;
using Serilog.Parsing;

namespace Crm.Integration.Hub.Logging;

/// <summary>The message of a log event, with texts as they are: quoted and escaped ones read badly, and hide secrets from the redactor.</summary>
internal static class LogText
{
    public static string Of(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is PropertyToken property && logEvent.Properties.TryGetValue(property.PropertyName, out var value) && value is ScalarValue { Value: string plain })
                text.Write(plain);
            else
                token.Render(logEvent.Properties, text, CultureInfo.InvariantCulture);
        }

        return text.ToString();
    }
}
