using System.Buffers;
using System.Globalization;
using System.Text;
using Crm.Integration.Sandbox.Salesforce.Soql;

namespace Crm.Integration.Sandbox.Salesforce.Bulk;

/// <summary>CSV as the bulk API writes it: every value in quotes, no value as empty quotes, times with a Z.</summary>
internal static class CsvText
{
    public static void Line(IBufferWriter<byte> buffer, IEnumerable<string> values, char delimiter, string lineEnd)
    {
        var first = true;
        foreach (var value in values)
        {
            if (!first)
                Byte(buffer, delimiter);
            first = false;
            Quoted(buffer, value);
        }

        End(buffer, lineEnd);
    }

    public static void Row(IBufferWriter<byte> buffer, SObject row, IReadOnlyList<SoqlPath> columns, char delimiter, string lineEnd)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (i > 0)
                Byte(buffer, delimiter);
            Value(buffer, columns[i].Field, columns[i].Read(row));
        }

        End(buffer, lineEnd);
    }

    public static void End(IBufferWriter<byte> buffer, string lineEnd)
    {
        foreach (var character in lineEnd)
            Byte(buffer, character);
    }

    public static void Byte(IBufferWriter<byte> buffer, char ascii)
    {
        buffer.GetSpan(1)[0] = (byte)ascii;
        buffer.Advance(1);
    }

    public static void Quoted(IBufferWriter<byte> buffer, ReadOnlySpan<char> text)
    {
        // Room for the worst: three bytes a character, every character a quote, and the two around.
        var room = buffer.GetSpan((text.Length * 3) + 2);
        room[0] = (byte)'"';
        var length = 1;
        for (var quote = text.IndexOf('"'); quote >= 0; quote = text.IndexOf('"'))
        {
            length += Encoding.UTF8.GetBytes(text[..(quote + 1)], room[length..]);
            room[length++] = (byte)'"';
            text = text[(quote + 1)..];
        }

        length += Encoding.UTF8.GetBytes(text, room[length..]);
        room[length++] = (byte)'"';
        buffer.Advance(length);
    }

    private static void Value(IBufferWriter<byte> buffer, SField field, object? value)
    {
        Span<char> text = stackalloc char[40];
        var length = 0;
        switch (value)
        {
            case null:
                break;
            case string written:
                Quoted(buffer, written);
                return;
            case bool yes:
                Quoted(buffer, yes ? "true" : "false");
                return;
            case decimal number:
                number.TryFormat(text, out length, field.Type == "int" ? "0" : "0.0###############", CultureInfo.InvariantCulture);
                break;
            case DateTime time:
                // As "o" with milliseconds: the standard form is several times faster than a pattern.
                time.TryFormat(text, out _, "o", CultureInfo.InvariantCulture);
                text[23] = 'Z';
                length = 24;
                break;
            case DateOnly day:
                day.TryFormat(text, out length, "o", CultureInfo.InvariantCulture);
                break;
            default:
                throw new InvalidOperationException($"{field.Name} cannot stand in a CSV.");
        }

        Quoted(buffer, text[..length]);
    }
}
