using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Webhooks;

/// <summary>Notices that wait to be sent, and their sending.</summary>
internal sealed class WebhookOutbox(Vendor vendor) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    // A proxy of the environment has no business between two programs of one machine.
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Lock _gate = new();
    private List<Notice> _waiting = [];
    private Uri? _target;
    private ITimer? _timer;

    public void Add(Notice notice)
    {
        lock (_gate)
        {
            // Without anyone to tell, nothing is remembered: a subscription does not look back.
            if ((notice.Url ?? _target) is not null)
                _waiting.Add(notice);
        }
    }

    /// <summary>Where notices go from now on, and whether they go by themselves, once a second.</summary>
    public void Aim(Uri? target, bool automatic)
    {
        lock (_gate)
        {
            _target = target;
            _timer?.Dispose();
            _timer = automatic ? vendor.Clock.CreateTimer(_ => _ = SendWaitingAsync(), null, s_pause, s_pause) : null;
        }
    }

    public void Forget()
    {
        lock (_gate)
            _waiting.Clear();
        Aim(null, automatic: false);
    }

    /// <summary>Sends all that waits.</summary>
    /// <param name="reverse">The last one first, as a network may deliver them.</param>
    /// <param name="repeat">How often each request is sent; at least once means sometimes twice.</param>
    /// <param name="cancellationToken">Stops after the request under way.</param>
    public async Task<JsonObject> FlushAsync(bool reverse, int repeat, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            vendor.Settle();
            List<Notice> notices;
            Uri? target;
            lock (_gate)
            {
                (notices, _waiting) = (_waiting, []);
                target = _target;
            }

            var dropped = notices.RemoveAll(_ => vendor.Faults.Take("", "drop-webhook") is not null);
            for (var i = 0; i < dropped; i++)
                vendor.Counters.WebhookDropped();
            if (reverse)
                notices.Reverse();

            var (sent, refused) = (0, 0);
            string? problem = null;
            foreach (var batch in notices.GroupBy(notice => (notice.Group, notice.Url)).SelectMany(group => group.Chunk(vendor.NoticesPerWebhook)))
            {
                for (var i = 0; i < repeat; i++)
                {
                    var trouble = await SendAsync(batch, target, cancellationToken);
                    problem ??= trouble;
                    _ = trouble is null ? sent++ : refused++;
                    if (trouble is not null && vendor.ResendsWebhooks && i == repeat - 1)
                        PutBack(batch);
                }
            }

            return new JsonObject { ["sent"] = sent, ["dropped"] = dropped, ["refused"] = refused, ["problem"] = problem };
        }
        finally
        {
            _sending.Release();
        }
    }

    public void Dispose()
    {
        Aim(null, automatic: false);
        _http.Dispose();
        _sending.Dispose();
    }

    private async Task SendWaitingAsync()
    {
        try
        {
            // A slow receiver must not gather a queue of senders.
            if (_sending.CurrentCount > 0)
                await FlushAsync(reverse: false, repeat: 1, CancellationToken.None);
        }
        catch (ObjectDisposedException)
        {
            // The sandbox ended while the timer fired; what waited ends with it.
        }
    }

    private async Task<string?> SendAsync(Notice[] batch, Uri? target, CancellationToken cancellationToken)
    {
        HttpRequestMessage? request;
        lock (vendor.Gate)
            request = vendor.Pack(batch);
        if (request is null)
            return null;

        using (request)
        {
            request.RequestUri ??= batch[0].Url ?? target;
            try
            {
                vendor.Counters.WebhookSent();
                using var response = await _http.SendAsync(request, cancellationToken);
                var body = await response.Content.ReadAsStringAsync(cancellationToken);
                return vendor.Accepts(response, body) ? null : $"{request.RequestUri} answered {(int)response.StatusCode} and did not acknowledge.";
            }
            catch (HttpRequestException problem)
            {
                return $"{request.RequestUri} was not reached: {problem.Message}";
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return $"{request.RequestUri} did not answer within {_http.Timeout.TotalSeconds:0} seconds.";
            }
        }
    }

    private void PutBack(Notice[] batch)
    {
        lock (_gate)
            _waiting.InsertRange(0, batch);
    }
}
