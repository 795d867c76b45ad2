using Crm.Integration.Sandbox.Records;
using Crm.Integration.Sandbox.Seeding;
using static Crm.Integration.Sandbox.Records.FieldKind;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>The modules of the sandbox's organisation. Contacts have more than 50 fields, which is what one request may name.</summary>
internal static class ZohoModules
{
    private static readonly string[] Sources = ["Advertisement", "Cold Call", "Employee Referral", "External Referral", "Online Store", "Partner", "Trade Show", "Web Form"];
    private static readonly Field HubId = new("Hub_Id", Text) { Label = "Hub Id", Length = 100, Unique = true, Custom = true };

    public static IReadOnlyList<ZohoModule> Make() =>
    [
        new("Leads", "Lead", ZohoIds.Of(2175), "Full_Name", "Email",
        [
            .. Person, new("Company", Text) { Required = true, Length = 200 }, Of("Email", Email, 100), Of("Secondary_Email", Email, 100),
            Of("Phone", Phone, 30), Of("Mobile", Phone, 30), Of("Fax", Phone, 30), Of("Website", Url), Of("Designation", Text, 100),
            Of("Lead_Status", "Attempted to Contact", "Contact in Future", "Contacted", "Not Contacted", "Pre-Qualified"), Of("Lead_Source", Sources),
            Of("Industry", [.. Company.Industries]), Of("Street", Text, 250), Of("City", Text, 100), Of("State", Text, 100), Of("Zip_Code", Text, 30), Of("Country", Text, 100),
            Of("Annual_Revenue", Money), Of("No_of_Employees", Integer), Of("Email_Opt_Out", FieldKind.Boolean), Of("Description", LongText, 32000), HubId, .. Housekeeping,
        ]),
        new("Contacts", "Contact", ZohoIds.Of(2375), "Full_Name", "Email",
        [
            .. Person, Of("Salutation", "Mr.", "Mrs.", "Ms.", "Dr.", "Prof."), Of("Email", Email, 100), Of("Secondary_Email", Email, 100), Of("Phone", Phone, 50), Of("Mobile", Phone, 30), Of("Home_Phone", Phone, 30),
            Of("Other_Phone", Phone, 30), Of("Asst_Phone", Phone, 30), Of("Assistant", Text, 50), Of("Fax", Phone, 30), Of("Title", Text, 100), Of("Department", Text, 50),
            Of("Date_of_Birth", Date), Of("Account_Name", "Accounts"), Of("Reporting_To", "Contacts"), Of("Vendor_Name", Text, 120), Of("Lead_Source", Sources), Of("Skype_ID", Text, 50), Of("Twitter", Text, 50),
            .. Address("Mailing", "Zip"), .. Address("Other", "Zip"), Of("Email_Opt_Out", FieldKind.Boolean), Of("Description", LongText, 32000),
            Custom("Preferred_Language", "de", "en", "fr", "zh"), Custom("Loyalty_Points", Integer), Custom("Credit_Limit", Money), Custom("Discount_Rate", Number), Custom("Last_Visit", FieldKind.DateTime),
            Custom("Customer_Since", Date), Custom("Newsletter", FieldKind.Boolean), new("Interests", Choices) { Custom = true, Options = ["Art", "Garden", "Music", "Sport", "Travel"] }, Custom("Home_Page", Url),
            Custom("Tax_Number", Text), Custom("Old_System_Number", Text), Custom("Nick_Name", Text), Custom("Emergency_Contact", Text), Custom("Remarks", LongText), HubId, .. Housekeeping,
        ]),
        new("Accounts", "Account", ZohoIds.Of(2575), "Account_Name", "Account_Name",
        [
            new("Account_Name", Text) { Required = true, Length = 200 }, Of("Phone", Phone, 30), Of("Fax", Phone, 30), Of("Website", Url), Of("Industry", [.. Company.Industries]),
            Of("Account_Type", "Customer", "Partner", "Prospect", "Supplier"), Of("Annual_Revenue", Money), Of("Employees", Integer), Of("Account_Number", Text, 40), Of("Parent_Account", "Accounts"),
            .. Address("Billing", "Code"), .. Address("Shipping", "Code"), Of("Description", LongText, 32000), Custom("Tax_Id", Text), HubId, .. Housekeeping,
        ]),
        new("Deals", "Deal", ZohoIds.Of(2775), "Deal_Name", "Deal_Name",
        [
            new("Deal_Name", Text) { Required = true, Length = 120 },
            new("Stage", Choice) { Required = true, Options = ["Qualification", "Needs Analysis", "Proposal/Price Quote", "Negotiation/Review", "Closed Won", "Closed Lost"] },
            new("Closing_Date", Date) { Required = true }, Of("Amount", Money), Of("Account_Name", "Accounts"), Of("Contact_Name", "Contacts"), Of("Pipeline", Text, 100), Of("Probability", Integer),
            Of("Type", "Existing Business", "New Business"), Of("Lead_Source", Sources), Of("Description", LongText, 32000), HubId, .. Housekeeping,
        ]),
        new("Memberships", "Membership", ZohoIds.Of(2975), "Name", "Name",
        [
            new("Name", Text) { Required = true, Length = 120 }, Custom("Level", "Silver", "Gold", "Platinum"), Custom("Valid_Until", Date), new("Member", Reference) { Custom = true, Target = "Contacts" }, HubId, .. Housekeeping,
        ]) { IsCustom = true },
    ];

    private static IEnumerable<Field> Person =>
    [
        Of("First_Name", Text, 40), new("Last_Name", Text) { Required = true, Length = 80 }, new("Full_Name", Text) { ReadOnly = true, Length = 122 },
    ];

    private static IEnumerable<Field> Housekeeping =>
    [
        new("Owner", User), new("Created_By", User) { ReadOnly = true }, new("Modified_By", User) { ReadOnly = true },
        new("Created_Time", FieldKind.DateTime) { ReadOnly = true }, new("Modified_Time", FieldKind.DateTime) { ReadOnly = true },
    ];

    private static IEnumerable<Field> Address(string which, string code) =>
        [Of($"{which}_Street", Text, 250), Of($"{which}_City", Text, 100), Of($"{which}_State", Text, 100), Of($"{which}_{code}", Text, 30), Of($"{which}_Country", Text, 100)];

    private static Field Of(string name, FieldKind kind, int length = 255) => new(name, kind) { Length = length };

    private static Field Of(string name, string target) => new(name, Reference) { Target = target };

    private static Field Of(string name, params string[] options) => new(name, Choice) { Options = options };

    private static Field Custom(string name, FieldKind kind) => new(name, kind) { Custom = true };

    private static Field Custom(string name, params string[] options) => new(name, Choice) { Custom = true, Options = options };
}
