namespace Crm.Integration.Connectors.Insightly;

/// <summary>An object of Insightly.</summary>
/// <param name="Name">Its name in addresses; the name of the stream.</param>
/// <param name="IdField">The field that identifies a record.</param>
/// <param name="Fields">The fields that are known beforehand; Insightly describes only custom ones.</param>
internal sealed record InsightlyObject(string Name, string IdField, IReadOnlyList<InsightlyField> Fields)
{
    /// <summary>Whether it can be asked for what changed since an instant. Others are small and are read whole.</summary>
    public bool Searchable { get; init; } = true;

    public bool Writable { get; init; } = true;

    /// <summary>Whether it takes fields of the account's own.</summary>
    public bool HasCustomFields { get; init; }

    public required string Summary { get; init; }
}

/// <summary>The objects that Insightly comes with.</summary>
internal static class InsightlyObjects
{
    public const string Created = "DATE_CREATED_UTC";
    public const string Updated = "DATE_UPDATED_UTC";
    public const string CustomFields = "CUSTOMFIELDS";

    // On nearly every object; the times are Insightly's own.
    private const string Common = "DATE_CREATED_UTC:instant- DATE_UPDATED_UTC:instant- OWNER_USER_ID:number VISIBLE_TO";
    private const string Activity = "LAST_ACTIVITY_DATE_UTC:instant- NEXT_ACTIVITY_DATE_UTC:instant- IMAGE_URL-";

