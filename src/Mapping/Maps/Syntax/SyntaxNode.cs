using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps.Syntax;

/// <summary>A part of an expression as it was written.</summary>
internal abstract class SyntaxNode(int offset, int length, params ReadOnlySpan<SyntaxNode> children)
{
    public int Offset { get; } = offset;

    public int Length { get; } = length;

    /// <summary>How many nodes stand above each other, this one included: pipes nest to the left without any recursion of the parser.</summary>
    public int Depth { get; } = 1 + Deepest(children);

    public int End => Offset + Length;

    private static int Deepest(ReadOnlySpan<SyntaxNode> nodes)
    {
        var deepest = 0;
        foreach (var node in nodes)
            deepest = Math.Max(deepest, node.Depth);
        return deepest;
    }
}

/// <summary>Where something was wrong and has been reported.</summary>
internal sealed class ErrorNode(int offset, int length) : SyntaxNode(offset, length);

internal sealed class ConstantNode(int offset, int length, Value value) : SyntaxNode(offset, length)
{
    public Value Value { get; } = value;
}

/// <summary>A quoted text: a template unless the place where it stands wants it raw (patterns).</summary>
internal sealed class TextNode(int offset, int length, string raw) : SyntaxNode(offset, length)
{
    /// <summary>Without the quotes around it, with doubled quotes and braces still in.</summary>
    public string Raw { get; } = raw;
}

internal sealed class PathNode(int offset, int length, IReadOnlyList<PathSegment> segments) : SyntaxNode(offset, length)
{
    public IReadOnlyList<PathSegment> Segments { get; } = segments;

    /// <summary>The path as written, without back-ticks.</summary>
    public string Path { get; } = Join(segments, segments.Count);

    /// <summary>The first segments as a path.</summary>
    public static string Join(IReadOnlyList<PathSegment> segments, int count)
    {
        var path = new System.Text.StringBuilder();
        for (var i = 0; i < count; i++)
        {
            if (i > 0 && segments[i].Name is not null)
                path.Append('.');
            path.Append(segments[i]);
        }

        return path.ToString();
    }
}

/// <summary>A step of a path: a member by name, an element by index, or (neither) all elements.</summary>
internal readonly record struct PathSegment(string? Name, int? Index)
{
    public override string ToString() => Name ?? (Index is { } index ? $"[{index}]" : "[]");
}

internal sealed class CallNode(int offset, int length, Token name, IReadOnlyList<SyntaxNode> arguments) : SyntaxNode(offset, length, [.. arguments])
{
    public Token Name { get; } = name;

    /// <summary>With the piped value first.</summary>
    public IReadOnlyList<SyntaxNode> Arguments { get; } = arguments;
}

internal sealed class ListNode(int offset, int length, IReadOnlyList<SyntaxNode> items) : SyntaxNode(offset, length, [.. items])
{
    public IReadOnlyList<SyntaxNode> Items { get; } = items;
}

internal sealed class BinaryNode(string symbol, SyntaxNode left, SyntaxNode right) : SyntaxNode(left.Offset, right.End - left.Offset, left, right)
{
    public string Symbol { get; } = symbol;

    public SyntaxNode Left { get; } = left;

    public SyntaxNode Right { get; } = right;
}

internal sealed class UnaryNode(int offset, string symbol, SyntaxNode operand) : SyntaxNode(offset, operand.End - offset, operand)
{
    public string Symbol { get; } = symbol;

    public SyntaxNode Operand { get; } = operand;
}
