using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Crm.Integration.Hub.Configuration.Json;

/// <summary>Reads a configuration file to a tree that knows its places. Comments and trailing commas are allowed.</summary>
internal static class ConfigReader
{
    // No real configuration comes near it; a data file put into the wrong folder does.
    private const long MaxBytes = 4 * 1024 * 1024;

    private static readonly JsonReaderOptions s_options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a file.</summary>
    /// <param name="folder">The hub folder.</param>
    /// <param name="file">The file, relative to it, with forward slashes.</param>
    /// <param name="problems">What is wrong with it is added here.</param>
    /// <returns>The tree, or null when there is none to go on with.</returns>
    public static ConfigNode? ReadFile(string folder, string file, ConfigProblems problems)
    {
        byte[] bytes;
        try
        {
            var path = Path.Combine(folder, file);
            if (new FileInfo(path).Length > MaxBytes)
            {
                problems.Add(file, $"the file is larger than {MaxBytes / 1024 / 1024} MB, more than any configuration needs", "if it holds data, move it out of the configuration");
                return null;
            }

            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(file, $"the file cannot be read: {e.Message}", "give the account that runs the hub the right to read it");
            return null;
        }

        return Read(file, bytes, problems);
    }

    /// <summary>Reads the bytes of a file.</summary>
    public static ConfigNode? Read(string file, ReadOnlyMemory<byte> utf8, ConfigProblems problems)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        if (utf8.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || utf8.Span.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            problems.Add(file, "the file is encoded as UTF-16", "save it as UTF-8");
            return null;
        }

        var document = new ConfigDocument(file, utf8);
        if (FirstInvalid(utf8.Span) is { } invalid)
        {
            problems.Add(document, invalid, "this byte is not valid UTF-8", "save the file as UTF-8");
            return null;
        }

        var reader = new Utf8JsonReader(utf8.Span, s_options);
        try
        {
            if (!reader.Read())
                throw new JsonException("the file is empty", null, 0, 0);
            var root = ReadNode(ref reader, document, problems);
            reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            var (message, fix) = SyntaxErrors.Explain(e.Message);
            problems.Add(document, document.Offset(e.LineNumber ?? 0, e.BytePositionInLine ?? 0), message, fix);
            return null;
        }
    }

    private static ConfigNode ReadNode(ref Utf8JsonReader reader, ConfigDocument document, ConfigProblems problems)
    {
        var offset = (int)reader.TokenStartIndex;
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader, document, offset, problems),
            JsonTokenType.StartArray => ReadList(ref reader, document, offset, problems),
            JsonTokenType.String => new(document, ConfigKind.Text, offset) { Text = TextOf(ref reader, document, problems) },
            JsonTokenType.Number => new(document, ConfigKind.Number, offset) { Text = Encoding.UTF8.GetString(reader.ValueSpan) },
            JsonTokenType.True => new(document, ConfigKind.True, offset),
            JsonTokenType.False => new(document, ConfigKind.False, offset),
            _ => new(document, ConfigKind.Null, offset),
        };
    }

    private static ConfigNode ReadObject(ref Utf8JsonReader reader, ConfigDocument document, int offset, ConfigProblems problems)
    {
        List<ConfigMember> members = [];
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var at = (int)reader.TokenStartIndex;
            var name = TextOf(ref reader, document, problems);
            reader.Read();
            var value = ReadNode(ref reader, document, problems);
            if (seen.TryAdd(name, at))
                members.Add(new(name, at, value));
            else
                problems.Add(document, at, $"'{name}' stands here twice; it is on line {document.At(seen[name]).Line} already", "keep one of the two");
        }

        return new(document, ConfigKind.Object, offset) { Members = members };
    }

    private static ConfigNode ReadList(ref Utf8JsonReader reader, ConfigDocument document, int offset, ConfigProblems problems)
    {
        List<ConfigNode> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(ReadNode(ref reader, document, problems));
        return new(document, ConfigKind.List, offset) { Items = items };
    }

    private static string TextOf(ref Utf8JsonReader reader, ConfigDocument document, ConfigProblems problems)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            problems.Add(document, (int)reader.TokenStartIndex, "a \\u escape in this text is one half of a character", "write the character itself");
            return "";
        }
    }

    private static int? FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        for (var at = 0; at < utf8.Length;)
        {
            if (Rune.DecodeFromUtf8(utf8[at..], out _, out var length) != OperationStatus.Done)
                return at;
            at += length;
        }

        return null;
    }
}
