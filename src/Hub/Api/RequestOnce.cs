using System.Security.Cryptography;
using System.Text;
using Crm.Integration.Hub.Triggers;

namespace Crm.Integration.Hub.Api;

/// <summary>Runs that their caller asks for under a key: a caller that never got the answer asks again, and gets the same request.</summary>
internal static class RequestOnce
{
    private const int LongestKey = 200;
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(7);

    /// <summary>Asks for a run, unless the same caller did so before under the same key.</summary>
    /// <exception cref="RefusedException">It asked for something else under that key.</exception>
    public static long Add(RunRequests requests, NewRunRequest request, string key)
    {
        if (key.Length is 0 or > LongestKey)
            throw RefusedException.Invalid("Idempotency-Key", $"a key has 1 to {LongestKey} characters", "a random UUID serves");
        var asked = string.Join('\n', request.Pipelines.Append($"{request.Rehearsal} {request.IgnoreLimits}"));
        var body = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked)));
        var (id, same) = requests.Write(transaction =>
        {
            var now = transaction.Store.Now;
            transaction.Execute("delete from request_once where at < @before", new { before = now - (long)s_kept.TotalMilliseconds });
            if (transaction.First<Known>("select body, request_id from request_once where actor = @By and name = @key", new { request.By, key }) is { } known)
                return (known.RequestId, known.Body == body);
            var added = RunRequests.Add(transaction, request)!.Value;
            transaction.Execute("insert into request_once (actor, name, body, request_id, at) values (@By, @key, @body, @added, @now)", new { request.By, key, body, added, now });
            return (added, true);
        });
        return same ? id : throw RefusedException.Invalid("Idempotency-Key", "another run was asked for under this key", "a key is for one request: take a new one");
    }

    private sealed record Known
    {
        public string Body { get; init; } = "";

        public long RequestId { get; init; }
    }
}
