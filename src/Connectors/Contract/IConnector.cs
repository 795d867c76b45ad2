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
public sealed record ConnectionContext(string Name, string HubFolder, TimeProvider Clock)
{
    /// <summary>What the connection remembers from run to run: rotated tokens, running bulk jobs, subscriptions, how much of its quota is used.</summary>
    public IConnectionMemory Memory { get; init; } = new TransientMemory();

    /// <summary>Makes a secret known, so that it is masked wherever it turns up; a connection calls it for every token it is given.</summary>
    public Action<string> Conceal { get; init; } = _ => { };

    /// <summary>Takes a line for the log at its most detailed level: method, path without query, status, time. Never a body.</summary>
    public Action<string> Trace { get; init; } = _ => { };
}

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

    /// <summary>The connector's own version, major.minor.patch; a new major number says that settings or streams are no longer compatible.</summary>
    public string Version { get; init; } = "1.0.0";

    /// <summary>
    /// The hosts that it may contact: exact names, or <c>*.example.com</c> for any name below. Empty for a connector without a network.
    /// A host that the user sets in the connection is allowed besides.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>What is known of streams beforehand; discovery tells the rest.</summary>
    public IReadOnlyList<StreamTraits> Streams { get; init; } = [];

    /// <summary>What the system allows an account, unless its settings say otherwise.</summary>
    public AccountLimits Limits { get; init; } = new();

    /// <summary>For its page in the docs.</summary>
    public ConnectorGuide Guide { get; init; } = new();
}

/// <summary>What is known of a stream without asking the system.</summary>
/// <param name="Name">Its name; <c>*</c> for all that are not named.</param>
public sealed record StreamTraits(string Name)
{
    /// <summary>The field that identifies a record.</summary>
    public string? KeyField { get; init; }

    /// <summary>The field by which it is pulled incrementally; null when that is not possible.</summary>
    public string? CursorField { get; init; }

    /// <summary>The time zone (IANA) of its date-times without an offset; <c>UTC</c> when they carry one or are epochs.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>How its deletes show; null for the connector's.</summary>
    public DeleteStrategy? Deletes { get; init; }

    /// <summary>Whether it takes writes.</summary>
    public bool Writable { get; init; }

    /// <summary>What it is, for people.</summary>
    public string? Summary { get; init; }
}

/// <summary>What a system allows an account. Null where it sets no such limit.</summary>
public sealed record AccountLimits
{
    /// <summary>Requests in each <see cref="Window"/>.</summary>
    public int? RequestsPerWindow { get; init; }

    /// <summary>How long the window of <see cref="RequestsPerWindow"/> is.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Requests at the same time.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Calls or credits in 24 hours.</summary>
    public long? PerDay { get; init; }

    /// <summary>Records in one write request.</summary>
    public int WriteBatch { get; init; } = 1;

    /// <summary>Records in one page of a read.</summary>
    public int ReadPage { get; init; } = 1;

    /// <summary>What <see cref="PerDay"/> counts: calls, credits.</summary>
    public string Unit { get; init; } = "calls";
}

/// <summary>What a person needs to connect a system: the text of the connector's page in the docs.</summary>
public sealed record ConnectorGuide
{
    /// <summary>What to do in the vendor's own screens, step by step, each a sentence or two.</summary>
    public IReadOnlyList<string> Setup { get; init; } = [];

    /// <summary>Rights and scopes that are needed, and what for.</summary>
    public IReadOnlyList<string> Rights { get; init; } = [];

    /// <summary>What is supported.</summary>
    public IReadOnlyList<string> Supported { get; init; } = [];

    /// <summary>What is not, and what to do instead.</summary>
    public IReadOnlyList<string> NotSupported { get; init; } = [];

    /// <summary>A connection file to start from.</summary>
    public string? Example { get; init; }
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

    /// <summary>Takes webhooks: its connections are <see cref="IWebhookConnection"/>s.</summary>
    Webhook = 16,

    /// <summary>Tells of writes to a record that somebody changed meanwhile, instead of writing over it.</summary>
    OptimisticConcurrency = 32,
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

    /// <summary>It is found by a sweep over all ids, from time to time: <see cref="PullRequest.SweepDue"/>.</summary>
    Swept,
}

/// <summary>Marks a setting as secret: it is given by reference, redacted everywhere, and never exported.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
