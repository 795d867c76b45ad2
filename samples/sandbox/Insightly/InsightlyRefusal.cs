namespace Crm.Integration.Sandbox.Insightly;

/// <summary>A request that Insightly does not take.</summary>
internal sealed class InsightlyRefusal(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    public static InsightlyRefusal Bad(string message) => new(400, message);

    public static InsightlyRefusal Gone() => new(404, "The requested record was not found.");
}
