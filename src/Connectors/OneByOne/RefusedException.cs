using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.OneByOne;

/// <summary>One write is not to be carried out; leads from wherever that shows to its answer.</summary>
internal sealed class RefusedException(WriteOutcome outcome) : Exception(outcome.Message)
{
    public WriteOutcome Outcome { get; } = outcome;
}
