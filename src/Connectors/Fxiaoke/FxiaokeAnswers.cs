using System.Globalization;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>Reads Fxiaoke's answers: the status is nearly always 200, the truth is <c>errorCode</c> in the body.</summary>
internal sealed class FxiaokeAnswers(string connection, TimeProvider clock) : IAnswerReader
{
    // Fxiaoke names no time: its window is 20 seconds long.
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_tokenPause = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan s_china = TimeSpan.FromHours(8);

    public bool ReadsSuccess => true;

    public Verdict Read(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        if (Envelope.Read(body) is not { Code: { } code } envelope)
        {
            return response.IsSuccessStatusCode
                ? new(VerdictKind.Failed) { Failure = new(FailureKind.Configuration, $"{connection}: {request.RequestUri!.Authority} answered {request.RequestUri.AbsolutePath} with something that is not Fxiaoke's API.", "Check `baseUrl`: each cloud of Fxiaoke has its own address, such as https://open.fxiaoke.com.") }
                : PlainAnswers.Of(connection, request, response);
        }

        if (code == 0)
            return Verdict.Fine;
        var known = FxiaokeCodes.Find(code);
        return known.Kind switch
        {
            CodeKind.Throttled => new(VerdictKind.Throttled) { Wait = s_window },
            CodeKind.Exhausted => new(VerdictKind.Exhausted) { Failure = Failure(FailureKind.Transient, MidnightInChina()) },
            CodeKind.Token => new(VerdictKind.Unauthorized) { Failure = Failure(FailureKind.Configuration) },
            CodeKind.Busy => new(VerdictKind.Retry) { Failure = Failure(FailureKind.Transient) },
            // The endpoint for tokens takes ten requests a minute, one at a time; what it says to an eleventh is written nowhere.
            CodeKind.Record when IsToken(request) => new(VerdictKind.Retry) { Wait = s_tokenPause, Failure = Failure(FailureKind.Transient) },
            CodeKind.Record => new(VerdictKind.Failed) { Failure = Failure(FailureKind.Rejected) },
            _ => new(VerdictKind.Failed) { Failure = Failure(FailureKind.Configuration) },
        };

        ConnectorException Failure(FailureKind kind, DateTimeOffset? pausedUntil = null)
        {
            var said = known.Meaning.Length > 0 ? $": {known.Meaning}" : "";
            var words = envelope.Words.Length > 0 && known.Kind is not CodeKind.Token ? $" ({envelope.Words})" : "";
            var trace = envelope.TraceId is { } id ? $" Fxiaoke's trace id is {id}." : "";
            return new(kind, $"{connection}: Fxiaoke answered {request.RequestUri!.AbsolutePath} with code {code}{said}{words}.{trace}", known.Fix)
            {
                Code = code.ToString(CultureInfo.InvariantCulture),
                PausedUntil = pausedUntil,
            };
        }
    }

    private static bool IsToken(HttpRequestMessage request) => request.RequestUri!.AbsolutePath.EndsWith("/oauth2.0/token", StringComparison.Ordinal);

    private DateTimeOffset MidnightInChina()
    {
        var there = clock.GetUtcNow().ToOffset(s_china);
        return new DateTimeOffset(there.Date.AddDays(1), s_china);
    }

    /// <summary>What stands around every answer.</summary>
    private sealed record Envelope(long? Code, string Words, string? TraceId)
    {
        public static Envelope? Read(ReadOnlySpan<byte> body)
        {
            long? code = null;
            string? message = null, description = null, trace = null;
            try
            {
                var reader = new Utf8JsonReader(body, isFinalBlock: true, default);
                if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                    return null;
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString();
                    reader.Read();
                    switch (name)
                    {
                        case "errorCode":
                            code = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number
                                : reader.TokenType == JsonTokenType.String && long.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? number : null;
                            break;
                        case "errorMessage" when reader.TokenType == JsonTokenType.String:
                            message = reader.GetString();
                            break;
                        case "errorDescription" when reader.TokenType == JsonTokenType.String:
                            description = reader.GetString();
                            break;
                        case "traceId" when reader.TokenType == JsonTokenType.String:
                            trace = reader.GetString();
                            break;
                        default:
                            reader.Skip();
                            break;
                    }
                }
            }
            catch (JsonException)
            {
                // Broken where it no longer matters: the code was there. Else it is no answer of Fxiaoke.
                return code is null ? null : new(code, message ?? "", trace);
            }

            return new(code, string.Join("; ", new[] { message, description }.Where(text => !string.IsNullOrWhiteSpace(text)).Distinct()), trace);
        }
    }
}
