using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>The vendor's standard rule while it is switched on by the fault <c>duplicate-rule</c>: no two people with one e-mail address.</summary>
internal static class DuplicateRule
{
    public static SaveError? Check(Vendor vendor, HttpContext context, SObjectType type, SObject? existing, Draft draft)
    {
        if (vendor.Faults.Standing("duplicate-rule") is not { } rule || type.Find("Email") is not { } email || draft[email] is not string address)
            return null;
        if (existing is not null && address.Equals(existing[email] as string, StringComparison.OrdinalIgnoreCase))
            return null;

        var allowed = rule.Allow ?? true;
        if (allowed && Insists(context))
            return null;

        var twins = type.Rows.Where(row => row is { Deleted: null } && row != existing && address.Equals(row[email] as string, StringComparison.OrdinalIgnoreCase)).Take(3).OfType<SObject>().ToList();
        if (twins.Count == 0 || vendor.Strikes("duplicate-rule", context) is null)
            return null;

        const string message = "Use one of these records?";
        return new SaveError("DUPLICATES_DETECTED", message)
        {
            Duplicates = new JsonObject
            {
                ["allowSave"] = allowed,
                ["duplicateRule"] = $"Standard_{type.Name}_Duplicate_Rule",
                ["duplicateRuleEntityType"] = type.Name,
                ["errorMessage"] = message,
                ["matchResults"] = new JsonArray(new JsonObject
                {
                    ["entityType"] = type.Name,
                    ["errors"] = new JsonArray(),
                    ["matchEngine"] = "FuzzyMatchEngine",
                    ["matchRecords"] = new JsonArray([.. twins.Select(twin => new JsonObject
                    {
                        ["additionalInformation"] = new JsonArray(),
                        ["fieldDiffs"] = new JsonArray(),
                        ["matchConfidence"] = 100.0,
                        ["record"] = new JsonObject { ["attributes"] = new JsonObject { ["type"] = type.Name, ["url"] = twin.Url }, ["Id"] = twin.Id },
                    })]),
                    ["rule"] = $"Standard_{type.Name}_Match_Rule_v1_1",
                    ["size"] = twins.Count,
                    ["success"] = true,
                }),
            },
        };
    }

    private static bool Insists(HttpContext context) =>
        context.Request.Headers["Sforce-Duplicate-Rule-Header"].ToString().Split(';', ',').Any(part => part.Replace(" ", "", StringComparison.Ordinal).Equals("allowSave=true", StringComparison.OrdinalIgnoreCase));
}
