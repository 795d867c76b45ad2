using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Webhook;

/// <summary>Proves that a request comes from its sender: by a signature over the raw bytes, a token or a password. Comparisons take the same time whatever is sent.</summary>
internal sealed class WebhookProof
{
    private const int LongestMac = 64;
    private const int MostSignatures = 5;

    private static readonly string[] s_names = ["{body}", "{timestamp}", "{id}"];
    private static readonly string[] s_schemes = ["Bearer ", "Basic ", "Token "];

    private readonly WebhookSettings _settings;
    private readonly IReadOnlyList<byte[]> _keys;
    private readonly IReadOnlyList<byte[]> _credentials;
    private readonly List<string> _signed;

    /// <exception cref="ConnectorException">The settings prove nothing, or contradict each other.</exception>
    public WebhookProof(WebhookSettings settings)
    {
        _settings = settings;
        string?[] ways = [settings.Secret, settings.Token, settings.Password];
        if (ways.Count(string.IsNullOrEmpty) != 2)
            throw Bad("exactly one of `secret`, `token` and `password` must be set: otherwise anybody could send", "Set the one that the sender can use; `secret` is the safest.");
        if (settings.Password is not null && string.IsNullOrEmpty(settings.User))
            throw Bad("there is a `password` and no `user`", "Set both as in the sender.");
        string[] secrets = [.. new[] { settings.Secret ?? settings.Token ?? settings.Password, settings.PreviousSecret }.OfType<string>().Where(secret => secret.Length > 0)];
        _keys = settings.Secret is null ? [] : [.. secrets.Select(Key)];
        _credentials = settings.Secret is not null ? [] : [.. secrets.Select(secret => Digest(settings.Token is null ? $"{settings.User}:{secret}" : secret))];
        _signed = Pieces(settings.SignedText ?? (settings.TimestampHeader is null ? "{body}" : "{timestamp}.{body}"));
        if (settings.Secret is not null && !_signed.Contains("{body}"))
            throw Bad("`signedText` holds no {body}: the body could be anything", "Write it as the sender's documentation says, such as {timestamp}.{body}.");
        if (_signed.Contains("{timestamp}") && settings.TimestampHeader is null)
            throw Bad("`signedText` holds {timestamp}, but there is no `timestampHeader`", "Set `timestampHeader` to the header in which the sender tells it.");
        if (_signed.Contains("{id}") && settings.DeliveryIdHeader is null)
            throw Bad("`signedText` holds {id}, but there is no `deliveryIdHeader`", "Set `deliveryIdHeader` to the header in which the sender tells it.");
    }

    /// <summary>What is proven with, for people.</summary>
    public string Way => _settings.Secret is not null ? $"HMAC-{_settings.Algorithm.ToString().ToUpperInvariant()} in the header {_settings.SignatureHeader}"
        : _settings.Token is not null ? $"a token in the header {_settings.TokenHeader}"
        : "user and password";

    /// <summary>Whether it comes from its sender.</summary>
    public WebhookVerdict Verify(WebhookRequest request)
    {
        var timestamp = _settings.TimestampHeader is null ? null : Parts(request, _settings.TimestampHeader, _settings.TimestampPrefix).FirstOrDefault();
        var id = _settings.DeliveryIdHeader is null ? null : Header(request, _settings.DeliveryIdHeader);
        var (reason, signature) = _settings.Secret is null ? (VerifyCredentials(request), null) : VerifySignature(request, timestamp, id);
        if (reason is not null)
            return new(false, reason);
        if (_settings.TimestampHeader is not null && !IsFresh(timestamp, request.ReceivedAt))
            return new(false, timestamp is null ? "no-timestamp" : "stale");

        // A signature over a time of sending is never the same twice, but for a request that is replayed.
        return new(true) { DeliveryId = id ?? (_signed.Contains("{timestamp}") ? signature : null) };
    }

    /// <summary>A header, whatever the case of its name.</summary>
    public static string? Header(WebhookRequest request, string name) =>
        request.Headers.TryGetValue(name, out var value) ? value : request.Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private (string? Reason, string? Signature) VerifySignature(WebhookRequest request, string? timestamp, string? id)
    {
        if ((timestamp is null && _signed.Contains("{timestamp}")) || (id is null && _signed.Contains("{id}")))
            return ("no-signature", null);
        var given = Parts(request, _settings.SignatureHeader, _settings.SignaturePrefix).Take(MostSignatures).ToList();
        if (given.Count == 0)
            return ("no-signature", null);

        byte[]? rented = null;
        var text = _signed is ["{body}"] ? request.Body.Span : Signed(request, timestamp, id, out rented);
        Span<byte> expected = stackalloc byte[LongestMac];
        Span<byte> sent = stackalloc byte[LongestMac];
        string? matched = null;
        foreach (var key in _keys)
        {
            var mac = expected[..Mac(key, text, expected)];
            foreach (var signature in given)
            {
                if (Decode(signature, sent, out var length) && CryptographicOperations.FixedTimeEquals(mac, sent[..length]))
                    matched ??= signature;
            }
        }

        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return (matched is null ? "bad-signature" : null, matched);
    }

