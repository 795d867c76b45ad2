using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Integration.Benchmarks.Webhooks;

/// <summary>Requests as a shop sends them, made and signed beforehand; only the id of the delivery is written for each.</summary>
internal sealed class HookRequests
{
    /// <summary>With what they are signed.</summary>
    public const string Secret = "bench-4f1d0c";

    private const int Different = 64;
    private const int IdLength = 16;

    private readonly byte[][] _requests;
    private readonly int[] _idAt;

    public HookRequests(Uri address)
    {
        _requests = new byte[Different][];
        _idAt = new int[Different];
        for (var i = 0; i < Different; i++)
        {
            var body = Encoding.UTF8.GetBytes($$"""{"event":"customer.updated","data":{"id":"C{{i:D6}}","first":"Anna{{i}}","last":"Keller{{i}}","email":"anna.{{i}}@mail{{i}}.example","phone":"+49 30 1234{{i:D4}}","street":"Lange Straße {{i}}","zip":"10115","city":"Berlin","country":"DE","updated_at":"2026-05-01T12:00:00Z","note":"{{new string('n', 120)}}"} }""");
            var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body));
            var head = $"POST {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\nUser-Agent: shop/1\r\nContent-Type: application/json\r\nX-Signature: sha256={signature}\r\nX-Delivery-Id: ";
            _idAt[i] = Encoding.UTF8.GetByteCount(head);
            _requests[i] = [.. Encoding.UTF8.GetBytes($"{head}{new string('0', IdLength)}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
        }
    }

    /// <summary>The length of the longest.</summary>
    public int Longest => _requests.Max(request => request.Length);

    /// <summary>Writes request number so many.</summary>
    /// <returns>Its length.</returns>
    public int Write(ulong id, Span<byte> buffer)
    {
        var which = (int)(id % Different);
        _requests[which].CopyTo(buffer);

        // Ids as far apart as those that real systems draw by lot, and never the same.
        Scatter(id).TryFormat(buffer[_idAt[which]..], out _, "x16", CultureInfo.InvariantCulture);
        return _requests[which].Length;
    }

    /// <summary>The id of a delivery, as the hub is told it.</summary>
    public static string IdOf(ulong number) => Scatter(number).ToString("x16", CultureInfo.InvariantCulture);

    // A bijection on 64 bits: different numbers have different ids.
    private static ulong Scatter(ulong number)
    {
        number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
        number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
        return number ^ (number >> 31);
    }
}
