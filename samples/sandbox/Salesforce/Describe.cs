using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>Metadata as the API gives it.</summary>
internal static class Describe
{
    public static JsonObject Global(IEnumerable<SObjectType> types) => new()
    {
        ["encoding"] = "UTF-8",
        ["maxBatchSize"] = 200,
        ["sobjects"] = new JsonArray([.. types.Select(Head)]),
    };

    public static JsonObject Object(SObjectType type, Visibility visibility)
    {
        var description = Head(type);
        description["fields"] = new JsonArray([.. type.Fields.Where(field => visibility.Sees(type, field)).Select(Field)]);
        description["childRelationships"] = new JsonArray();
        description["recordTypeInfos"] = new JsonArray();
        return description;
    }

    /// <summary>What a broken object answers: JSON, with nothing in it as it should be.</summary>
    public static JsonObject Broken(SObjectType type) => new()
    {
        ["name"] = type.Name,
        ["queryable"] = true,
        ["fields"] = new JsonArray(new JsonObject { ["label"] = "?" }, new JsonObject { ["name"] = null, ["type"] = 7 }),
    };

    private static JsonObject Head(SObjectType type)
    {
        var url = $"/services/data/v{SalesforceVendor.Version}/sobjects/{type.Name}";
        return new JsonObject
        {
            ["name"] = type.Name,
            ["label"] = type.Label,
            ["labelPlural"] = type.Label + "s",
            ["keyPrefix"] = type.Prefix,
            ["custom"] = type.Custom,
            ["customSetting"] = false,
            ["queryable"] = true,
            ["retrieveable"] = true,
            ["searchable"] = true,
            ["createable"] = type.Writable,
            ["updateable"] = type.Writable,
            ["deletable"] = type.Writable,
            ["undeletable"] = type.Writable,
            ["mergeable"] = type.Find("MasterRecordId") is not null,
            ["replicateable"] = true,
            ["deprecatedAndHidden"] = false,
            ["urls"] = new JsonObject { ["sobject"] = url, ["describe"] = url + "/describe", ["rowTemplate"] = url + "/{ID}" },
        };
    }

    private static JsonObject Field(SField field) => new()
    {
        ["name"] = field.Name,
        ["label"] = field.Label,
        ["type"] = field.Type,
        ["length"] = field.Length,
        ["byteLength"] = field.Length * 3,
        ["precision"] = field.IsNumber ? 18 : 0,
        ["scale"] = field.Type is "double" or "currency" ? 2 : 0,
        ["digits"] = field.Type == "int" ? 9 : 0,
        ["nillable"] = !field.Required && field.Type is not ("boolean" or "id") && field.Default is null,
        ["defaultedOnCreate"] = field.Default is not null || field.Type == "boolean",
        ["createable"] = !field.ReadOnly,
        ["updateable"] = !field.ReadOnly,
        ["calculated"] = false,
        ["autoNumber"] = false,
        ["caseSensitive"] = false,
        ["custom"] = field.Custom,
        ["externalId"] = field.ExternalId,
        ["idLookup"] = field.ExternalId || field.Type is "id" or "email",
        ["unique"] = field.Unique,
        ["filterable"] = field.Filterable,
        ["sortable"] = field.Filterable,
        ["groupable"] = field.Filterable,
        ["nameField"] = field.Name == "Name",
        ["compoundFieldName"] = field.Compound,
        ["relationshipName"] = field.Relationship,
        ["referenceTo"] = new JsonArray([.. field.RefersTo.Select(type => JsonValue.Create(type.Name))]),
        ["restrictedPicklist"] = field.Restricted,
        ["picklistValues"] = new JsonArray([.. field.Picks.Select(pick => new JsonObject { ["active"] = true, ["defaultValue"] = pick.Equals(field.Default), ["label"] = pick, ["value"] = pick })]),
    };
}
