using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Crm.Integration.EndToEnd.Tests.Webhooks;

/// <summary>Whatever is sent to the real program over real sockets: it is answered as it should be, logged without its content, and stops no good one.</summary>
public sealed class BadRequestTests : IAsyncLifetime
{
    private HookSender _shop = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _shop = await HookSender.StartAsync("""{ "connections": 100, "hooks": { "bodyLimitKilobytes": 64 } }""");

    public ValueTask DisposeAsync()
    {
        _shop?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Each_bad_request_has_its_answer_and_a_line_in_the_log_without_its_content()
    {
        var large = HookSender.Customer(new string('x', 70_000));
        (HttpRequestMessage Request, HttpStatusCode Status, string? Reason)[] cases =
        [
            (Without(HookSender.Good("a1"), "X-Signature"), HttpStatusCode.Unauthorized, "no-signature"),
            (Without(HookSender.Good("a2"), "X-Time"), HttpStatusCode.Unauthorized, "no-signature"),
            (HookSender.Good("a3", secret: "another"), HttpStatusCode.Unauthorized, "bad-signature"),
            (WithBody(HookSender.Good("a4"), HookSender.Customer("other")), HttpStatusCode.Unauthorized, "bad-signature"),
            (HookSender.Good("a5", secondsAgo: 3600), HttpStatusCode.Unauthorized, "stale"),
            (HookSender.Good("a6", secondsAgo: -3600), HttpStatusCode.Unauthorized, "stale"),
            (HookSender.Good("a7", large), HttpStatusCode.RequestEntityTooLarge, "too-large"),
            (Chunked(HookSender.Good("a8", large)), HttpStatusCode.RequestEntityTooLarge, "too-large"),
            (Encoded(HookSender.Signed(Gzip(new byte[50_000_000]), "a9"), "gzip"), HttpStatusCode.RequestEntityTooLarge, "too-large-unpacked"),
            (Encoded(HookSender.Good("b1"), "gzip"), HttpStatusCode.BadRequest, "not-unpackable"),
            (Encoded(HookSender.Good("b2"), "zstd"), HttpStatusCode.UnsupportedMediaType, "not-unpackable"),
            (Typed(HookSender.Good("b3"), "text/plain"), HttpStatusCode.UnsupportedMediaType, "unknown-content-type"),
            (To(HookSender.Good("b4"), HttpMethod.Put, "/hooks/shop/customers"), HttpStatusCode.MethodNotAllowed, "wrong-method"),
        ];
        foreach (var (request, status, reason) in cases)
        {
            var id = request.Headers.GetValues("X-Delivery").Single();
            request.Headers.Add("X-Note", Uri.EscapeDataString(HookSender.Canary));
            var answer = await _shop.SendAsync(request);
            Assert.True(status == answer.Status, $"{id}: {answer.Status} {answer.Body}");
            Assert.DoesNotContain(HookSender.Canary, answer.Body, StringComparison.Ordinal);
            Assert.Equal(0, _shop.Stored(id));
            await _shop.AssertGoodPassesAsync($"good-{id}");
        }

        await AssertLogAsync([.. cases.Select(each => each.Reason!)]);
    }

    [Fact]
    public async Task Unknown_addresses_all_have_the_same_answer()
    {
        var answers = new List<string>();
        foreach (var path in (string[])
        [
            "/hooks/nobody/customers", "/hooks/shop/nothing", "/hooks/files/people.csv", "/hooks/", "/hooks/shop", "/hooks/shop/", "/hooks//customers", "/hooks/shop/customers/",
            "/hooks/shop%2Fcustomers%2F..", "/hooks/shop/%00", "/hooks/" + new string('x', 4000), "/hooks/%F0%28%8C%28/x", "/hooks/SHOP/customers",
        ])
        {
            using var request = To(HookSender.Good("d"), HttpMethod.Post, path);
            var (status, body, _) = await _shop.SendAsync(request);
            Assert.True(status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{path}: {status}");
            if (status == HttpStatusCode.NotFound)
                answers.Add(body);
        }

        Assert.True(answers.Count >= 9, $"{answers.Count}");
        Assert.Single(answers.Distinct());
        await _shop.AssertGoodPassesAsync("good");
    }

    [Fact]
    public async Task A_request_that_comes_again_is_acknowledged_and_stored_once()
    {
        for (var i = 0; i < 3; i++)
        {
            using var request = HookSender.Good("same");
            var (status, body, _) = await _shop.SendAsync(request);
            Assert.Equal((HttpStatusCode.OK, ""), (status, body));
        }

        Assert.Equal(1, _shop.Stored("same"));
    }

    [Fact]
    public async Task What_is_genuine_is_stored_byte_for_byte_also_packed_and_when_it_is_no_JSON()
    {
        foreach (var (id, request) in new[]
        {
            ("plain", HookSender.Good("plain", "canary { no json")),
            ("gzip", Encoded(HookSender.Signed(Gzip("canary { no json"u8.ToArray()), "gzip"), "gzip")),
            ("chunked", Chunked(HookSender.Good("chunked", "canary { no json"))),
        })
        {
            Assert.Equal(HttpStatusCode.OK, (await _shop.SendAsync(request)).Status);
            using var store = HookSender.Inbox(_shop.Folder);
            Assert.Equal("canary { no json"u8.ToArray(), store.Scalar<byte[]>("select body from inbox where delivery_id = @id", new { id }));
            Assert.Equal("""{"Content-Type":"application/json"}""", store.Scalar<string>("select headers from inbox where delivery_id = @id", new { id }));
        }
    }

    [Fact]
    public async Task Who_tries_an_address_out_is_answered()
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
        {
            using var request = new HttpRequestMessage(method, "/hooks/shop/customers");
            Assert.Equal(HttpStatusCode.OK, (await _shop.SendAsync(request)).Status);
        }

        using var store = HookSender.Inbox(_shop.Folder);
        Assert.Equal(0, store.Scalar<long>("select count(*) from inbox"));
    }

    [Fact]
    public async Task Who_sends_byte_by_byte_is_cut_off_and_good_ones_pass_meanwhile()
    {
        string[] beginnings = ["POST /hooks/shop/customers HTTP/1.1\r\nHost: x\r\nX-Slow: ", "POST /hooks/shop/customers HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n"];
        var slow = new List<Task<TimeSpan>>();
        foreach (var beginning in beginnings)
        {
            for (var i = 0; i < 20; i++)
                slow.Add(DripAsync(beginning));
        }

        for (var i = 0; !slow.TrueForAll(each => each.IsCompleted); i++)
        {
            await _shop.AssertGoodPassesAsync($"good-{i}");
            await Task.Delay(200, Token);
        }

        Assert.All(await Task.WhenAll(slow), took => Assert.InRange(took.TotalSeconds, 1, 40));
        await AssertLogAsync(["too-slow"]);
    }

    [Fact]
    public async Task A_thousand_connections_that_never_send_do_not_keep_out_a_good_one()
    {
        var silent = new List<Socket>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                silent.Add(await _shop.ConnectAsync());
                if (i % 100 == 99)
                    await _shop.AssertGoodPassesAsync($"good-{i}");
            }

            // Those that were idle longest gave way; the last ones may stay.
            Assert.Equal(0, await silent[0].ReceiveAsync(new byte[1], Token).AsTask().ContinueWith(read => read.IsFaulted ? 0 : read.Result, Token, TaskContinuationOptions.None, TaskScheduler.Default));
            Assert.True(silent[^1].Poll(0, SelectMode.SelectRead) == false, "the newest was closed");
            Assert.Contains("network connections are open", _shop.Log(), StringComparison.Ordinal);
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }

