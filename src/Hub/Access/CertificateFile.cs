using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Crm.Integration.Hub.Configuration.Settings;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Access;

/// <summary>The certificate of the service, read again when its file has changed: those who renew it need not restart anything.</summary>
internal sealed class CertificateFile : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);

    private readonly TlsSettings _settings;
    private readonly string _folder;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private X509Certificate2 _current;
    private DateTime _written;
    private DateTimeOffset _looked;

    /// <summary>Reads the certificate.</summary>
    /// <param name="settings">service.tls.</param>
    /// <param name="folder">The hub folder.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">The log.</param>
    /// <exception cref="RefusedException">It cannot be used.</exception>
    public CertificateFile(TlsSettings settings, string folder, TimeProvider clock, ILogger log)
    {
        (_settings, _folder, _clock, _log) = (settings, folder, clock, log);
        _written = Written();
        _current = Read();
        _looked = clock.GetUtcNow();
    }

    /// <summary>When it ends.</summary>
    public DateTimeOffset EndsAt => new(Current().NotAfter.ToUniversalTime(), TimeSpan.Zero);

    /// <summary>The certificate for a new connection.</summary>
    public X509Certificate2 Current()
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            if ((now - _looked).Duration() < s_look)
                return _current;
            _looked = now;
            var written = Written();
            if (written == _written)
                return _current;
            try
            {
                // The one before is left to those whose handshake has begun with it.
                _current = Read();
                _written = written;
                _log.LogInformation("the certificate was renewed and ends at {EndsAt}", _current.NotAfter.ToUniversalTime());
            }
            catch (RefusedException exception)
            {
                // Half written, perhaps: it is looked at again.
                _log.LogWarning("the certificate before is kept: {Problem}", exception.Message);
            }

            return _current;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _current.Dispose();

    private DateTime Written()
    {
        var certificate = File.GetLastWriteTimeUtc(PathOf(_settings.Certificate));
        var key = _settings.Key is null ? certificate : File.GetLastWriteTimeUtc(PathOf(_settings.Key));
        return certificate > key ? certificate : key;
    }

    private X509Certificate2 Read()
    {
        var file = PathOf(_settings.Certificate);
        try
        {
            var certificate = Path.GetExtension(file).ToLowerInvariant() is ".pfx" or ".p12"
                ? X509CertificateLoader.LoadPkcs12FromFile(file, _settings.Password)
                : FromPem(file, _settings.Key is null ? file : PathOf(_settings.Key));
            return certificate.HasPrivateKey
                ? certificate
                : throw RefusedException.Clash($"{file} holds no private key", "name the file of the key in service.tls.key in hub.json");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw RefusedException.Clash(
                $"the certificate {file} cannot be read: {exception.Message}",
                "service.tls in hub.json names the certificate, its key and their password; the account that runs hub must be able to read them");
        }
    }

    private X509Certificate2 FromPem(string file, string key)
    {
        using var read = _settings.Password is { } password ? X509Certificate2.CreateFromEncryptedPemFile(file, password, key) : X509Certificate2.CreateFromPemFile(file, key);

        // Windows cannot use a key that was never stored.
        return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null) : new X509Certificate2(read);
    }

    private string PathOf(string file) => Path.GetFullPath(Path.Combine(_folder, file));
}
