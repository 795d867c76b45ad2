using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>The parts of a person's name within a group, by their roles; -1 for a part that the group does not have.</summary>
internal sealed class NameFields(EntityField[] fields)
{
    private readonly int _given = Ordinal(fields, FieldRole.GivenName);
    private readonly int _family = Ordinal(fields, FieldRole.FamilyName);
    private readonly int _full = Ordinal(fields, FieldRole.FullName);

    public static bool IsName(EntityField[] fields) => fields.Any(field => field.Role is FieldRole.GivenName or FieldRole.FamilyName or FieldRole.FullName);

    /// <summary>Whether a record has given and family name.</summary>
    public bool InParts(EntityRecord record) => _given >= 0 && _family >= 0 && !record[_given].IsEmpty && !record[_family].IsEmpty;

    /// <summary>Whether a record has the name in one field and in no other.</summary>
    public bool OnlyFull(EntityRecord record)
    {
        if (_full < 0 || record[_full].IsEmpty)
            return false;
        foreach (var field in fields)
        {
            if (field.Ordinal != _full && !record[field.Ordinal].IsEmpty)
                return false;
        }

        return true;
    }

    /// <summary>Puts a steward's corrections over the name that was chosen, part by part.</summary>
    public void Correct(EntityRecord golden, IReadOnlyList<Member> members)
    {
        var changed = false;
        foreach (var field in fields)
        {
            var steward = Corrector(members, field.Ordinal);
            if (steward < 0)
                continue;
            var value = members[steward].Record[field.Ordinal];
            changed |= field.Ordinal != _full && golden[field.Ordinal] != value;
            golden[field.Ordinal] = value;
        }

        // The whole name of a source would contradict the part that a person has corrected.
        if (changed && _full >= 0 && Corrector(members, _full) < 0)
            golden[_full] = Value.Null;
    }

    /// <summary>The index of the steward's record that fills a field, the latest if there are several; or -1.</summary>
    public static int Corrector(IReadOnlyList<Member> members, int ordinal)
    {
        var best = -1;
        for (var i = 0; i < members.Count; i++)
        {
            if (!members[i].IsSteward || members[i].Vouches || members[i].Record[ordinal].IsEmpty)
                continue;
            var order = best < 0 ? 1 : Nullable.Compare(members[i].ModifiedAt, members[best].ModifiedAt);
            if (order > 0 || (order == 0 && Choice.ByNumber(members[i], members[best]) < 0))
                best = i;
        }

        return best;
    }

    private static int Ordinal(EntityField[] fields, FieldRole role) => Array.Find(fields, field => field.Role == role)?.Ordinal ?? -1;
}
