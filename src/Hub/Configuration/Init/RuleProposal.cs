using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Configuration.Init;

/// <summary>Proposes rules that lose nothing: doubtful values are blanked or reported, and only a record that says nothing is rejected.</summary>
internal static class RuleProposal
{
    /// <summary>The rules for what a map fills.</summary>
    public static IReadOnlyList<RuleDefinition> For(MapProposal map, string entity)
    {
        var rules = new List<RuleDefinition>();
        void Blank(string path, RuleKind kind)
        {
            if (map.Fills(path))
                rules.Add(new RuleDefinition { Field = path, Rule = kind, Otherwise = Otherwise.Blank });
        }

        Blank("email", RuleKind.Email);
        Blank("emails[]", RuleKind.Email);
        Blank("phone", RuleKind.Phone);
        Blank("phones[]", RuleKind.Phone);
        if (map.Fills("birthDate"))
            rules.Add(new RuleDefinition { Field = "birthDate", Rule = RuleKind.DateRange, Min = "today-120y", Max = "today", Otherwise = Otherwise.Blank });
        if (map.Fills("customerRef"))
            rules.Add(new RuleDefinition { Field = "customerRef", Rule = RuleKind.Exists, Otherwise = Otherwise.Warn });

        string[] wanted = entity switch
        {
            "account" => ["name"],
            "order" => ["number"],
            _ => ["email", "phone", map.Fills("name.family") ? "name.family" : "name.full"],
        };
        var filled = wanted.Where(map.Fills).ToList();
        if (filled.Count == 1)
            rules.Add(new RuleDefinition { Field = filled[0], Rule = RuleKind.Required });
        else if (filled.Count > 1)
            rules.Add(new RuleDefinition { Any = filled, Rule = RuleKind.Required });
        return rules;
    }
}
