using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>How Salesforce is set up, for the connector's page in the docs.</summary>
internal static class SalesforceGuide
{
    public static ConnectorGuide Guide { get; } = new()
    {
        Setup =
        [
            "Make a user for the hub, in Setup > Users > New User, with the licence that reaches the objects you sync. A user of its own shows in the history who changed what, and lets the hub tell its own changes from those of people.",
            "Make a permission set, in Setup > Permission Sets > New: under System Permissions tick \"API Enabled\"; under Object Settings give Read, Create and Edit on the objects (Delete only if the hub shall delete, View All so that it sees every record), and access to the fields. Assign it to the user.",
            "Make the app, in Setup > App Manager > New External Client App (or New Connected App): enable OAuth, any callback address, and the scope \"Manage user data via APIs (api)\".",
            "Client credentials, the simplest way: in the app's OAuth settings enable \"Client Credentials Flow\"; under Policies choose the hub's user as the run-as user. Copy key and secret from \"Manage Consumer Details\". `loginUrl` is your My Domain (Setup > My Domain).",
            "JWT bearer, without a shared secret: make a key with `openssl req -x509 -newkey rsa:2048 -nodes -days 730 -keyout salesforce.key -out salesforce.crt`; upload the certificate under \"Use digital signatures\"; under Policies choose \"Admin approved users are pre-authorized\" and add the permission set. Set `username` and `privateKey`.",
            "For writing, make a field on each object: Setup > Object Manager > Contact > Fields & Relationships > New > Text, length 40, \"External ID\" and \"Unique\" ticked, name Hub_Id. It is Hub_Id__c in `to.key`. Make it visible to the hub's permission set, and to nobody for editing.",
            "Store the secret with `hub secret set salesforce-secret`, write the connection file, and run `hub check salesforce` and `hub discover salesforce Contact`.",
            "For changes within seconds (optional): make a record-triggered flow, in Setup > Flows, with the action \"Outbound Message\" of the object, the field Id, and the hub's address `https://…/hooks/CONNECTION/Contact`. Set `organizationId` (Setup > Company Information): messages of any other organisation are refused. Outbound messages carry no signature, so keep the address to yourself and let only Salesforce's addresses through.",
        ],
        Rights =
        [
            "Scope `api`: every call. Scope `refresh_token`: only with `refreshToken`.",
            "\"API Enabled\": every call; \"View All\" on an object: records that nobody shared with the user; without it they look as if they did not exist.",
            "Read, Create, Edit, Delete on an object: pulling, new records, changed records, deletions.",
            "Read and Edit Access on a field: a field without it is not seen, and `hub discover` lists it as hidden.",
            "\"View Setup and Configuration\" (optional): to tell which fields are hidden.",
        ],
        Supported =
        [
            "Contact, Account, Lead, Opportunity, Task, every custom object and any other that can be queried; fields of parents by their path (`Account.Name`); references by an external id of the parent (`Account.Hub_Id__c`).",
            "Reading what changed, by SystemModstamp; REST below `bulkFrom` records, Bulk API 2.0 from there on. A bulk job outlives a restart of the hub.",
            "Deletions: recycle bin and replication feed, merged records and converted leads with the record that stands in their place. When the hub was away for more than 29 days it looks over all ids instead.",
            "Writing by external id or record id, 200 records a call or by bulk job; each record has an outcome of its own. Locked rows are tried again, one batch after the other.",
            "Duplicate rules, as `onDuplicateRule` says.",
            "A record that somebody changed since the hub read it is left alone, when the pipeline asks for it. The look is taken just before the write, and Salesforce's versions are whole seconds: a change in the split second between is written over.",
            "The daily quota, shared by all pipelines of the account, with a reserve for people.",
            "Outbound messages; the record is read when one arrives, since a message holds only some fields.",
        ],
        NotSupported =
        [
            "Signing in with user name and password: Salesforce retires it. Use client credentials or JWT.",
            "Change Data Capture and platform events: they need the Pub/Sub API. Pull every few minutes, or use outbound messages.",
            "Files and attachments (base64 fields). They are left out.",
            "Writing an address as a whole (MailingAddress): write its parts (MailingStreet, MailingCity).",
            "Shared activities, person accounts' own conversion, territory rules: write what the objects themselves show.",
        ],
        Example = """
            { "connector": "salesforce",
              "loginUrl": "https://acme.my.salesforce.com",
              "clientId": "3MVG9…",
              "clientSecret": "${secret:salesforce-secret}",
              "onDuplicateRule": "link" }
            """,
    };
}