    public static IReadOnlyList<InsightlyObject> All { get; } =
    [
        Standard("Contacts", "CONTACT_ID", "People.", Activity +
            " SALUTATION FIRST_NAME! LAST_NAME TITLE EMAIL_ADDRESS PHONE PHONE_HOME PHONE_MOBILE PHONE_OTHER PHONE_ASSISTANT PHONE_FAX ASSISTANT_NAME ORGANISATION_ID:number BACKGROUND DATE_OF_BIRTH:date" +
            " ADDRESS_MAIL_STREET ADDRESS_MAIL_CITY ADDRESS_MAIL_STATE ADDRESS_MAIL_POSTCODE ADDRESS_MAIL_COUNTRY ADDRESS_OTHER_STREET ADDRESS_OTHER_CITY ADDRESS_OTHER_STATE ADDRESS_OTHER_POSTCODE ADDRESS_OTHER_COUNTRY" +
            " SOCIAL_LINKEDIN SOCIAL_FACEBOOK SOCIAL_TWITTER EMAIL_OPTED_OUT:boolean TAGS:names=TAG_NAME"),
        Standard("Organisations", "ORGANISATION_ID", "Companies.", Activity +
            " ORGANISATION_NAME! PHONE PHONE_FAX WEBSITE BACKGROUND ADDRESS_BILLING_STREET ADDRESS_BILLING_CITY ADDRESS_BILLING_STATE ADDRESS_BILLING_POSTCODE ADDRESS_BILLING_COUNTRY" +
            " ADDRESS_SHIP_STREET ADDRESS_SHIP_CITY ADDRESS_SHIP_STATE ADDRESS_SHIP_POSTCODE ADDRESS_SHIP_COUNTRY SOCIAL_LINKEDIN SOCIAL_FACEBOOK SOCIAL_TWITTER EMAILDOMAINS:names=EMAIL_DOMAIN TAGS:names=TAG_NAME"),
        Standard("Leads", "LEAD_ID", "People who are not customers yet.", Activity +
            " SALUTATION FIRST_NAME LAST_NAME! TITLE EMAIL PHONE MOBILE FAX WEBSITE ORGANISATION_NAME INDUSTRY EMPLOYEE_COUNT:number LEAD_RATING:number LEAD_SOURCE_ID:number LEAD_STATUS_ID:number LEAD_DESCRIPTION" +
            " ADDRESS_STREET ADDRESS_CITY ADDRESS_STATE ADDRESS_POSTCODE ADDRESS_COUNTRY CONVERTED:boolean- CONVERTED_CONTACT_ID:number- CONVERTED_ORGANISATION_ID:number- CONVERTED_OPPORTUNITY_ID:number- CONVERTED_DATE_UTC:instant-" +
            " RESPONSIBLE_USER_ID:number EMAIL_OPTED_OUT:boolean TAGS:names=TAG_NAME"),
        Standard("Opportunities", "OPPORTUNITY_ID", "Deals.", Activity +
            " OPPORTUNITY_NAME! OPPORTUNITY_DETAILS OPPORTUNITY_STATE OPPORTUNITY_VALUE:number PROBABILITY:number BID_CURRENCY BID_AMOUNT:number BID_TYPE BID_DURATION:number FORECAST_CLOSE_DATE:date ACTUAL_CLOSE_DATE:date" +
            " PIPELINE_ID:number STAGE_ID:number CATEGORY_ID:number ORGANISATION_ID:number PRICEBOOK_ID:number RESPONSIBLE_USER_ID:number TAGS:names=TAG_NAME"),
        Standard("Projects", "PROJECT_ID", "Projects.", Activity +
            " PROJECT_NAME! PROJECT_DETAILS STATUS STARTED_DATE:date COMPLETED_DATE:date PIPELINE_ID:number STAGE_ID:number CATEGORY_ID:number OPPORTUNITY_ID:number RESPONSIBLE_USER_ID:number TAGS:names=TAG_NAME"),
        Standard("Product", "PRODUCT_ID", "Products.", "PRODUCT_NAME! PRODUCT_CODE PRODUCT_SKU PRODUCT_FAMILY DESCRIPTION DEFAULT_PRICE:number CURRENCY_CODE ACTIVE:boolean"),
        Standard("Pricebook", "PRICEBOOK_ID", "Price books.", "NAME! DESCRIPTION CURRENCY_CODE ACTIVE:boolean"),
        Standard("PricebookEntry", "PRICEBOOK_ENTRY_ID", "Prices of products in a price book.", "PRICEBOOK_ID:number PRODUCT_ID:number PRICE:number CURRENCY_CODE ACTIVE:boolean"),
        Standard("Quotation", "QUOTE_ID", "Quotes.",
            "QUOTATION_NAME! QUOTATION_NUMBER OPPORTUNITY_ID:number CONTACT_ID:number ORGANISATION_ID:number QUOTE_STATUS QUOTATION_EXPIRATION_DATE:date SUBTOTAL:number DISCOUNT:number TAX:number SHIPPING_HANDLING:number" +
            " TOTAL_PRICE:number GRAND_TOTAL:number QUOTATION_CURRENCY_CODE QUOTATION_DESCRIPTION QUOTATION_EMAIL QUOTATION_PHONE QUOTATION_FAX ADDRESS_BILLING_NAME ADDRESS_BILLING_STREET ADDRESS_BILLING_CITY ADDRESS_BILLING_STATE" +
            " ADDRESS_BILLING_POSTCODE ADDRESS_BILLING_COUNTRY ADDRESS_SHIPPING_NAME ADDRESS_SHIPPING_STREET ADDRESS_SHIPPING_CITY ADDRESS_SHIPPING_STATE ADDRESS_SHIPPING_POSTCODE ADDRESS_SHIPPING_COUNTRY"),
        Standard("QuotationLineItem", "QUOTATION_ITEM_ID", "Lines of quotes.", "QUOTATION_ID:number PRODUCT_ID:number QUANTITY:number LIST_PRICE:number UNIT_PRICE:number DISCOUNT:number SUBTOTAL:number TOTAL_PRICE:number DESCRIPTION"),
        Standard("OpportunityLineItem", "OPPORTUNITY_ITEM_ID", "Lines of deals.", "OPPORTUNITY_ID:number PRICEBOOK_ENTRY_ID:number CURRENCY_CODE QUANTITY:number UNIT_PRICE:number TOTAL_PRICE:number DESCRIPTION"),
        Standard("Tasks", "TASK_ID", "Tasks.",
            "TITLE! STATUS PRIORITY:number DETAILS COMPLETED:boolean START_DATE:instant DUE_DATE:instant COMPLETED_DATE_UTC:instant PERCENT_COMPLETE:number CATEGORY_ID:number PROJECT_ID:number OPPORTUNITY_ID:number MILESTONE_ID:number RESPONSIBLE_USER_ID:number"),
        Standard("Events", "EVENT_ID", "Meetings and calls.", "TITLE! LOCATION DETAILS START_DATE_UTC:instant END_DATE_UTC:instant ALL_DAY:boolean"),
        Standard("Notes", "NOTE_ID", "Notes.", "TITLE! BODY") with { HasCustomFields = false },
        Standard("Emails", "EMAIL_ID", "E-mails that were filed.", "EMAIL_FROM- SUBJECT- BODY- EMAIL_DATE_UTC:instant- FORMAT- SIZE:number-") with { HasCustomFields = false, Writable = false },
        Standard("Milestones", "MILESTONE_ID", "Milestones of projects.", "TITLE! COMPLETED:boolean DUE_DATE:instant COMPLETED_DATE_UTC:instant PROJECT_ID:number RESPONSIBLE_USER:number") with { HasCustomFields = false },
        Standard("Prospect", "PROSPECT_ID", "People known to Insightly Marketing.", "SALUTATION FIRST_NAME LAST_NAME EMAIL_ADDRESS PHONE MOBILE TITLE ORGANISATION_NAME SCORE:number-"),
        Standard("Ticket", "TICKET_ID", "Tickets of Insightly Service.", "TICKET_SUBJECT TICKET_NUMBER- TICKET_STATUS TICKET_PRIORITY TICKET_TYPE TICKET_DESCRIPTION CONTACT_ID:number ORGANISATION_ID:number"),
        Standard("Users", "USER_ID", "Users of the account; listing them needs an administrator's key.", "FIRST_NAME- LAST_NAME- EMAIL_ADDRESS- TIMEZONE_ID- ACCOUNT_OWNER:boolean- ADMINISTRATOR:boolean- ACTIVE:boolean-") with { HasCustomFields = false, Writable = false },
        List("Pipelines", "PIPELINE_ID", "Pipelines of deals and projects.", "PIPELINE_NAME- FOR_OPPORTUNITIES:boolean- FOR_PROJECTS:boolean-"),
        List("PipelineStages", "STAGE_ID", "Stages of pipelines.", "PIPELINE_ID:number- STAGE_NAME- STAGE_ORDER:number-"),
        List("LeadSources", "LEAD_SOURCE_ID", "Where leads come from.", "LEAD_SOURCE- DEFAULT_VALUE:boolean- FIELD_ORDER:number-"),
        List("LeadStatuses", "LEAD_STATUS_ID", "States of leads.", "LEAD_STATUS- DEFAULT_STATUS:boolean- STATUS_TYPE:number- FIELD_ORDER:number-"),
        List("OpportunityCategories", "CATEGORY_ID", "Categories of deals.", "CATEGORY_NAME- ACTIVE:boolean- BACKGROUND_COLOR-"),
        List("ProjectCategories", "CATEGORY_ID", "Categories of projects.", "CATEGORY_NAME- ACTIVE:boolean- BACKGROUND_COLOR-"),
        List("TaskCategories", "CATEGORY_ID", "Categories of tasks.", "CATEGORY_NAME- ACTIVE:boolean- BACKGROUND_COLOR-"),
        List("Teams", "TEAM_ID", "Teams of users.", "TEAM_NAME- ANONYMOUS_TEAM:boolean-"),
        List("Relationships", "RELATIONSHIP_ID", "Kinds of relationship between records.", "FORWARD_TITLE- FORWARD- REVERSE_TITLE- REVERSE- FOR_CONTACTS:boolean- FOR_ORGANISATIONS:boolean-"),
    ];

