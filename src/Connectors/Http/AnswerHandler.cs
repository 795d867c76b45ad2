using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>One attempt on the wire: its time-out, what its answer means, and whether its body is whole. Writes a line to the log for each.</summary>
internal sealed class AnswerHandler(ApiProfile profile, ConnectionContext context, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int HeadSize = 64 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = context.Clock.GetTimestamp();
        var seen = "cancelled";
        int? status = null;
        using var call = CallMeter.Begin(context.Name, request);
        try
        {
            var response = await SendWithinTimeAsync(request, cancellationToken);
            status = (int)response.StatusCode;
            seen = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            try
            {
                response.RequestMessage = request;
                var verdict = await ReadAsync(request, response, cancellationToken);
                Attempt.Set(request, verdict);
                if (verdict.Kind != VerdictKind.Fine)
                    seen += $" {verdict.Kind}";
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
        catch (AttemptException exception)
        {
            seen = exception.Message;
            throw;
        }
        finally
        {
            var took = context.Clock.GetElapsedTime(started);
            CallMeter.End(call, context.Name, status, took, Attempt.Number(request));
            context.Trace($"{context.Name}: {Attempt.Describe(request)}: {seen}, {took.TotalMilliseconds:N0} ms, attempt {Attempt.Number(request)}");
        }
    }

    private async Task<HttpResponseMessage> SendWithinTimeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(profile.AttemptTimeout, context.Clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            return await base.SendAsync(request, linked.Token);
        }
        catch (HttpRequestException exception)
        {
            throw AttemptException.Of(exception, request.RequestUri!.Authority);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The time to connect is shorter than the time to answer, and ends with this.
            throw exception.InnerException is TimeoutException && !time.IsCancellationRequested
                ? new AttemptException("did not take the connection in time", mayHaveActed: false, exception)
                : new AttemptException($"did not answer within {profile.AttemptTimeout.TotalSeconds:0.#} seconds", mayHaveActed: true, exception);
        }
    }

    private async Task<Verdict> ReadAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = new BodyStream(await response.Content.ReadAsStreamAsync(cancellationToken), profile.AttemptTimeout, context.Clock);
        if (!response.IsSuccessStatusCode)
        {
            var beginning = await HeadAsync(body, isRefusal: true, cancellationToken);
            var verdict = WithWait(profile.Answers.Read(request, response, beginning), response);
            // Fine all the same (not modified, an answer for each record): the caller reads it, and is to have it whole.
            if (verdict.Kind == VerdictKind.Fine)
                Replace(response, await WholeAsync(request, response, body, beginning, cancellationToken));
            return verdict;
        }

        if (response.Content.Headers.ContentType?.MediaType is "text/html" && !request.Headers.Accept.Any(accept => accept.MediaType is "text/html"))
            throw new AttemptException("answered with a web page instead of data, as during maintenance or behind a proxy's sign-in,", mayHaveActed: true);
        if (Attempt.IsStreamed(request))
        {
            var head = profile.Answers.ReadsSuccess ? await HeadAsync(body, isRefusal: false, cancellationToken) : [];
            response.Content = new StreamedContent(new StreamedBody(head, body, context.Name, Attempt.Describe(request)), response.Content.Headers);
            return WithWait(profile.Answers.Read(request, response, head), response);
        }

        var whole = await WholeAsync(request, response, body, [], cancellationToken);
        Replace(response, whole);
        return WithWait(profile.Answers.Read(request, response, profile.Answers.ReadsSuccess ? whole : []), response);
    }

    private static void Replace(HttpResponseMessage response, byte[] whole)
    {
        var content = new ByteArrayContent(whole);
        CopyHeaders(response.Content.Headers, content.Headers);
        response.Content = content;
    }

    private async Task<byte[]> WholeAsync(HttpRequestMessage request, HttpResponseMessage response, BodyStream body, byte[] beginning, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream((int)Math.Clamp(response.Content.Headers.ContentLength ?? 0, 0, profile.MaxBody));
        buffer.Write(beginning);
        var piece = new byte[16 * 1024];
        for (int read; (read = await body.ReadAsync(piece, cancellationToken)) > 0;)
        {
            if (buffer.Length + read > profile.MaxBody)
            {
                throw new ConnectorException(
                    FailureKind.Rejected,
                    $"{context.Name}: the answer to {Attempt.Describe(request)} is larger than {profile.MaxBody / (1024 * 1024):N0} MB.",
                    "Ask for fewer records or fields at a time.");
            }

            buffer.Write(piece, 0, read);
        }

        var whole = buffer.ToArray();
        if (response.Content.Headers.ContentType?.MediaType is { } type && (type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal)) && !IsWholeJson(whole))
            throw new AttemptException("answered with JSON that is broken or cut off", mayHaveActed: true);
        return whole;
    }

    // A reader of the body could not ask for it again; here it is one more failed attempt.
    private static bool IsWholeJson(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
            return true;
        var reader = new Utf8JsonReader(body.StartsWith("\uFEFF"u8) ? body[3..] : body, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private async Task<byte[]> HeadAsync(BodyStream body, bool isRefusal, CancellationToken cancellationToken)
    {
        var head = new byte[HeadSize];
        var length = 0;
        try
        {
            for (int read; length < HeadSize && (read = await body.ReadAsync(head.AsMemory(length), cancellationToken)) > 0;)
                length += read;
        }
        catch (AttemptException exception) when (isRefusal)
        {
            // A refusal that breaks off is still a refusal: status and beginning tell what it is.
            context.Trace($"{context.Name}: the system {exception.Message}, after a status that tells enough");
        }

        return head[..length];
    }

    private Verdict WithWait(Verdict verdict, HttpResponseMessage response)
    {
        if (verdict.Wait is not null || verdict.Kind is not (VerdictKind.Retry or VerdictKind.Throttled) || response.Headers.RetryAfter is not { } after)
            return verdict;
        // A date counts from the system's own clock, which may differ from ours.
        var wait = after.Delta ?? after.Date - (response.Headers.Date ?? context.Clock.GetUtcNow());
        return verdict with { Wait = wait is { } some && some > TimeSpan.Zero ? some : TimeSpan.Zero };
    }

    internal static void CopyHeaders(HttpContentHeaders from, HttpContentHeaders to)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                to.TryAddWithoutValidation(name, values);
        }
    }
}
