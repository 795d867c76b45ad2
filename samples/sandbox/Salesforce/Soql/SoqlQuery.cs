namespace Crm.Integration.Sandbox.Salesforce.Soql;

/// <summary>A query as it was written, names not yet looked up.</summary>
/// <param name="Select">The paths asked for; empty when records are only counted.</param>
/// <param name="From">The object.</param>
/// <param name="Where">The condition; null takes all.</param>
/// <param name="OrderBy">The order.</param>
/// <param name="Limit">The most records; null all.</param>
/// <param name="Offset">How many to leave out first.</param>
internal sealed record SoqlQuery(IReadOnlyList<string> Select, string From, SoqlCondition? Where, IReadOnlyList<SoqlOrder> OrderBy, int? Limit, int Offset);

internal sealed record SoqlOrder(string Path, bool Descending, bool? NullsLast);

internal abstract record SoqlCondition;

internal sealed record SoqlAnd(SoqlCondition Left, SoqlCondition Right) : SoqlCondition;

internal sealed record SoqlOr(SoqlCondition Left, SoqlCondition Right) : SoqlCondition;

internal sealed record SoqlNot(SoqlCondition Of) : SoqlCondition;

/// <summary>A field against one value, or several for the operators that take a list.</summary>
internal sealed record SoqlTest(string Path, string Operator, IReadOnlyList<SoqlLiteral> Values) : SoqlCondition;

/// <summary>A value as written.</summary>
/// <param name="Kind">What it is by its form.</param>
/// <param name="Value">A string, decimal, bool, DateOnly or DateTime; null for null.</param>
internal sealed record SoqlLiteral(SoqlLiteralKind Kind, object? Value);

internal enum SoqlLiteralKind
{
    Null,
    Text,
    Number,
    Boolean,
    Date,
    DateTime,
}
