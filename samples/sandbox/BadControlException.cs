namespace Crm.Integration.Sandbox;

/// <summary>The control API was asked for something it cannot do; answered 422 with the message.</summary>
internal sealed class BadControlException(string message) : Exception(message);
