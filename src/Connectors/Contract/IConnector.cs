namespace Crm.Integration.Connectors.Contract;

/// <summary>Speaks one kind of system: says what it is, and opens configured accounts of it. Stateless.</summary>
public interface IConnector
{
    /// <summary>What the connector is and can do.</summary>
    ConnectorDeclaration Declaration { get; }

    /// <summary>Opens a configured account. Contacts nothing yet: a wrong password shows at <see cref="IConnection.CheckAsync"/>.</summary>
    /// <param name="settings">An instance of <see cref="ConnectorDeclaration.SettingsType"/>, already validated.</param>
    /// <param name="context">What the hub lends to the connection.</param>
    IConnection Open(object settings, ConnectionContext context);
}

/// <summary>What the hub lends to a connection.</summary>
/// <param name="Name">The connection's name: the name of its file under <c>connections/</c>.</param>
/// <param name="HubFolder">The absolute path of the hub folder; relative paths in settings start there.</param>
/// <param name="Clock">The time.</param>
public sealed record ConnectionContext(string Name, string HubFolder, TimeProvider Clock);

/// <summary>What a connector is and can do: shown by <c>hub connectors</c>, checked by the contract suite.</summary>
public sealed record ConnectorDeclaration
{
    /// <summary>Its name in configuration, kebab-case: <c>csv</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence: what it speaks to.</summary>
    public required string Summary { get; init; }

    /// <summary>
    /// A sealed record whose init properties are the settings of a connection; each carries a
    /// <see cref="System.ComponentModel.DescriptionAttribute"/>, its default as initialiser, ranges as
    /// <see cref="System.ComponentModel.DataAnnotations.RangeAttribute"/>, secrets as <see cref="SecretAttribute"/>.
    /// </summary>
    public required Type SettingsType { get; init; }

    /// <summary>What it can do.</summary>
    public required ConnectorCapabilities Capabilities { get; init; }

    /// <summary>How a record that is gone in the source shows.</summary>
    public required DeleteStrategy Deletes { get; init; }

    /// <summary>Whether a create whose answer was lost may be sent again without making a second record.</summary>
    public required bool IdempotentCreate { get; init; }
}

/// <summary>What a connector can do.</summary>
[Flags]
public enum ConnectorCapabilities
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Gives its records.</summary>
    Pull = 1,

    /// <summary>Gives only what changed since a cursor.</summary>
    IncrementalPull = 2,

    /// <summary>Takes records.</summary>
    Push = 4,

    /// <summary>Lists its streams and their fields.</summary>
    Discover = 8,
}

/// <summary>How a record that is gone in the source shows.</summary>
public enum DeleteStrategy
{
    /// <summary>It does not: records are never seen to be gone.</summary>
    None,

    /// <summary>A complete snapshot no longer has it.</summary>
    AbsentFromSnapshot,

    /// <summary>The source reports it.</summary>
    Reported,
}

/// <summary>Marks a setting as secret: it is given by reference, redacted everywhere, and never exported.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
