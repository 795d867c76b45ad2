using System.Diagnostics;
using Crm.Integration.Hub.Logging;
using OpenTelemetry;

namespace Crm.Integration.Hub.Telemetry;

/// <summary>Takes out of a trace what nobody may read, before it is sent: by value and by name, as in the log.</summary>
/// <param name="secrets">What is known of secrets.</param>
internal sealed class TraceRedaction(SecretRedactor secrets) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        // Some are changed while they are gone through.
        foreach (var (name, value) in data.TagObjects.ToList())
        {
            if (SensitiveNames.Covers(name))
                data.SetTag(name, SecretRedactor.Mask);
            else if (value is string text && Clean(text) is var clean && clean != text)
                data.SetTag(name, clean);
        }

        data.DisplayName = Clean(data.DisplayName);
        if (data.StatusDescription is { } description)
            data.SetStatus(data.Status, Clean(description));
    }

    private string Clean(string text) => PersonalText.Mask(secrets.Redact(text));
}
