using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Fxiaoke;

/// <summary>A kind of record. Those that people made up have names that end in <c>__c</c>, and paths of their own.</summary>
internal sealed class FxiaokeObject(string apiName, string label, IReadOnlyList<Field> fields)
{
    /// <summary>The state of a record: normal, or invalid (in the recycle bin).</summary>
    public const string LifeStatus = "life_status", LifeStatusBefore = "life_status_before_invalid", LockStatus = "lock_status", Owner = "owner";

    public string ApiName { get; } = apiName;
    public string Label { get; } = label;
    public bool IsCustom => ApiName.EndsWith("__c", StringComparison.Ordinal);
    public Table Table { get; } = new(apiName, fields);
}
