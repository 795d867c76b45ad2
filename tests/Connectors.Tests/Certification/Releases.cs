using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Crm.Integration.Connectors.Certification;

namespace Crm.Integration.Connectors.Tests.Certification;

/// <summary>
/// What the last release of each connector offered (<c>Releases/NAME.json</c>): users have built on it. UPDATE_GOLDEN=1 writes it anew,
/// which is for a release, and not for a test that fails.
/// </summary>
internal static class Releases
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Manifest? Last(string connector) => File.Exists(PathOf(connector)) ? JsonSerializer.Deserialize<Manifest>(File.ReadAllText(PathOf(connector)), s_json) : null;

    public static void Keep(string connector, Manifest manifest)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") != "1")
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(connector))!);
        File.WriteAllText(PathOf(connector), JsonSerializer.Serialize(manifest, s_json) + "\n");
    }

    private static string PathOf(string connector, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Releases", connector + ".json");
}
