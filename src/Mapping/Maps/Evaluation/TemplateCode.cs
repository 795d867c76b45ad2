using System.Text;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps.Evaluation;

/// <summary>
/// A text with fields filled in. When all fields are empty, so is the whole. An empty field takes one of the separators
/// beside it along (blanks, commas, dashes…): '{street}, {zip} {city}' never gives ", " at an end or two in a row.
/// </summary>
/// <param name="texts">The literal pieces: one before each part and one after the last.</param>
/// <param name="parts">What is filled in.</param>
internal sealed class TemplateCode(string[] texts, Code[] parts) : Code
{
    private const string Separators = " \t\r\n,;/|-–·、，";

    private static readonly char[] s_separators = Separators.ToCharArray();

    [ThreadStatic]
    private static StringBuilder? t_buffer;

    public override Value Run(ReadOnlySpan<Value> values)
    {
        if (parts.Length == 2 && texts[0].Length == 0 && texts[2].Length == 0)
            return Two(values);
        var buffer = t_buffer ?? new StringBuilder();
        // A template inside another one's function must not find the buffer in use.
        t_buffer = null;
        try
        {
            return Fill(values, buffer);
        }
        finally
        {
            if (buffer.Capacity <= 4096)
                t_buffer = buffer.Clear();
        }
    }

    private Value Two(ReadOnlySpan<Value> values)
    {
        var first = parts[0].Run(values);
        var second = parts[1].Run(values);
        return (first.IsEmpty, second.IsEmpty) switch
        {
            (false, false) => Value.Text(string.Concat(first.ToText(), texts[1], second.ToText())),
            (true, true) => Value.Null,
            (false, true) => Value.Text(first.ToText() + texts[1].TrimEnd(s_separators)),
            (true, false) => Value.Text(texts[1].TrimStart(s_separators) + second.ToText()),
        };
    }

    private Value Fill(ReadOnlySpan<Value> values, StringBuilder buffer)
    {
        var filled = 0;
        var pending = ReadOnlySpan<char>.Empty;
        var afterEmpty = false;
        for (var i = 0; i < texts.Length; i++)
        {
            var text = texts[i].AsSpan();
            var core = text.Trim(Separators);
            if (core.IsEmpty)
            {
                pending = afterEmpty && !pending.IsEmpty ? Stronger(pending, text) : text;
            }
            else
            {
                var lead = text[..text.IndexOf(core[0])];
                Separate(buffer, afterEmpty ? Stronger(pending, lead) : lead, i == 0);
                buffer.Append(core);
                pending = text[(lead.Length + core.Length)..];
            }

            if (i == parts.Length)
                break;
            var value = parts[i].Run(values);
            afterEmpty = value.IsEmpty;
            if (afterEmpty)
                continue;
            filled++;
            Separate(buffer, pending, i == 0);
            pending = [];
            buffer.Append(value.ToText());
        }

        if (filled == 0)
            return Value.Null;
        if (!afterEmpty)
            buffer.Append(pending);
        return Value.Text(buffer.ToString());
    }

    // At the beginning a separator is only kept when it was written there.
    private static void Separate(StringBuilder buffer, ReadOnlySpan<char> separator, bool isFirst)
    {
        if (buffer.Length > 0 || isFirst)
            buffer.Append(separator);
    }

    // Of ", " and " " around an empty field the comma says more.
    private static ReadOnlySpan<char> Stronger(ReadOnlySpan<char> a, ReadOnlySpan<char> b) =>
        b.IsWhiteSpace() || (!a.IsWhiteSpace() && a.Length >= b.Length) ? a : b;
}
