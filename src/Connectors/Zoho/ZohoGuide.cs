using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>The text of the connector's page.</summary>
internal static class ZohoGuide
{
    public static ConnectorGuide Text { get; } = new()
    {
        Setup =
        [
            "See where your organisation lives: sign in to Zoho CRM and look at the address in the browser. `crm.zoho.eu` means data centre `eu`, `crm.zoho.com.au` means `com.au`. This is `dataCenter`.",
            "Make a user for the hub in Zoho CRM (Setup, Users and Control, Users) with a profile that may read and write the modules and fields you will map. What this user may not see the hub cannot see either.",
            "Sign in as that user at the API console of your data centre (https://api-console.zoho.eu and so on) and choose Add Client, Self Client, Create. Copy Client ID and Client Secret into `clientId` and `clientSecret`.",
            $"In the tab Generate Code enter the scopes, with commas: `{string.Join(",", ZohoScopes.Needed)}`. Choose ten minutes, write any description, press Create, and choose CRM and the organisation: production, or one of its sandboxes. The refresh token will be good for that one only.",
            "Exchange the code within the ten minutes: `curl -d grant_type=authorization_code -d client_id=ID -d client_secret=SECRET -d code=CODE https://accounts.zoho.eu/oauth/v2/token` (with your data centre's ending). Store `refresh_token` of the answer: `hub secret set zoho-refresh`.",
            "For each module that the hub writes to: Setup, Customization, Modules and Fields, the module, the layout; add a Single Line field with the name Hub Id, tick \"Do not allow duplicate values\", and save. Its API name is `Hub_Id`: the `key` of outbound pipelines.",
            "Run `hub check`, then `hub discover`.",
            "For notifications choose any text of 16 to 50 characters as `notificationToken`. The hub opens its channels itself and renews them; its address has to be reachable from outside over https.",
        ],
        Rights =
        [
            "ZohoCRM.modules.ALL: reading and writing records.",
            "ZohoCRM.settings.ALL: the list of modules and fields.",
            "ZohoCRM.coql.READ: queries, for reading many records at little cost and for finding records by the hub's key.",
            "ZohoCRM.bulk.ALL: bulk jobs, for more records than `bulkReadFrom` and `bulkWriteFrom`.",
            "ZohoFiles.files.ALL and ZohoCRM.org.READ: handing over the files of bulk write jobs.",
            "ZohoCRM.notifications.ALL: notifications.",
            "ZohoCRM.users.READ: the names of owners, when records are read by bulk jobs.",
        ],
        Supported =
        [
            "Every module that Zoho opens to its API, with your own modules and fields.",
            "Reading what changed, by Modified_Time, in order, with any number of records of the same second; large reads by bulk jobs that go on after a crash where they stopped.",
            "Deleted records, in the recycle bin or not; converted leads as gone, with the contact that they became.",
            "Writing by the hub's key (one record at most for each key), only the fields that changed, a hundred records a request, with an answer for each; large numbers of new records by bulk jobs.",
            "Refusing to write over what somebody changed meanwhile.",
            "Workflows, approvals and blueprints are left out unless `runWorkflows` says otherwise.",
            "Notifications of new, changed and deleted records; every stream is swept by a pull besides, since Zoho does not repeat a notification that was lost.",
            "Credits: counted for all pipelines of the connection together, foretold by `hub plan`, some kept back for people.",
        ],
        NotSupported =
        [
            "Which record two merged ones live on in: Zoho does not tell. The one that is gone shows as deleted.",
            "Line items and other subforms where Zoho leaves them out of lists; they cannot be written by bulk jobs.",
            "Attachments, notes, e-mails and files.",
            "Bulk write jobs answer no time of change and write over later changes: only new records go by them.",
            "Zoho gives no wait with its refusals (429). After two minutes of them the run pauses for an hour.",
        ],
        Example = """
            {
              "connector": "zoho",
              "dataCenter": "eu",
              "clientId": "1000.7Q2V5KD8TN3HWB6YF0JRC9XMA4PZES",
              "clientSecret": "${secret:zoho-secret}",
              "refreshToken": "${secret:zoho-refresh}",
              "edition": "enterprise",
              "notificationToken": "${secret:zoho-notifications}"
            }
            """,
    };
}
