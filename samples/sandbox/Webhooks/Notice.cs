using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Webhooks;

/// <summary>A change that the vendor will tell the outside of.</summary>
/// <param name="Group">Notices of one group may share a request; the stream, or a subscription.</param>
/// <param name="Id">The record.</param>
/// <param name="Change">What happened, in the vendor's word.</param>
internal sealed record Notice(string Group, string Id, string Change)
{
    /// <summary>Where to, when the vendor was told by its own API; null: where the control API said.</summary>
    public Uri? Url { get; init; }

    /// <summary>What the vendor sends of the record as it was then; null where it sends the record as it is when it is sent.</summary>
    public JsonObject? Payload { get; init; }

    /// <summary>An id of the notice itself, the same at every attempt.</summary>
    public Guid Key { get; } = Guid.NewGuid();
}
