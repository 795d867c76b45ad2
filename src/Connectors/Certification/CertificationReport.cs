using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Certification;

/// <summary>What a certification found.</summary>
public sealed record CertificationReport
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The connector.</summary>
    public required string Connector { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>The version of the checks.</summary>
    public required string Kit { get; init; }

    /// <summary>The level that was reached.</summary>
    public required CertificationLevel Level { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Every check.</summary>
    public required IReadOnlyList<CheckResult> Checks { get; init; }

    /// <summary>What the release offers; the next one is compared with it.</summary>
    public required Manifest Manifest { get; init; }

    /// <summary>SHA-256 over all of the above: shows that a report was changed by hand.</summary>
    public string Hash { get; init; } = "";

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json) + "\n";

    /// <summary>Reads a report.</summary>
    /// <exception cref="ConnectorException">It is none.</exception>
    public static CertificationReport Parse(string json)
    {
        try
        {
            if (JsonSerializer.Deserialize<CertificationReport>(json, s_json) is { } report)
                return report;
        }
        catch (JsonException exception)
        {
            throw new ConnectorException(FailureKind.Configuration, $"This is not a report of a certification: {exception.Message}", "Name a certify-NAME.json that `hub connectors certify` wrote.", exception);
        }

        throw new ConnectorException(FailureKind.Configuration, "This is not a report of a certification.", "Name a certify-NAME.json that `hub connectors certify` wrote.");
    }

    /// <summary>Whether the report is as it was written.</summary>
    [JsonIgnore]
    public bool IsIntact => Hash == HashOf(this);

    /// <summary>The report as Markdown.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(FormattableString.Invariant($"# Certification of `{Connector}` {Version}\n\n**Level reached: {Level}.** Kit {Kit}, {At:yyyy-MM-dd}.\n\n"));
        text.Append("| check | level | result | ms | |\n|---|---|---|---|---|\n");
        foreach (var check in Checks)
            text.Append(FormattableString.Invariant($"| {check.Id} {Cell(check.Title)} | {check.Level} | {check.Outcome.ToString().ToLowerInvariant()} | {check.Milliseconds} | {Cell(string.Join("; ", check.Notes.Prepend(check.Reason).Where(part => part is not null)))} |\n"));
        return text.Append(FormattableString.Invariant($"\nSHA-256 of the report: `{Hash}`\n")).ToString();
    }

    internal static CertificationReport Of(ConnectorDeclaration declaration, IReadOnlyList<CheckResult> checks, Manifest manifest, DateTimeOffset at)
    {
        var report = new CertificationReport
        {
            Connector = declaration.Name,
            Version = declaration.Version,
            Kit = ConnectorCertification.KitVersion,
            Level = Reached(declaration, checks),
            At = at,
            Checks = checks,
            Manifest = manifest,
        };
        return report with { Hash = HashOf(report) };
    }

    // A skip has its reason and does not stand in the way; but who gives nothing when asked is not proven to read in production, and who
    // takes no records not to write.
    private static CertificationLevel Reached(ConnectorDeclaration declaration, IReadOnlyList<CheckResult> checks)
    {
        var reached = CertificationLevel.None;
        foreach (var level in new[] { CertificationLevel.Bronze, CertificationLevel.Silver, CertificationLevel.Gold })
        {
            var own = checks.Where(check => check.Level == level).ToList();
            if (own.Exists(check => check.Outcome == CheckOutcome.Failed) || !own.Exists(check => check.Outcome == CheckOutcome.Passed))
                break;
            if (level == CertificationLevel.Silver && !declaration.Capabilities.HasFlag(ConnectorCapabilities.Pull))
                break;
            if (level == CertificationLevel.Gold && !declaration.Capabilities.HasFlag(ConnectorCapabilities.Push))
                break;
            reached = level;
        }

        return reached;
    }

    private static string HashOf(CertificationReport report) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes((report with { Hash = "" }).ToJson())));

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');
}

/// <summary>What a check found.</summary>
/// <param name="Id">The check's id.</param>
/// <param name="Title">What it proves.</param>
/// <param name="Level">The level that needs it.</param>
/// <param name="Outcome">What came of it.</param>
public sealed record CheckResult(string Id, string Title, CertificationLevel Level, CheckOutcome Outcome)
{
    /// <summary>Why it failed or was skipped.</summary>
    public string? Reason { get; init; }

    /// <summary>What else is worth knowing: rates, and what the system could not show.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How long it took.</summary>
    public long Milliseconds { get; init; }
}

/// <summary>What came of a check.</summary>
public enum CheckOutcome
{
    /// <summary>The connector does it.</summary>
    Passed,

    /// <summary>It does not.</summary>
    Failed,

    /// <summary>It does not apply, or the system cannot show it.</summary>
    Skipped,
}
