using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>What a person needs to connect Fxiaoke.</summary>
internal static class FxiaokeGuide
{
    public static ConnectorGuide Text { get; } = new()
    {
        Setup =
        [
            "Buy a pack of OpenAPI calls if the company has none (code 30003 says so): a pack is 100,000 calls a day.",
            "In the administration console (管理后台) make a self-built app (自建应用) in developer mode, and enter the address from which the hub reaches the internet into its white list (IP 白名单).",
            "Copy appId (`FSAID_…`), appSecret and permanentCode from the app's page. Keep the secrets out of the file: refer to environment variables or to secrets of the hub.",
            "Choose the CRM employee in whose name the hub works, best a CRM administrator made for it, and put the id into `userId`. The data rights of that employee apply to every call.",
            "Take the address of the company's cloud for `baseUrl`: `open-` and what stands before the domain where you sign in; open.fxiaoke.com for most companies on the mainland.",
            "For pushes make a single-line text field with the API name `hub_id__c` on each object, marked unique (唯一), and leave it off the layouts of people who should not edit it.",
            "For callbacks ask Fxiaoke's support to subscribe the hub's `/hooks/CONNECTION/AccountObj` to data events, and enter the AES key as `callbackAesKey`. Or let a workflow's function (APL) send `{\"object\":\"AccountObj\",\"id\":\"…\"}` to it with the header `Authorization: Bearer` and `callbackToken`. Callbacks only save waiting: what they miss comes with the next pull.",
        ],
        Rights =
        [
            "The employee of `userId`: see all records of the objects for pulls, create and edit for pushes, invalidate and delete (作废, 删除) where pipelines remove records.",
            "The app: the interfaces of CRM objects.",
        ],
        Supported =
        [
            "Pulls of what changed since the last one (`last_modified_time`), any number of records, which go on where they were interrupted.",
            "Every object by its API name, with Chinese labels in `hub discover`; fields of one's own; choices by value or by label when written.",
            "Pushes of single fields with workflows and approvals switched off. A record without an owner gets the employee of `userId`, one without a record type the default one.",
            "A record that somebody changed since the hub last saw it is not written over.",
            "Records in the recycle bin (`life_status` invalid) count as gone; those that were removed for good are found by a look over all ids from time to time: one call for 100 records.",
            "The limit of 100 calls in 20 seconds for each kind of call, and of the calls a day that were bought.",
        ],
        NotSupported =
        [
            "Making or changing many records with one call: Fxiaoke has no such request, so a push costs three calls a record. Plan the first load by the calls that you have.",
            "Files and pictures, detail rows of orders inside of a record (take the detail object as a stream of its own), claiming and returning records of a pool (公海): claim them before the hub writes to them.",
            "Records that wait for approval (`life_status` under_review, ineffective) come like any other; take `where: life_status == 'normal'` into the pipeline where they should not.",
            "A merge of two records in Fxiaoke shows as one record that is gone and one that changed.",
        ],
        Example =
            """
            {
              "connector": "fxiaoke",
              "baseUrl": "https://open.fxiaoke.com",
              "appId": "FSAID_1319ab",
              "appSecret": "${env:FXIAOKE_APP_SECRET}",
              "permanentCode": "${env:FXIAOKE_PERMANENT_CODE}",
              "userId": "1000"
            }
            """,
    };
}
