using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Webhook;

/// <summary>The settings of a <c>webhook</c> connection.</summary>
public sealed record WebhookSettings
{
    /// <summary>The signing secret.</summary>
    [Description("The secret with which the sender signs each request (HMAC). Either this, or `token`, or `user` and `password` must be set."), Secret]
    public string? Secret { get; init; }

    /// <summary>The one before.</summary>
    [Description("The secret, token or password before the present one: both are taken while the sender is changed over. Remove it afterwards."), Secret]
    public string? PreviousSecret { get; init; }

    /// <summary>How the secret is written.</summary>
    [Description("How `secret` is written. Most systems use it as it is; some show a key in Base64 or hexadecimal.")]
    public WebhookSecretForm SecretForm { get; init; } = WebhookSecretForm.Text;

    /// <summary>Where the signature stands.</summary>
    [Description("The header with the signature, such as `X-Hub-Signature-256`. It may hold several, separated by blanks or commas; one must fit.")]
    public string SignatureHeader { get; init; } = "X-Signature";

    /// <summary>What stands before the signature.</summary>
    [Description("What stands before the signature in its header, such as `sha256=`.")]
    public string SignaturePrefix { get; init; } = "";

    /// <summary>How the signature is written.</summary>
    [Description("How the signature is written.")]
    public WebhookSignatureForm SignatureForm { get; init; } = WebhookSignatureForm.Hex;

    /// <summary>The hash of the signature.</summary>
    [Description("The hash of the HMAC.")]
    public WebhookHash Algorithm { get; init; } = WebhookHash.Sha256;

    /// <summary>What is signed.</summary>
    [Description("The text that is signed, with `{body}`, `{timestamp}` and `{id}` (of `deliveryIdHeader`). Null: `{timestamp}.{body}` where there is a `timestampHeader`, else `{body}`.")]
    public string? SignedText { get; init; }

    /// <summary>Where the time of sending stands.</summary>
    [Description("The header with the time of sending: seconds or milliseconds since 1970, or ISO 8601. With it a request that was listened in on cannot be sent again later.")]
    public string? TimestampHeader { get; init; }

    /// <summary>What stands before the time.</summary>
    [Description("What stands before the time in its header, such as `t=` where time and signature share one.")]
    public string TimestampPrefix { get; init; } = "";

    /// <summary>How old a request may be.</summary>
    [Description("How many seconds the time of sending may lie behind or before the hub's clock."), Range(1, 86400)]
    public int TimestampToleranceSeconds { get; init; } = 300;

    /// <summary>Where a token stands.</summary>
    [Description("The header with the `token`; in Authorization it may follow the word Bearer.")]
    public string TokenHeader { get; init; } = "Authorization";

    /// <summary>A token.</summary>
    [Description("A fixed token that the sender puts into `tokenHeader`, for systems that cannot sign."), Secret]
    public string? Token { get; init; }

    /// <summary>A user name.</summary>
    [Description("The user name, for systems that send Basic authentication.")]
    public string? User { get; init; }

    /// <summary>A password.</summary>
    [Description("The password of `user`."), Secret]
    public string? Password { get; init; }

    /// <summary>Where the id of a delivery stands.</summary>
    [Description("The header with an id that is the same when a request is sent again: the second is acknowledged and not taken. Null: what is repeated is landed again, which changes nothing.")]
    public string? DeliveryIdHeader { get; init; }

    /// <summary>What bodies are.</summary>
    [Description("What the bodies are. `auto` goes by the content type and refuses one that it does not know.")]
    public WebhookFormat Format { get; init; } = WebhookFormat.Auto;

    /// <summary>Where the records are.</summary>
    [Description("Where the records are in the body: names separated by dots, such as `data.items[*]`; the `[*]` at a list may be left out. Null: the body is the record, or a list of them.")]
    public string? Records { get; init; }

    /// <summary>Which records are gone.</summary>
    [Description("Which records are gone in the source: a path and its value, such as `event = customer.deleted` (several: `a | b`). The path is looked for in the record, then from the top of the body. Null: none.")]
    public string? DeletedWhen { get; init; }

    /// <summary>The version of a record.</summary>
    [Description("The path of the field that tells the version or modified time of a record, looked for like that of `deletedWhen`. With it an older record that arrives later can be told from a newer one. Null: records have none.")]
    public string? Modified { get; init; }
}

/// <summary>How a secret is written.</summary>
public enum WebhookSecretForm
{
    /// <summary>As it is.</summary>
    [Description("As it is: its UTF-8 bytes are the key.")]
    Text,

    /// <summary>Base64.</summary>
    [Description("In Base64; a beginning such as `whsec_` is passed over.")]
    Base64,

    /// <summary>Hexadecimal.</summary>
    [Description("In hexadecimal digits.")]
    Hex,
}

/// <summary>How a signature is written.</summary>
public enum WebhookSignatureForm
{
    /// <summary>Hexadecimal.</summary>
    [Description("In hexadecimal digits, large or small.")]
    Hex,

    /// <summary>Base64.</summary>
    [Description("In Base64, as most shops do.")]
    Base64,
}

/// <summary>The hash of a signature.</summary>
public enum WebhookHash
{
    /// <summary>SHA-256.</summary>
    [Description("HMAC-SHA256, what most systems use.")]
    Sha256,

    /// <summary>SHA-1.</summary>
    [Description("HMAC-SHA1, for old systems.")]
    Sha1,

    /// <summary>SHA-512.</summary>
    [Description("HMAC-SHA512.")]
    Sha512,
}

/// <summary>What a body is.</summary>
public enum WebhookFormat
{
    /// <summary>By the content type.</summary>
    [Description("By the content type of each request.")]
    Auto,

    /// <summary>JSON.</summary>
    [Description("A JSON object or list.")]
    Json,

    /// <summary>JSON Lines.</summary>
    [Description("A JSON object a line.")]
    Jsonl,

    /// <summary>CSV.</summary>
    [Description("Delimited text with a header line.")]
    Csv,

    /// <summary>XML.</summary>
    [Description("XML without a document type; attributes are read as `@name`.")]
    Xml,

    /// <summary>A form.</summary>
    [Description("A form, as browsers send it.")]
    Form,
}
