using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Tests.Cli;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.Access;

public sealed class CertificateFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-tls-").FullName;
    private readonly FixedClock _clock = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_renewed_certificate_is_taken_without_a_restart()
    {
        WritePem("hub.pem", "first");
        using var file = new CertificateFile(new TlsSettings { Certificate = "hub.pem" }, _folder, _clock, NullLogger.Instance);
        Assert.Equal("CN=first", file.Current().Subject);

        WritePem("hub.pem", "second");
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "hub.pem"), TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));
        Assert.Equal("CN=first", file.Current().Subject);
        _clock.Set(_clock.GetUtcNow().AddSeconds(10));

        Assert.Equal("CN=second", file.Current().Subject);
    }

    [Fact]
    public void One_that_is_half_written_leaves_the_one_before()
    {
        WritePem("hub.pem", "first");
        using var file = new CertificateFile(new TlsSettings { Certificate = "hub.pem" }, _folder, _clock, NullLogger.Instance);

        File.WriteAllText(Path.Combine(_folder, "hub.pem"), "-----BEGIN CERTIFICATE-----\nMII");
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "hub.pem"), TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));
        _clock.Set(_clock.GetUtcNow().AddSeconds(10));

        Assert.Equal("CN=first", file.Current().Subject);
    }

    [Fact]
    public void A_pfx_file_opens_with_its_password()
    {
        using var certificate = New("pfx");
        File.WriteAllBytes(Path.Combine(_folder, "hub.pfx"), certificate.Export(X509ContentType.Pkcs12, "canary-password"));

        using var file = new CertificateFile(new TlsSettings { Certificate = "hub.pfx", Password = "canary-password" }, _folder, _clock, NullLogger.Instance);

        Assert.Equal("CN=pfx", file.Current().Subject);
        var wrong = Assert.Throws<RefusedException>(() => new CertificateFile(new TlsSettings { Certificate = "hub.pfx", Password = "canary-wrong" }, _folder, _clock, NullLogger.Instance));
        Assert.DoesNotContain("canary", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_is_not_there_is_named() =>
        Assert.Contains("gone.pem", Assert.Throws<RefusedException>(() => new CertificateFile(new TlsSettings { Certificate = "gone.pem" }, _folder, _clock, NullLogger.Instance)).Message, StringComparison.Ordinal);

    private static X509Certificate2 New(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
    }

    private void WritePem(string file, string name)
    {
        using var certificate = New(name);
        File.WriteAllText(Path.Combine(_folder, file), certificate.ExportCertificatePem() + "\n" + certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }
}