    /// <summary>An object that the account made for itself.</summary>
    public static InsightlyObject OfAccount(string name, string? label) =>
        new(name, "RECORD_ID", Fields("RECORD_ID", "RECORD_NAME! " + Common)) { HasCustomFields = true, Summary = label ?? "An object of the account's own." };

    public static bool IsOfAccount(string name) => name.EndsWith("__c", StringComparison.OrdinalIgnoreCase);

    private static InsightlyObject Standard(string name, string idField, string summary, string fields) =>
        new(name, idField, Fields(idField, fields + " " + Common)) { HasCustomFields = true, Summary = summary };

    private static InsightlyObject List(string name, string idField, string summary, string fields) =>
        new(name, idField, Fields(idField, fields)) { Searchable = false, Writable = false, Summary = summary };

    // NAME:kind, with ! for a required field and - for one that cannot be written.
    private static List<InsightlyField> Fields(string idField, string fields) =>
    [
        new(idField, InsightlyKind.Number) { Writable = false },
        .. fields.Split(' ').Select(field =>
        {
            var parts = field.TrimEnd('!', '-').Split(':', '=');
            var kind = parts.Length == 1 ? InsightlyKind.Text : Enum.Parse<InsightlyKind>(parts[1], ignoreCase: true);
            return new InsightlyField(parts[0], kind) { Required = field.EndsWith('!'), Writable = !field.EndsWith('-'), Member = parts.Length == 3 ? parts[2] : null };
        }),
    ];
}
