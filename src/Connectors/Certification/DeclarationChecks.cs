using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Certification;

/// <summary>What a connector says of itself.</summary>
internal static partial class DeclarationChecks
{
    public static IEnumerable<Check> All { get; } =
    [
        new("M1", CertificationLevel.Bronze, "The declaration is complete, and every setting is described", Complete),
        new("M2", CertificationLevel.Bronze, "Connections configured for the last release still work", SettingsCompatible),
        new("M3", CertificationLevel.Silver, "Streams of the last release are still there, with their fields and types", CatalogCompatible),
    ];

    private static async Task Complete(Stage stage)
    {
        var declaration = stage.Connector.Declaration;
        Expect.That(Kebab().IsMatch(declaration.Name), $"the name '{declaration.Name}' is not kebab-case");
        Expect.That(declaration.Summary.EndsWith('.') && declaration.Summary.Length > 20, "the summary is not a sentence");
        Expect.That(System.Version.TryParse(declaration.Version, out var version) && version.Build >= 0, $"the version '{declaration.Version}' is not major.minor.patch");
        Expect.That(declaration.SettingsType.IsSealed, "the settings type is not sealed");
        foreach (var property in declaration.SettingsType.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            Expect.That(Described(property), $"the setting {property.Name} has no description");
            if (property.PropertyType.IsEnum)
                Expect.That(property.PropertyType.GetFields(BindingFlags.Public | BindingFlags.Static).All(Described), $"a value of the setting {property.Name} has no description");
            Expect.That(!Secretive().IsMatch(property.Name) || property.PropertyType != typeof(string) || property.GetCustomAttribute<SecretAttribute>() is not null, $"the setting {property.Name} sounds secret, but is not marked so");
        }

        var settings = await stage.System.SettingsAsync(SettingsVariant.Good, stage.CancellationToken);
        Expect.That(settings.GetType() == declaration.SettingsType, "the fixture gives settings of another type than the declaration");
        Expect.That((declaration.Capabilities & (ConnectorCapabilities.Pull | ConnectorCapabilities.Push | ConnectorCapabilities.Webhook)) != 0, "it declares that it neither gives nor takes records");
        var connection = await stage.OpenAsync();
        Expect.That(declaration.Capabilities.HasFlag(ConnectorCapabilities.Webhook) == connection is IWebhookConnection, "that it takes webhooks is declared, or implemented, but not both");
        Expect.That(stage.System.Hosts.Count == 0 || declaration.Hosts.Count > 0, "it speaks to a network, but declares no hosts");
        Expect.That(declaration.Limits is { WriteBatch: > 0, ReadPage: > 0 } && declaration.Limits.Window > TimeSpan.Zero, "a limit is not above zero");
        foreach (var stream in declaration.Streams)
            Expect.That(TimeZoneInfo.TryFindSystemTimeZoneById(stream.TimeZone, out _), $"the time zone '{stream.TimeZone}' of the stream {stream.Name} does not exist");
        if (declaration.Streams.Count > 0 && declaration.Capabilities.HasFlag(ConnectorCapabilities.Push))
            Expect.That(stage.Traits is null or { Writable: true }, $"the stream {stage.Stream.Name} takes writes, but is not declared to");
    }

    private static Task SettingsCompatible(Stage stage)
    {
        var (before, now) = (Before(stage), Manifest.SettingsOf(stage.Connector.Declaration));
        if (SameMajor(stage, before))
        {
            foreach (var old in before.Settings)
            {
                var current = now.FirstOrDefault(setting => setting.Name == old.Name);
                Expect.That(current is not null, $"the setting {old.Name} is gone; connections that have it no longer load");
                Expect.That(current.Type == old.Type, $"the setting {old.Name} was {old.Type} and is {current.Type}");
                Expect.That(old.Required || !current.Required, $"the setting {old.Name} has become required");
                Expect.Has(old.Choices, current.Choices, $"values of the setting {old.Name}");
                Expect.That(current.Secret || !old.Secret, $"the setting {old.Name} is no longer secret");
            }

            Expect.That(now.FirstOrDefault(setting => setting.Required && before.Settings.All(old => old.Name != setting.Name)) is not { } required, $"the new setting {now.FirstOrDefault(setting => setting.Required && before.Settings.All(old => old.Name != setting.Name))?.Name} is required");
        }

        return Task.CompletedTask;
    }

    private static async Task CatalogCompatible(Stage stage)
    {
        var before = Before(stage);
        await stage.System.SeedAsync(20, stage.CancellationToken);
        var now = Manifest.StreamsOf(await stage.DiscoverAsync());
        if (!SameMajor(stage, before))
            return;
        foreach (var old in before.Streams)
        {
            var current = now.FirstOrDefault(stream => stream.Name == old.Name);
            Expect.That(current is not null, $"the stream {old.Name} is gone");
            Expect.That(current.Key == old.Key, $"the key of {old.Name} was {old.Key} and is {current.Key}");
            Expect.That(current.Cursor == old.Cursor, $"the cursor field of {old.Name} was {old.Cursor} and is {current.Cursor}");
            foreach (var (name, type) in old.Fields)
            {
                Expect.That(current.Fields.TryGetValue(name, out var found), $"the field {old.Name}.{name} is gone");
                Expect.That(found == type || found == nameof(StreamFieldType.Text), $"the field {old.Name}.{name} was {type} and is {found}");
            }
        }
    }

    private static Manifest Before(Stage stage) =>
        stage.Options.Against ?? throw new NotShownException("no report of an earlier release was given to compare with (--against FILE)");

    // A new major number is the author's word that it is not compatible.
    private static bool SameMajor(Stage stage, Manifest before) =>
        stage.Connector.Declaration.Version.Split('.')[0] == before.Version.Split('.')[0];

    private static bool Described(MemberInfo member) => member.GetCustomAttribute<DescriptionAttribute>() is { Description.Length: > 10 };

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex Kebab();

    [GeneratedRegex("(?i)(secret|password|privatekey|apikey|refreshtoken|aeskey)$")]
    private static partial Regex Secretive();
}
