using System.Security.Cryptography;
using System.Text;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Accounts;

/// <summary>
/// The key that seals secrets in the store (AES-256-GCM): from the environment variable HUB_KEY or the file data/hub.key. It is never in
/// the store itself, so that a copy of the store alone tells nothing.
/// </summary>
internal sealed class HubKey
{
    /// <summary>The environment variable that holds it.</summary>
    public const string Variable = "HUB_KEY";

    private const int KeyBytes = 32;
    private const int ShortestPhrase = 20;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _key;

    private HubKey(byte[] key, string place)
    {
        _key = key;
        Place = place;
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(key, "hub key"u8), 0, 8);
    }

    /// <summary>Tells keys apart; nothing can be learnt from it.</summary>
    public string Id { get; }

    /// <summary>Where it was found, for messages.</summary>
    public string Place { get; }

    /// <summary>The file that holds it when HUB_KEY is not set.</summary>
    public static string FileOf(string hubFolder) => Path.Combine(hubFolder, "data", "hub.key");

    /// <summary>The key of a hub folder, or null when there is none yet.</summary>
    /// <param name="hubFolder">The hub folder.</param>
    /// <param name="environment">Environment variables by name.</param>
    /// <exception cref="StoreException">What is there is no key.</exception>
    public static HubKey? Find(string hubFolder, Func<string, string?> environment)
    {
        if (environment(Variable) is { Length: > 0 } phrase)
            return new(OfPhrase(phrase), $"the environment variable {Variable}");
        var file = FileOf(hubFolder);
        if (!File.Exists(file))
            return null;
        return new(OfBase64(File.ReadAllText(file).Trim()) ?? throw new StoreException($"{file} does not hold a key", "put the right file back from a backup of it; it is one line that hub once made"), file);
    }

    /// <summary>The key of a hub folder; made when there is none yet, readable by its owner alone.</summary>
    /// <param name="hubFolder">The hub folder.</param>
    /// <param name="environment">Environment variables by name.</param>
    public static HubKey FindOrMake(string hubFolder, Func<string, string?> environment)
    {
        if (Find(hubFolder, environment) is { } known)
            return known;
        var file = FileOf(hubFolder);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var draft = $"{file}.new";
        using (var stream = OpenAlone(draft))
        {
            if (File.Exists(file))
            {
                // Another process was faster: its key is the hub's.
                File.Delete(draft);
            }
            else
            {
                stream.SetLength(0);
                stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
                stream.Flush(flushToDisk: true);
                File.Move(draft, file);
            }
        }

        return Find(hubFolder, environment)!;
    }

    /// <summary>Seals a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="purpose">What it is; it opens for the same purpose only, so that sealed texts cannot change places.</param>
    public string Seal(string text, string purpose)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var whole = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = whole.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(nonce, plain, whole.AsSpan(NonceBytes + TagBytes), whole.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(purpose));
        return $"{Id}.{Convert.ToBase64String(whole)}";
    }

    /// <summary>Opens what <see cref="Seal"/> sealed.</summary>
    /// <param name="text">The sealed text.</param>
    /// <param name="purpose">What it is.</param>
    /// <exception cref="StoreException">It was sealed with another key, or is damaged.</exception>
    public string Open(string text, string purpose)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0 && text[..dot] != Id)
            throw Other(text[..dot]);
        try
        {
            var whole = Convert.FromBase64String(text[(dot + 1)..]);
            var plain = new byte[whole.Length - NonceBytes - TagBytes];
            using var cipher = new AesGcm(_key, TagBytes);
            cipher.Decrypt(whole.AsSpan(0, NonceBytes), whole.AsSpan(NonceBytes + TagBytes), whole.AsSpan(NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(purpose));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or OverflowException)
        {
            throw new StoreException("a secret in the store is damaged: it does not open with its own key", "set it anew: `hub secret set NAME`, or sign in to the system again", exception);
        }
    }

    /// <summary>Says that the store's secrets belong to another key.</summary>
    /// <param name="id">The other key's id.</param>
    public StoreException Other(string id) => new(
        $"the secrets in the store were sealed with the key {id}; {Place} holds the key {Id}",
        $"put the right key back ({Variable}, or the file data/hub.key from its backup). If it is lost, `hub secret remove` takes each secret out, and they are to be set anew");

    // Whoever makes the key has the draft for itself; the others wait, and find the key made.
    private static FileStream OpenAlone(string path)
    {
        // Only Windows minds that an open file is moved; elsewhere to share nothing is what keeps others out.
        var share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException) when (attempt < 500)
            {
                Thread.Sleep(10);
            }
        }
    }

    private static byte[]? OfBase64(string text)
    {
        var key = new byte[KeyBytes];
        return Convert.TryFromBase64String(text, key, out var length) && length == KeyBytes ? key : null;
    }

    private static byte[] OfPhrase(string phrase)
    {
        if (OfBase64(phrase.Trim()) is { } key)
            return key;
        if (phrase.Length < ShortestPhrase)
            throw new StoreException($"{Variable} is shorter than {ShortestPhrase} characters", "make one with: openssl rand -base64 32");
        // Slow on purpose: a phrase that people choose can be guessed.
        return Rfc2898DeriveBytes.Pbkdf2(phrase, "crm.integration hub key"u8, 300_000, HashAlgorithmName.SHA256, KeyBytes);
    }
}
