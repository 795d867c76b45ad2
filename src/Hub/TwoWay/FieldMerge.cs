using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>What becomes of a field at a destination.</summary>
internal enum FieldFate : byte
{
    /// <summary>Nothing: it is as it shall be, as far as was ever agreed.</summary>
    Stays,

    /// <summary>Both ends say the same by now: that is what they agree on from here.</summary>
    Agreed,

    /// <summary>The hub's value is written.</summary>
    Write,

    /// <summary>The hub's value is written over an edit, which is lost there.</summary>
    Overrule,

    /// <summary>The golden record takes the destination's value.</summary>
    Yield,

    /// <summary>A person decides; until then the field is left alone.</summary>
    Ask,
}

/// <summary>A field of a master at a destination, before it is decided what becomes of it.</summary>
/// <param name="Ours">What the hub says.</param>
/// <param name="Theirs">What the destination says.</param>
/// <param name="HasBase">Whether they ever agreed.</param>
/// <param name="OursChanged">Whether the hub says something else than what was agreed.</param>
/// <param name="TheirsChanged">Whether the destination does.</param>
internal readonly record struct FieldSides(Value Ours, Value Theirs, bool HasBase, bool OursChanged, bool TheirsChanged);

/// <summary>Merges a field of three versions: the hub's, the destination's, and what both last agreed on. Pure.</summary>
internal static class FieldMerge
{
    /// <summary>What becomes of a field, without a person and without a policy.</summary>
    /// <param name="sides">The field.</param>
    /// <param name="blank">What an empty value of the hub does.</param>
    /// <param name="golden">Whether the golden record has already taken what the destination says, and the hub only writes it otherwise.</param>
    /// <returns>Null when the policy of conflicts decides.</returns>
    public static FieldFate? Plainly(FieldSides sides, BlankPolicy blank, bool golden)
    {
        if (FieldValues.Same(sides.Ours, sides.Theirs))
            return sides.HasBase && !sides.OursChanged && !sides.TheirsChanged ? FieldFate.Stays : FieldFate.Agreed;
        if (IsKept(sides, blank))
            return FieldFate.Stays;
        if (sides.TheirsChanged)
            return golden ? FieldFate.Write : null;
        return sides.OursChanged || !sides.HasBase ? FieldFate.Write : FieldFate.Stays;
    }

    /// <summary>What becomes of a field that was edited at the destination while the hub says otherwise.</summary>
    /// <param name="policy">The policy of the field.</param>
    /// <param name="oursAt">When the hub's value was changed at its source; null when nobody knows.</param>
    /// <param name="theirsAt">When the destination's was.</param>
    /// <param name="decided">Whether the destination was given its way before, and the golden record says otherwise all the same.</param>
    public static FieldFate ByPolicy(ConflictPolicy policy, DateTimeOffset? oursAt, DateTimeOffset? theirsAt, bool decided) => policy switch
    {
        ConflictPolicy.Ask => FieldFate.Ask,

        // Given its way once; who stands above that, a steward or a rule of the map, has the last word.
        ConflictPolicy.Source => decided ? FieldFate.Overrule : FieldFate.Yield,
        ConflictPolicy.Newest => !decided && theirsAt is not null && (oursAt is null || theirsAt > oursAt) ? FieldFate.Yield : FieldFate.Overrule,
        _ => FieldFate.Overrule,
    };

    /// <summary>Whether the destination keeps a filled field though the hub says otherwise: the setting says so, or they meet for the first time.</summary>
    private static bool IsKept(FieldSides sides, BlankPolicy blank) => !sides.Theirs.IsEmpty && blank switch
    {
        BlankPolicy.OnlyIfEmpty => true,
        BlankPolicy.Ignore => sides.Ours.IsEmpty,
        _ => sides.Ours.IsEmpty && !sides.HasBase,
    };
}
