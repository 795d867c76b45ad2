namespace Crm.Integration.Hub.Configuration.Json;

/// <summary>Says the JSON reader's errors in the words of someone who edits a file by hand.</summary>
internal static class SyntaxErrors
{
    /// <summary>A message and what to do.</summary>
    /// <param name="message">The reader's message, with or without the place that it appends.</param>
    public static (string Message, string? Fix) Explain(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var text = (end < 0 ? message : message[..end]).TrimEnd('.', ' ');
        return text switch
        {
            _ when text.Contains("after a value", StringComparison.Ordinal) => ("a comma or a closing bracket is missing before this", "put a comma after the value before it"),
            _ when text.Contains("'''", StringComparison.Ordinal) => ("text stands in double quotes in JSON, not in single ones", "write \"…\""),
            _ when text.Contains("start of a property name", StringComparison.Ordinal) => ("a key is expected here, in double quotes", "put the key into double quotes, and a colon after it"),
            _ when text.Contains("start of a value", StringComparison.Ordinal) => ("a value is expected here", "text stands in double quotes; true, false, null and numbers without"),
            _ when text.Contains("after a property name", StringComparison.Ordinal) => ("a colon is missing between the key and its value", "write \"key\": value"),
            _ when text.Contains("within a JSON string", StringComparison.Ordinal) => ("text runs over the end of the line, or holds a control character", "close it with \" on its own line; write \\n or \\t inside it"),
            _ when text.Contains("escap", StringComparison.OrdinalIgnoreCase) => ("this is not an escape that JSON knows", "write \\\\ for one backslash"),
            _ when text.Contains("end of data", StringComparison.OrdinalIgnoreCase) || text.Contains("open JSON object or array", StringComparison.Ordinal) => ("the file ends too early: a bracket or a quote is not closed", "look for the { or [ without its end"),
            _ when text.Contains("after a single JSON value", StringComparison.Ordinal) => ("there is more text after the end of the JSON", "remove it, or a bracket too many before it"),
            _ when text.Contains("does not contain any JSON tokens", StringComparison.Ordinal) => ("the file is empty", "write {} at least"),
            _ => ($"this is not valid JSON: {text}", null),
        };
    }
}
