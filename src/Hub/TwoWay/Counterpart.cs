using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>
/// A record at the other end of a two-way stream: how it was last seen, and what both ends last agreed on. What they agreed on stands here in two
/// languages, that of the hub and that of the destination, which may cut values off or write them its own way: a change of either side is a change
/// against its own word. Pure.
/// </summary>
internal sealed class Counterpart
{
    // A destination without versions cannot prove that a value is its own doing. After so many writes that came back as something else it is believed to be.
    private const int MostTries = 4;

    /// <summary>Its id at the destination.</summary>
    public required string ExternalId { get; init; }

    /// <summary>Its fields as last pulled; null when it has not come yet.</summary>
    public Dictionary<string, Value>? Seen { get; private set; }

    /// <summary>The version of <see cref="Seen"/>.</summary>
    public string? Version { get; private set; }

    /// <summary>What both ends last agreed on, in the words of the hub; null before they first did.</summary>
    public Dictionary<string, Value>? Sent { get; set; }

    /// <summary>The same in the words of the destination. A field that is missing was written and has not come back.</summary>
    public Dictionary<string, Value> Answered { get; init; } = [];

    /// <summary>The version that the destination answered to the last write; null once it came back.</summary>
    public string? AnsweredVersion { get; private set; }

    /// <summary>Whether a write has not come back yet.</summary>
    public bool Awaits { get; private set; }

    /// <summary>How many writes in a row came back as something else.</summary>
    public int Tries { get; private set; }

    /// <summary>Whether somebody edited it and the outbound pipeline has not looked at it since.</summary>
    public bool Fresh { get; set; }

    /// <summary>The last version that the hub knows of.</summary>
    public string? LatestVersion => AnsweredVersion ?? Version;

    /// <summary>As it was kept.</summary>
    public static Counterpart Restore(
        string externalId, Dictionary<string, Value>? seen, string? version, Dictionary<string, Value>? sent, Dictionary<string, Value> answered, string? answeredVersion, bool awaits, int tries, bool fresh) => new()
        {
            ExternalId = externalId,
            Seen = seen,
            Version = version,
            Sent = sent,
            Answered = answered,
            AnsweredVersion = answeredVersion,
            Awaits = awaits,
            Tries = tries,
            Fresh = fresh,
        };

    /// <summary>Whether both ends have ever agreed on a field.</summary>
    public bool HasBase(string field) => Sent is not null && Sent.ContainsKey(field);

    /// <summary>What the destination says now, as far as the hub knows: of what it wrote, that it was taken.</summary>
    public Value Theirs(string field) =>
        HasBase(field) && !Answered.ContainsKey(field) ? Sent![field]
        : Seen is not null && Seen.TryGetValue(field, out var value) ? value
        : Answered.GetValueOrDefault(field);

    /// <summary>Whether the destination says something else than what was agreed.</summary>
    public bool WasEdited(string field) => HasBase(field) && Answered.TryGetValue(field, out var agreed) && !FieldValues.Same(Theirs(field), agreed);

    /// <summary>Takes in a row of the destination, and tells the hub's own writes from what others did.</summary>
    /// <param name="now">Its fields.</param>
    /// <param name="version">Its version, where it has one.</param>
    public Arrival Arrive(Dictionary<string, Value> now, string? version)
    {
        var same = Seen is not null && now.Count == Seen.Count && now.All(pair => Seen.TryGetValue(pair.Key, out var value) && value == pair.Value);

        // Read before the write was visible: it says nothing about it.
        if (Awaits && same && version is not null && version == Version && version != AnsweredVersion)
            return new Arrival { Counterpart = this };

        var awaited = Awaits;
        var proven = Awaits && AnsweredVersion is not null && version == AnsweredVersion;
        var provable = AnsweredVersion is not null && version is not null;
        var arrival = new Arrival { Counterpart = this, WasAwaited = awaited };
        var foreign = false;
        foreach (var (field, theirs) in now)
        {
            if (!HasBase(field))
                continue;
            var sent = Sent![field];
            if (!Answered.TryGetValue(field, out var agreed))
            {
                var own = proven || FieldValues.Same(theirs, sent);
                foreign |= !own;
                own |= !provable && ((Tries > 0 && FieldValues.Resembles(theirs, sent)) || Tries >= MostTries);
                Answered[field] = own ? theirs : sent;
                if (!own)
                    arrival.Edited.Add(field);
            }
            else if (!FieldValues.Same(theirs, agreed) && (Seen is null || !FieldValues.Same(theirs, Seen.GetValueOrDefault(field))))
            {
                arrival.Edited.Add(field);
            }

            if (FieldValues.Same(theirs, Answered[field]))
            {
                arrival.Agreed.Add(field);
                if (!FieldValues.Same(theirs, sent))
                    arrival.Meant.Add(field, sent);
            }
        }

        arrival.IsWholeEcho = awaited && arrival.Edited.Count == 0 && (proven || AnsweredVersion is null);
        arrival.MustBeKept = !same || version != Version || awaited;
        Tries = !awaited ? Tries : foreign ? Tries + 1 : 0;
        Fresh |= arrival.Edited.Count > 0 || Seen is null || now.Keys.Any(field => !HasBase(field) && !FieldValues.Same(now[field], Seen.GetValueOrDefault(field)));
        (Seen, Version, Awaits, AnsweredVersion) = (now, version, false, null);
        return arrival;
    }

    /// <summary>Both ends say the same of a field, each in its words.</summary>
    public void Agree(string field, Value ours, Value theirs)
    {
        Sent ??= new(StringComparer.Ordinal);
        Sent[field] = ours;
        Answered[field] = theirs;
    }

    /// <summary>The destination has taken fields.</summary>
    /// <param name="written">Field and value.</param>
    /// <param name="version">The version it answered.</param>
    public void Wrote(IEnumerable<(string Field, Value Ours)> written, string? version)
    {
        Sent ??= new(StringComparer.Ordinal);
        foreach (var (field, ours) in written)
        {
            Sent[field] = ours;
            Answered.Remove(field);
        }

        (Awaits, AnsweredVersion) = (true, version);
    }
}

/// <summary>What a row of a two-way stream says about its record.</summary>
internal sealed class Arrival
{
    /// <summary>The record.</summary>
    public required Counterpart Counterpart { get; init; }

    /// <summary>Whether it brought back a write.</summary>
    public bool WasAwaited { get; init; }

    /// <summary>Whether it is nothing but the hub's own write coming back.</summary>
    public bool IsWholeEcho { get; set; }

    /// <summary>Whether anything is to be written down.</summary>
    public bool MustBeKept { get; set; }

    /// <summary>The destination's fields that somebody has edited since it was last seen.</summary>
    public HashSet<string> Edited { get; } = new(StringComparer.Ordinal);

    /// <summary>The destination's fields that say what was agreed.</summary>
    public HashSet<string> Agreed { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of them that the destination writes its own way, with what they stand for.</summary>
    public Dictionary<string, Value> Meant { get; } = new(StringComparer.Ordinal);
}