        await _shop.AssertGoodPassesAsync("after");
    }

    [Fact]
    public async Task Bytes_that_are_no_HTTP_stop_nothing()
    {
        byte[][] junk = [[0x16, 3, 1, 2, 0, 1, 0, 1], new byte[70_000], "POST /hooks/shop/customers HTTP/1.1\r\nContent-Length: -1\r\n\r\n"u8.ToArray(), "POST /hooks/shop/customers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"u8.ToArray()];
        foreach (var bytes in junk)
        {
            using var socket = await _shop.ConnectAsync();
            await socket.SendAsync(bytes, Token);
            var answer = new byte[1000];
            var read = await socket.ReceiveAsync(answer, Token).AsTask().ContinueWith(read => read.IsFaulted ? 0 : read.Result, Token, TaskContinuationOptions.None, TaskScheduler.Default);
            Assert.True(read == 0 || Encoding.ASCII.GetString(answer, 0, read).StartsWith("HTTP/1.1 4", StringComparison.Ordinal));
        }

        await _shop.AssertGoodPassesAsync("good");
        await AssertLogAsync([]);
    }

    // A byte a third of a second, until the other side has had enough.
    private async Task<TimeSpan> DripAsync(string beginning)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var socket = await _shop.ConnectAsync();
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(beginning), Token);
            while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60))
            {
                await socket.SendAsync("x"u8.ToArray(), Token);
                await Task.Delay(300, Token);
                if (socket.Poll(0, SelectMode.SelectRead) && await socket.ReceiveAsync(new byte[4096], Token) == 0)
                    break;
            }
        }
        catch (SocketException)
        {
            // It was cut off while it sent.
        }

        return TimeProvider.System.GetElapsedTime(began);
    }

    private async Task AssertLogAsync(IReadOnlyList<string> reasons)
    {
        // The log is written behind the answers.
        for (var i = 0; i < 50 && !reasons.All(reason => _shop.Log().Contains(reason, StringComparison.Ordinal)); i++)
            await Task.Delay(100, Token);
        var log = _shop.Log();
        Assert.All(reasons, reason => Assert.Contains(reason, log, StringComparison.Ordinal));
        Assert.DoesNotContain("canary", log, StringComparison.OrdinalIgnoreCase);
    }

    private static HttpRequestMessage Without(HttpRequestMessage request, string header)
    {
        request.Headers.Remove(header);
        return request;
    }

    private static HttpRequestMessage WithBody(HttpRequestMessage request, string body)
    {
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }

    private static HttpRequestMessage Chunked(HttpRequestMessage request)
    {
        request.Headers.TransferEncodingChunked = true;
        return request;
    }

    private static HttpRequestMessage Encoded(HttpRequestMessage request, string encoding)
    {
        request.Content!.Headers.ContentEncoding.Add(encoding);
        return request;
    }

    private static HttpRequestMessage Typed(HttpRequestMessage request, string type)
    {
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue(type);
        return request;
    }

    private static HttpRequestMessage To(HttpRequestMessage request, HttpMethod method, string path)
    {
        (request.Method, request.RequestUri) = (method, new Uri(path, UriKind.Relative));
        return request;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
