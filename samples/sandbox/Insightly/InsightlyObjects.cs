using Crm.Integration.Sandbox.Records;
using static Crm.Integration.Sandbox.Records.FieldKind;

namespace Crm.Integration.Sandbox.Insightly;

/// <summary>The kinds of records of the sandbox's instance, and those that a plan leaves out.</summary>
internal static class InsightlyObjects
{
    /// <summary>Not in the Professional plan: as if they did not exist.</summary>
    public static readonly string[] NotThere = ["Product", "Pricebook", "PricebookEntry", "Quotation", "QuotationLineItem", "OpportunityLineItem"];

    /// <summary>Not in the Professional plan: refused.</summary>
    public static readonly string[] NotAllowed = ["Prospect", "Ticket", "KnowledgeArticle", "KnowledgeArticleCategory", "KnowledgeArticleFolder", "CommunityComment", "CommunityForum", "CommunityPost"];

    private static readonly Field s_hubId = new("Hub_Id__c", Text) { Label = "Hub Id", Length = 100, Custom = true };

    public static IReadOnlyList<InsightlyObject> Make() =>
    [
        new("Contacts", "CONTACT_ID", "CONTACT",
        [
            Of("SALUTATION", Text, 20), new("FIRST_NAME", Text) { Required = true, Length = 100 }, Of("LAST_NAME", Text, 100), Of("TITLE", Text, 100), Of("EMAIL_ADDRESS", Email),
            Of("PHONE", Phone), Of("PHONE_HOME", Phone),
            Of("PHONE_MOBILE", Phone), Of("PHONE_OTHER", Phone), Of("PHONE_ASSISTANT", Phone), Of("PHONE_FAX", Phone), To("ORGANISATION_ID", "Organisations"),
            Of("BACKGROUND", LongText, 32000), Of("DATE_OF_BIRTH", Date),
            .. Address("MAIL"), .. Address("OTHER"), .. Social, Of("EMAIL_OPTED_OUT", FieldKind.Boolean), .. Common,
            s_hubId, new("Interests__c", Choices) { Custom = true, Options = ["Art", "Music", "Sport", "Travel"] }, Custom("Loyalty_Points__c", Number),
            Custom("Newsletter__c", FieldKind.Boolean), Custom("Last_Visit__c", FieldKind.DateTime),
            new("Tier__c", Choice) { Custom = true, Options = ["Silver", "Gold", "Platinum"] },
        ]),
        new("Organisations", "ORGANISATION_ID", "ORGANISATION",
        [
            new("ORGANISATION_NAME", Text) { Required = true, Length = 255 }, Of("PHONE", Phone), Of("PHONE_FAX", Phone), Of("WEBSITE", Url), Of("BACKGROUND", LongText, 32000),
            .. Address("BILLING"), .. Address("SHIP"), .. Social, .. Common,
            s_hubId, Custom("Industry__c", Text), Custom("Employees__c", Number), Custom("Tax_Id__c", Text),
        ]),
        new("Leads", "LEAD_ID", "LEAD",
        [
            Of("SALUTATION", Text, 20), Of("FIRST_NAME", Text, 100), new("LAST_NAME", Text) { Required = true, Length = 100 }, Of("EMAIL", Email), Of("PHONE", Phone),
            Of("MOBILE", Phone), Of("FAX", Phone), Of("TITLE", Text, 100),
            Of("ORGANISATION_NAME", Text), Of("INDUSTRY", Text), Of("EMPLOYEE_COUNT", Integer), Of("LEAD_RATING", Integer), Of("LEAD_SOURCE_ID", Integer),
            Of("LEAD_STATUS_ID", Integer), Of("LEAD_DESCRIPTION", LongText, 32000),
            Of("ADDRESS_STREET", Text), Of("ADDRESS_CITY", Text, 128), Of("ADDRESS_STATE", Text, 128), Of("ADDRESS_POSTCODE", Text, 64), Of("ADDRESS_COUNTRY", Text, 64),
            new("CONVERTED", FieldKind.Boolean) { ReadOnly = true }, new("CONVERTED_CONTACT_ID", Integer) { ReadOnly = true },
            new("CONVERTED_ORGANISATION_ID", Integer) { ReadOnly = true }, new("CONVERTED_DATE_UTC", FieldKind.DateTime) { ReadOnly = true },
            Of("RESPONSIBLE_USER_ID", Integer), Of("WEBSITE", Url), .. Common, s_hubId,
        ]),
        new("Opportunities", "OPPORTUNITY_ID", "OPPORTUNITY",
        [
            new("OPPORTUNITY_NAME", Text) { Required = true }, Of("OPPORTUNITY_DETAILS", LongText, 32000),
            new("OPPORTUNITY_STATE", Choice) { Options = ["OPEN", "WON", "LOST", "ABANDONED", "SUSPENDED"] }, Of("OPPORTUNITY_VALUE", Money), Of("PROBABILITY", Integer),
            Of("BID_CURRENCY", Text, 3), Of("BID_AMOUNT", Money), Of("BID_TYPE", Text), Of("FORECAST_CLOSE_DATE", Date), Of("ACTUAL_CLOSE_DATE", Date),
            To("ORGANISATION_ID", "Organisations"), Of("RESPONSIBLE_USER_ID", Integer), .. Common, s_hubId,
        ]),
        new("Membership__c", "RECORD_ID", "Membership__c",
        [
            new("RECORD_NAME", Text) { Required = true }, .. Common, s_hubId, new("Level__c", Choice) { Custom = true, Options = ["Silver", "Gold", "Platinum"] },
            Custom("Valid_Until__c", Date),
        ]),
    ];

    private static IEnumerable<Field> Common => [Of("OWNER_USER_ID", Integer), Of("VISIBLE_TO", Text), new("TAGS", Choices)];

    private static IEnumerable<Field> Social => [Of("SOCIAL_LINKEDIN", Url), Of("SOCIAL_FACEBOOK", Url), Of("SOCIAL_TWITTER", Url)];

    private static IEnumerable<Field> Address(string which) =>
        [Of($"ADDRESS_{which}_STREET", Text), Of($"ADDRESS_{which}_CITY", Text, 128), Of($"ADDRESS_{which}_STATE", Text, 128), Of($"ADDRESS_{which}_POSTCODE", Text, 64), Of($"ADDRESS_{which}_COUNTRY", Text, 64)];

    private static Field Of(string name, FieldKind kind, int length = 255) => new(name, kind) { Length = length };

    private static Field To(string name, string target) => new(name, Reference) { Target = target };

    private static Field Custom(string name, FieldKind kind) => new(name, kind) { Custom = true, Label = name[..^3].Replace('_', ' ') };
}