    private string? VerifyCredentials(WebhookRequest request)
    {
        if (Header(request, _settings.Token is null ? "Authorization" : _settings.TokenHeader) is not { Length: > 0 } given)
            return "no-credentials";
        var sent = SHA256.HashData(_settings.Token is null ? Basic(given) : Encoding.UTF8.GetBytes(WithoutScheme(given)));
        var fits = false;
        foreach (var expected in _credentials)
            fits |= CryptographicOperations.FixedTimeEquals(expected, sent);
        return fits ? null : "bad-credentials";
    }

    private ReadOnlySpan<byte> Signed(WebhookRequest request, string? timestamp, string? id, out byte[] rented)
    {
        rented = ArrayPool<byte>.Shared.Rent(_signed.Sum(piece => piece == "{body}" ? request.Body.Length : Encoding.UTF8.GetMaxByteCount(Text(piece).Length)));
        var length = 0;
        foreach (var piece in _signed)
        {
            var room = rented.AsSpan(length);
            if (piece != "{body}")
            {
                length += Encoding.UTF8.GetBytes(Text(piece), room);
                continue;
            }

            request.Body.Span.CopyTo(room);
            length += request.Body.Length;
        }

        return rented.AsSpan(0, length);

        string Text(string piece) => piece switch { "{timestamp}" => timestamp!, "{id}" => id!, _ => piece };
    }

    [SuppressMessage("Security", "CA5350", Justification = "Some old systems sign with SHA-1; as an HMAC it is not broken.")]
    private int Mac(byte[] key, ReadOnlySpan<byte> text, Span<byte> mac) => _settings.Algorithm switch
    {
        WebhookHash.Sha1 => HMACSHA1.HashData(key, text, mac),
        WebhookHash.Sha512 => HMACSHA512.HashData(key, text, mac),
        _ => HMACSHA256.HashData(key, text, mac),
    };

    private bool Decode(string signature, Span<byte> bytes, out int length)
    {
        if (_settings.SignatureForm == WebhookSignatureForm.Base64)
            return Convert.TryFromBase64String(signature, bytes, out length);
        return Convert.FromHexString(signature, bytes, out _, out length) == OperationStatus.Done;
    }

    private bool IsFresh(string? timestamp, DateTimeOffset now)
    {
        if (timestamp is null)
            return false;
        var sent = long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            // Seconds have ten digits until the year 2286, milliseconds thirteen.
            ? number < 100_000_000_000 ? number * 1000 : number
            : DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant.ToUnixTimeMilliseconds() : long.MinValue / 2;
        return Math.Abs(now.ToUnixTimeMilliseconds() - sent) <= _settings.TimestampToleranceSeconds * 1000L;
    }

    // Of several in a header, those with the prefix.
    private static IEnumerable<string> Parts(WebhookRequest request, string name, string prefix)
    {
        if (Header(request, name) is not { } header)
            return [];
        char[] between = prefix.Contains(',', StringComparison.Ordinal) ? [' '] : [' ', ','];
        return header.Split(between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(part => part.StartsWith(prefix, StringComparison.Ordinal))
            .Select(part => part[prefix.Length..]);
    }

    private static List<string> Pieces(string template)
    {
        var pieces = new List<string>();
        for (var at = 0; at < template.Length;)
        {
            var name = s_names.FirstOrDefault(name => string.CompareOrdinal(template, at, name, 0, name.Length) == 0);
            var piece = name ?? template[at].ToString();
            at += piece.Length;
            if (name is null && pieces.Count > 0 && !s_names.Contains(pieces[^1]))
                pieces[^1] += piece;
            else
                pieces.Add(piece);
        }

        return pieces;
    }

    private byte[] Key(string secret)
    {
        try
        {
            return _settings.SecretForm switch
            {
                WebhookSecretForm.Base64 => Convert.FromBase64String(secret[(secret.LastIndexOf('_') + 1)..]),
                WebhookSecretForm.Hex => Convert.FromHexString(secret),
                _ => Encoding.UTF8.GetBytes(secret),
            };
        }
        catch (FormatException)
        {
            // What was written is the secret: it must not stand in the message, nor in its cause.
            throw Bad($"`secret` is not written in {_settings.SecretForm}", "Copy it anew, or set `secretForm` to text.");
        }
    }

    private static byte[] Basic(string header)
    {
        var bytes = new byte[header.Length];
        return Convert.TryFromBase64String(WithoutScheme(header), bytes, out var length) ? bytes[..length] : [];
    }

    private static string WithoutScheme(string header)
    {
        foreach (var scheme in s_schemes)
        {
            if (header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                return header[scheme.Length..].Trim();
        }

        return header.Trim();
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static ConnectorException Bad(string what, string fix) => new(FailureKind.Configuration, $"In this connection {what}.", fix);
}
