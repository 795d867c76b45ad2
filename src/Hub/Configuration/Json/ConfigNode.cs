using System.Text;

namespace Crm.Integration.Hub.Configuration.Json;

/// <summary>What a node of a configuration file is.</summary>
internal enum ConfigKind
{
    Null,
    True,
    False,
    Number,
    Text,
    List,
    Object,
}

/// <summary>A value in a configuration file that knows where it stands.</summary>
/// <param name="document">Its file.</param>
/// <param name="kind">What it is.</param>
/// <param name="offset">The offset of its first byte; for text that of the opening quote.</param>
internal sealed class ConfigNode(ConfigDocument document, ConfigKind kind, int offset)
{
    public ConfigDocument Document { get; } = document;

    public ConfigKind Kind { get; } = kind;

    public int Offset { get; } = offset;

    /// <summary>The text without quotes and escapes, or the number as written; otherwise empty.</summary>
    public string Text { get; init; } = "";

    /// <summary>What messages may show: the text, or the reference that gave it.</summary>
    public string Shown => Reference ?? Text;

    public IReadOnlyList<ConfigMember> Members { get; init; } = [];

    public IReadOnlyList<ConfigNode> Items { get; init; } = [];

    /// <summary>
    /// The text as written, <c>${env:NAME}</c>, when <see cref="Text"/> came from outside: that may be a secret, and no message shows it.
    /// </summary>
    public string? Reference { get; init; }

    /// <summary>The member of a name, or null.</summary>
    public ConfigNode? this[string name]
    {
        get
        {
            foreach (var member in Members)
            {
                if (member.Name == name)
                    return member.Value;
            }

            return null;
        }
    }

    /// <summary>The offset of a character of <see cref="Text"/> in the file: escapes are longer there than what they stand for.</summary>
    public int OffsetOf(int character)
    {
        if (Kind != ConfigKind.Text || Reference is not null)
            return Offset;

        var bytes = Document.Utf8.Span;
        var at = Offset + 1;
        for (var passed = 0; passed < character && at < bytes.Length && bytes[at] != (byte)'"';)
        {
            if (bytes[at] == (byte)'\\')
            {
                at += at + 1 < bytes.Length && bytes[at + 1] == (byte)'u' ? 6 : 2;
                passed++;
            }
            else
            {
                _ = Rune.DecodeFromUtf8(bytes[at..], out var rune, out var length);
                at += length;
                passed += rune.Utf16SequenceLength;
            }
        }

        return at;
    }

    /// <summary>What it is, in words, for messages.</summary>
    public string Describe() => Kind switch
    {
        ConfigKind.Null => "null",
        ConfigKind.True or ConfigKind.False => "true or false",
        ConfigKind.Number => "a number",
        ConfigKind.Text => "text",
        ConfigKind.List => "a list",
        _ => "an object",
    };
}

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">The offset of the name's opening quote.</param>
/// <param name="Value">Its value.</param>
internal sealed record ConfigMember(string Name, int Offset, ConfigNode Value);
