using Crm.Integration.Hub.Configuration.Settings;

namespace Crm.Integration.Hub.Alerts;

/// <summary>Something that is not as it should be, for as long as it is so. Holds no personal data and no secrets.</summary>
/// <param name="Key">What it is, always the same for the same trouble: "run:zoho-contacts".</param>
/// <param name="Severity">How bad.</param>
/// <param name="Title">One line: which pipeline or part, and what: "zoho-contacts failed".</param>
/// <param name="Text">What happened, in a sentence or two.</param>
/// <param name="Fix">What to do, with the command to run.</param>
internal sealed record Condition(string Key, AlertSeverity Severity, string Title, string Text, string Fix);
