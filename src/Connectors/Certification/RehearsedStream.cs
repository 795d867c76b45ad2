using System.Diagnostics.CodeAnalysis;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>The stream on which a connector is rehearsed: people, in most systems.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IdField">The field with the system's own id of a record.</param>
/// <param name="WriteKey">The field by which a push finds records; may be the same.</param>
/// <param name="Fields">Some fields that are written and read back, of every type that the stream has; a text that is not required among them.</param>
[SuppressMessage("Naming", "CA1711", Justification = "A stream is the hub's word for one kind of thing that a connection offers.")]
public sealed record RehearsedStream(string Name, string IdField, string WriteKey, IReadOnlyList<RehearsedField> Fields)
{
    /// <summary>The field by which it is pulled incrementally; null when that is not possible.</summary>
    public string? CursorField { get; init; }

    /// <summary>Another stream of the system, which is broken to see whether it hides this one.</summary>
    public string? OtherStream { get; init; }

    /// <summary>A number of records beyond which the system pages in another way; 0 for none.</summary>
    public int PagingLimit { get; init; }

    /// <summary>Whether the system refuses a whole batch for one bad record.</summary>
    public bool BatchIsAtomic { get; init; }

    /// <summary>Whether every field takes any text, whatever its values look like.</summary>
    public bool IsUntyped { get; init; }

    /// <summary>How fine the system's versions are: two changes further apart have different ones.</summary>
    public TimeSpan VersionPrecision { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Whether only a record that exists can be locked: in some systems a create can meet a lock as well.</summary>
    public bool LocksExistingOnly { get; init; }

    /// <summary>The settings, as in a connection file, that tell a genuine webhook from another.</summary>
    public IReadOnlyList<string> WebhookSecrets { get; init; } = [];

    /// <summary>Whether a refusal for too many requests says how long to wait.</summary>
    public bool RefusalsSayHowLong { get; init; } = true;

    /// <summary>Whether webhooks carry a signature over their body; without one only a shared secret is checked.</summary>
    public bool SignsWebhooks { get; init; }

    /// <summary>The free text that users and pushes edit in the checks.</summary>
    public RehearsedField EditField => Fields.FirstOrDefault(each => !each.Required && each.Sample(0).Kind == ValueKind.Text) ?? Fields[0];
}

/// <summary>A field of a rehearsed stream.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sample">A fitting value, different for each number.</param>
public sealed record RehearsedField(string Name, Func<int, Value> Sample)
{
    /// <summary>Whether the system demands a value.</summary>
    public bool Required { get; init; }

    /// <summary>The longest text that the system takes; null where it sets no limit.</summary>
    public int? MaxLength { get; init; }
}
