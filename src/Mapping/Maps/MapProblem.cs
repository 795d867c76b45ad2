namespace Crm.Integration.Mapping.Maps;

/// <summary>An error in an expression, found when it is compiled.</summary>
/// <param name="Offset">Where in the expression's text it begins, counted from 0 in characters.</param>
/// <param name="Length">How many characters are at fault; at least 1, even at the end of the text.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What to do: the nearest valid spelling, the arguments a function takes. May be null.</param>
public sealed record MapProblem(int Offset, int Length, string Message, string? Fix = null);
