using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>
/// Computes golden records: a pure function of the members and the rules. The order of the members does not matter, and
/// the same members give the same bytes.
/// <para>
/// Fields of a group (a name, an address) come from one member together. A list is the union of the members' lists,
/// its primary value (<c>email</c> of <c>emails[]</c>) first. Consent is restrictive and notes are the longest unless the settings say otherwise.
/// A name that is written in one field only (<c>name.full</c>) loses against one with given and family name, whatever the rule but priority.
/// What the connection <c>steward</c> fills wins over every rule: an address as a whole, a name field by field.
/// </para>
/// </summary>
public sealed class Survivor
{
    /// <summary>The connection of corrections by hand.</summary>
    public const string Steward = "steward";

    private readonly EntityType _type;
    private readonly Choice[] _choices;
    private readonly ListChoice[] _lists;

    /// <summary>A survivor for an entity.</summary>
    /// <param name="type">The entity.</param>
    /// <param name="settings">The rules.</param>
    /// <exception cref="ArgumentException">The settings name a field that the entity does not have, or a rule that does not suit it; see <see cref="Problems"/>.</exception>
    public Survivor(EntityType type, SurvivorshipSettings settings)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(settings);
        if (Problems(type, settings) is [var problem, ..])
            throw new ArgumentException($"survivorship of '{type.Name}', {problem.Property}: {problem.Message}", nameof(settings));
        _type = type;
        (_choices, _lists) = SurvivorPlan.For(type, settings);
        Fingerprint = SurvivorPlan.Fingerprint(type, settings);
    }

    /// <summary>The hash of all that decides what is made of members: the rules, the fields, and the version of this code.</summary>
    public ulong Fingerprint { get; }

    /// <summary>What is wrong with rules for an entity; empty when they can be used.</summary>
    /// <param name="type">The entity.</param>
    /// <param name="settings">The rules.</param>
    public static IReadOnlyList<SurvivorshipProblem> Problems(EntityType type, SurvivorshipSettings settings) => SurvivorshipProblem.Find(type, settings);

    /// <summary>The fields that a correction by hand of one of them touches: an address as a whole, a name field by field, others alone.</summary>
    /// <param name="name">A field, or a group.</param>
    /// <returns>Empty when the entity has no such field or group.</returns>
    public IReadOnlyList<EntityField> CorrectedTogether(string name)
    {
        var field = _type.Find(name);
        if (field is null)
            return [.. _type.Fields.Where(each => each.Group == name)];
        var choice = Array.Find(_choices, choice => Array.IndexOf(choice.Ordinals, field.Ordinal) >= 0);
        return choice is null || choice.Name is not null ? [field] : choice.Fields;
    }

    /// <summary>The golden record of some members.</summary>
    /// <param name="members">At least one.</param>
    public EntityRecord Merge(IReadOnlyList<Member> members)
    {
        Demand(members);
        if (members.Count == 1)
            return Alone(members[0].Record);

        var golden = new EntityRecord(_type);
        foreach (var choice in _choices)
        {
            var winner = choice.Winner(members);
            if (winner < 0)
                continue;
            var record = members[winner].Record;
            foreach (var ordinal in choice.Ordinals)
                golden[ordinal] = choice.ValueOf(record, ordinal);
            if (choice.Name is { } name)
                name.Correct(golden, members);
        }

        foreach (var list in _lists)
            golden[list.Ordinal] = list.Merge(members, golden);
        return golden;
    }

    /// <summary>The golden record, and for each filled field where its value comes from, why, and what else was on offer.</summary>
    /// <param name="members">At least one.</param>
    public GoldenExplanation Explain(IReadOnlyList<Member> members)
    {
        var golden = Merge(members);
        var lineage = new List<FieldLineage>();
        foreach (var choice in _choices)
            Lineage.Add(lineage, choice, golden, members);
        foreach (var list in _lists)
            Lineage.Add(lineage, list, golden, members);
        lineage.Sort((a, b) => a.Field.Ordinal.CompareTo(b.Field.Ordinal));
        return new GoldenExplanation(golden, lineage);
    }

    // Most customers have one source record, and this runs for every one that changes: nearly a copy.
    private EntityRecord Alone(EntityRecord record)
    {
        var golden = new EntityRecord(_type);
        var values = record.Values;
        for (var i = 0; i < values.Length; i++)
        {
            if (!values[i].IsEmpty)
                golden[i] = values[i];
        }

        foreach (var list in _lists)
            list.PutPrimaryFirst(golden);
        return golden;
    }

    private void Demand(IReadOnlyList<Member> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.Count == 0)
            throw new ArgumentException("a golden record has at least one member", nameof(members));
        for (var i = 0; i < members.Count; i++)
        {
            if (!ReferenceEquals(members[i].Record.Type, _type) && members[i].Record.Type.Fields.Count != _type.Fields.Count)
                throw new ArgumentException($"record {members[i].RecordId} is of another version of entity '{_type.Name}'", nameof(members));
        }
    }
}
