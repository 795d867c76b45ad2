using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Webhook;

/// <summary>What a person needs to let a system send.</summary>
internal static class WebhookGuide
{
    public static ConnectorGuide Text { get; } = new()
    {
        Setup =
        [
            "Make a secret (`openssl rand -hex 32`), keep it with `hub secret set NAME`, and enter it both here as `${secret:NAME}` and in the sender.",
            "Let the sender POST to `https://YOUR-HUB/hooks/CONNECTION/STREAM`. CONNECTION is the name of this file; STREAM is a name of your choice, and the `stream` of the pipelines that read it.",
            "Find out how the sender signs, and write it here: header, prefix, hex or Base64, and whether the time of sending is part of what is signed.",
            "GitHub: `\"signatureHeader\": \"X-Hub-Signature-256\", \"signaturePrefix\": \"sha256=\", \"deliveryIdHeader\": \"X-GitHub-Delivery\"`.",
            "Shopify: `\"signatureHeader\": \"X-Shopify-Hmac-Sha256\", \"signatureForm\": \"base64\", \"deliveryIdHeader\": \"X-Shopify-Webhook-Id\"`; WooCommerce: `X-WC-Webhook-Signature`, base64, `X-WC-Webhook-Delivery-ID`.",
            "Stripe: `\"signatureHeader\": \"Stripe-Signature\", \"signaturePrefix\": \"v1=\", \"timestampHeader\": \"Stripe-Signature\", \"timestampPrefix\": \"t=\"`. Slack: `X-Slack-Signature`, prefix `v0=`, `X-Slack-Request-Timestamp`, `\"signedText\": \"v0:{timestamp}:{body}\"`.",
            "Standard Webhooks: `\"secretForm\": \"base64\", \"signatureHeader\": \"webhook-signature\", \"signaturePrefix\": \"v1,\", \"signatureForm\": \"base64\", \"timestampHeader\": \"webhook-timestamp\", \"deliveryIdHeader\": \"webhook-id\", \"signedText\": \"{id}.{timestamp}.{body}\"`.",
        ],
        Supported =
        [
            "HMAC signatures over the raw bytes, tokens, and Basic authentication; two secrets while one is exchanged for the other.",
            "JSON, JSON Lines, CSV with a header line, XML and forms, also packed with gzip, br or deflate; several records in one request.",
            "Records that are gone, by a value in the record or in the envelope around it.",
            "GET, HEAD and empty requests, with which systems try an address out: they are answered and not taken.",
        ],
        NotSupported =
        [
            "Asking the sender: what it forgets to send is not found by a pull. Where the system has an interface of its own, or can write files, let a second connection sweep it.",
            "XML with a document type, and bodies beyond service.hooks.bodyLimitKilobytes.",
        ],
        Example =
            """
            {
              "connector": "webhook",
              "secret": "${secret:shop-webhooks}",
              "signatureHeader": "X-Signature",
              "signaturePrefix": "sha256=",
              "deliveryIdHeader": "X-Delivery-Id",
              "records": "data.customers[*]",
              "deletedWhen": "event = customer.deleted"
            }
            """,
    };
}
