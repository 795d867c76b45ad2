using Crm.Integration.Sandbox.Faults;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>What the integration user may see: fields can be dropped from an object, or hidden by rights. To the API both look alike.</summary>
internal sealed class Visibility(FaultBoard faults)
{
    private readonly HashSet<(string Stream, string Field)> _unseen =
        [.. faults.StandingAll("hide-field").Concat(faults.StandingAll("drop-field")).Select(fault => ((fault.Stream ?? "").ToUpperInvariant(), (fault.Field ?? "").ToUpperInvariant()))];

    public bool Sees(SObjectType type) => _unseen.Count == 0 || !_unseen.Contains((type.Name.ToUpperInvariant(), ""));

    public bool Sees(SObjectType type, SField field) => _unseen.Count == 0 || !_unseen.Contains((type.Name.ToUpperInvariant(), field.Name.ToUpperInvariant()));
}
