namespace Crm.Integration.Mapping.Maps.Syntax;

internal enum TokenKind
{
    End,
    Name,
    QuotedName,
    Text,
    Number,
    Keyword,
    Symbol,
    /// <summary>Already reported; the parser passes over it in silence.</summary>
    Bad,
}

/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where it begins in the expression.</param>
/// <param name="Length">How long it is as written.</param>
/// <param name="Content">Names and symbols as they are; texts with their quotes taken off but doubled quotes and braces still in.</param>
internal readonly record struct Token(TokenKind Kind, int Offset, int Length, string Content)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Content == symbol;

    public bool IsKeyword(string word) => Kind == TokenKind.Keyword && Content == word;

    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text => "a text",
        _ => $"'{Content}'",
    };
}
