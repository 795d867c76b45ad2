namespace Crm.Integration.Hub.Inbox;

/// <summary>A webhook as programs read it, without its content.</summary>
internal sealed record MessageDocument(
    long Id, string Connection, string Stream, string DeliveryId, DateTimeOffset ReceivedAt, string Method, MessageState State, long Attempts, DateTimeOffset? DoneAt, long? RunId, string? Problem)
{
    /// <summary>A message.</summary>
    public static MessageDocument Of(InboxEntry message) => new(
        message.Id, message.Connection, message.Stream, message.DeliveryId, Instant.Of(message.ReceivedAt), message.Method, message.State, message.Attempts, Instant.Of(message.DoneAt), message.RunId, message.Problem);
}
