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
        bool Says(string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
        return text switch
        {
            _ when text.StartsWith("'''", StringComparison.Ordinal) => ("text stands in double quotes in JSON, not in single ones", "write \"…\""),
            _ when Says("invalid after a value") => ("a comma or a closing bracket is missing before this", "put a comma after the value before it"),
            _ when Says("start of a property name") => ("a key is expected here, in double quotes", "put the key into double quotes, and a colon after it"),
            _ when Says("start of a value") => ("a value is expected here", "text stands in double quotes; true, false, null and numbers without"),
            _ when Says("after a property name") => ("a colon is missing between the key and its value", "write \"key\": value"),
            _ when Says("invalid escapable character") => ("this is not an escape that JSON knows", "write \\\\ for one backslash"),
            _ when Says("within a JSON string") => ("text runs over the end of the line, or holds a control character", "close it with \" on its own line; write \\n or \\t inside it"),
            _ when Says("after a single JSON value") => ("there is more text after the end of the JSON", "remove it, or a bracket too many before it"),
            _ when Says("reached end of data") || Says("open JSON object or array") => ("the file ends too early: a bracket, a quote or a comment is not closed", "look for the { or [ without its end"),
            _ when Says("does not contain any JSON tokens") => ("the file is empty", "write {} at least"),
            _ when Says("invalid JSON literal") => ("only true, false, null and numbers stand without quotes", "put text into double quotes"),
            _ when Says("number") || Says("leading zero") => ("this is not a number as JSON writes it", "digits, a dot, no leading zeros; put anything else into double quotes"),
            _ => ($"this is not valid JSON: {text}", null),
        };
    }
}
