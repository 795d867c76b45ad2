using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>What a person needs to connect Insightly.</summary>
internal static class InsightlyGuide
{
    public static ConnectorGuide Text { get; } = new()
    {
        Setup =
        [
            "Make a user for the hub in System Settings > Users, with a profile that sees and edits the objects you want to keep in step. Its changes are then told from those of people.",
            "Sign in as that user and open User Settings > API. Copy the API key, and the pod from the address beside it: `na1` in https://api.na1.insightly.com.",
            "Keep the key out of the file: set an environment variable, or a secret of the hub, and refer to it in `apiKey`.",
            "For pushes make a custom field for the hub's key on each object: System Settings > Custom Fields > Contacts (and Organisations) > Add, type Text, name `Hub_Id__c`, and keep it off the page layouts of users who should not edit it.",
            "For webhooks make a workflow in System Settings > Workflow Processes for records that are created or edited, with the action Webhook: the address is the hub's `/hooks/CONNECTION/Contacts`, the format JSON, the authentication Basic with the user and password of `webhookUser` and `webhookPassword`. Webhooks only save waiting: what they miss comes with the next pull.",
        ],
        Rights =
        [
            "The key has exactly the rights of its user: read for pulls, edit and delete for pushes, on each object.",
            "Listing `Users` and reading hidden custom fields needs an administrator.",
        ],
        Supported =
        [
            "Pulls of what changed since the last one (`DATE_UPDATED_UTC`), which go on where they were interrupted.",
            "Custom fields as fields of their own, by their names ending in `__c`; custom objects.",
            "Pushes of single fields; custom fields that the pipeline does not map keep their values.",
            "A record that somebody changed since the hub last saw it is not written over. Insightly tells times in whole seconds, so two changes within one second look like one.",
            "Deletes in Insightly, found by a look over all ids from time to time: one call for 500 records.",
            "The limits of 10 calls a second and of the plan's calls a day; `reservePercent` of the day's calls is left to others.",
        ],
        NotSupported =
        [
            "Making or changing many records with one call: Insightly has no such request, so a push costs about two calls a record. Plan the first load by the calls that your plan has.",
            "Files, pictures and links between records; converting leads. Do those in Insightly.",
            "A merge of two records in Insightly shows as one record that is gone and one that changed.",
        ],
        Example =
            """
            {
              "connector": "insightly",
              "pod": "na1",
              "apiKey": "${env:INSIGHTLY_API_KEY}"
            }
            """,
    };
}
