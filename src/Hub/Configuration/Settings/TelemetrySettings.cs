using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Hub.Configuration.Settings;

/// <summary>Who may read <c>/metrics</c>.</summary>
public sealed record MetricsSettings
{
    /// <summary>Without a token from this machine.</summary>
    [Description("Whether programs on this machine may read `/metrics`, and the details of `/health/ready`, without a token. What comes through a proxy counts as coming from outside.")]
    public bool OpenOnLoopback { get; init; } = true;
}

/// <summary>Where traces and metrics are sent.</summary>
public sealed record OtlpSettings : IValidatableObject
{
    /// <summary>The collector.</summary>
    [Description("The address of an OpenTelemetry collector, to which traces and metrics are sent: `http://127.0.0.1:4318` (httpProtobuf) or `http://127.0.0.1:4317` (grpc). Null sends nothing.")]
    public string? Endpoint { get; init; }

    /// <summary>How it is spoken to.</summary>
    [Description("How the collector is spoken to.")]
    public OtlpProtocol Protocol { get; init; } = OtlpProtocol.HttpProtobuf;

    /// <summary>Headers.</summary>
    [Secret]
    [Description("Headers that the collector wants, such as a key: `{ \"x-api-key\": \"${env:OTLP_KEY}\" }`.")]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>How often metrics are sent.</summary>
    [Description("How often metrics are sent, in seconds."), Range(1, 3600)]
    public int EverySeconds { get; init; } = 60;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint is not null && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            yield return new ValidationResult("'endpoint' must be an address that begins with http:// or https://: http://127.0.0.1:4318", [nameof(Endpoint)]);
    }
}

/// <summary>How an OpenTelemetry collector is spoken to.</summary>
public enum OtlpProtocol
{
    /// <summary>Protobuf over HTTP.</summary>
    [Description("Protobuf over HTTP; passes proxies.")]
    HttpProtobuf,

    /// <summary>gRPC.</summary>
    [Description("gRPC, over HTTP/2.")]
    Grpc,
}

/// <summary>From when on the service says that it is not ready.</summary>
public sealed record HealthSettings
{
    /// <summary>The least free space.</summary>
    [Description("With less free space than this on the disk of the hub folder, in megabytes, the service says that it is not ready."), Range(0, 1000000)]
    public int LeastFreeMegabytes { get; init; } = 500;

    /// <summary>The most that clocks may differ.</summary>
    [Description("How far the clock of this machine and that of the database server may be apart, in seconds. Leases between nodes go by them."), Range(1, 3600)]
    public int MostClockSkewSeconds { get; init; } = 5;
}
