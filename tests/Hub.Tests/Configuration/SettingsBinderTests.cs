using System.Text;
using System.Text.Json;
using Crm.Integration.Hub.Configuration.Binding;
using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Hub.Configuration.Settings;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Integration.Hub.Tests.Configuration;

public sealed class SettingsBinderTests
{
    private static readonly JsonSerializerOptions s_plain = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    [Fact]
    public void Settings_written_as_JSON_come_back_as_they_were()
    {
        var settings =
            from folder in ArbMap.Default.GeneratorFor<NonNull<string>>()
            from page in Gen.Choose(1, 200)
            from encoding in Gen.Elements(FakeEncoding.Auto, FakeEncoding.Utf8)
            from header in ArbMap.Default.GeneratorFor<bool>()
            from patterns in ArbMap.Default.GeneratorFor<NonNull<string>[]>()
            from share in ArbMap.Default.GeneratorFor<NormalFloat>()
            from attempts in Gen.Choose(0, 10)
            select new FakeSettings
            {
                Folder = Whole(folder.Get),
                PageSize = page,
                Encoding = encoding,
                Header = header,
                Patterns = [.. patterns.Select(pattern => Whole(pattern.Get))],
                Share = share.Get,
                Retry = new() { Attempts = attempts },
            };

        Prop.ForAll(settings.ToArbitrary(), given =>
        {
            var problems = new ConfigProblems();
            var bound = Bind<FakeSettings>(JsonSerializer.Serialize(given, s_plain), problems);
            return problems.Count == 0 && bound.Patterns.SequenceEqual(given.Patterns) && (bound with { Patterns = given.Patterns }) == given;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_JSON_is_bound_or_refused_but_never_throws()
    {
        var words = Gen.Elements("folder", "pageSize", "encoding", "patterns", "retry", "share", "quote", "nonsense");
        var values = Gen.Elements("null", "true", "1", "1e400", "-0.5", "\"x\"", "\"utf8\"", "[]", "[1,[2]]", "{}", "{\"attempts\":99999999999999999999}", "\"\\u0000\"");
        var json = from pairs in Gen.Zip(words, values).ListOf() select $"{{{string.Join(',', pairs.Select(pair => $"\"{pair.Item1}\":{pair.Item2}"))}}}";

        Prop.ForAll(json.ToArbitrary(), text => Bind<FakeSettings>(text, new ConfigProblems()).Folder is not null).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Maps_keep_the_order_of_the_file()
    {
        var settings = Bind<PipelineSettings>("""{ "entity": "customer", "map": { "z": "1", "a": "2", "m": "3" } }""", new ConfigProblems());
        Assert.Equal(["z", "a", "m"], settings.Map.Keys);
    }

    [Fact]
    public void Every_settings_record_can_be_read_by_reflection_and_says_what_each_key_means()
    {
        var seen = new HashSet<Type>();
        foreach (var type in (Type[])[typeof(HubSettings), typeof(PipelineSettings), typeof(ModelSettings), typeof(TestSettings), .. Connectors.BuiltInConnectors.All.Select(connector => connector.Declaration.SettingsType)])
            Walk(SettingType.Of(type), seen);
        Assert.Contains(typeof(LimitSettings), seen);
    }

    private static void Walk(SettingType type, HashSet<Type> seen)
    {
        if (!seen.Add(type.Clr))
            return;
        Assert.All(type.Properties, property => Assert.True(property.Description.Length > 0, $"{type.Clr.Name}.{property.Name} has no [Description]"));
        Assert.All(type.Choices, choice => Assert.True(choice.Description.Length > 0, $"{type.Clr.Name}.{choice.Name} has no [Description]"));
        foreach (var property in type.Properties)
        {
            Walk(property.Type, seen);
            if (property.Type.Item is { } item)
                Walk(item, seen);
        }
    }

    private static T Bind<T>(string json, ConfigProblems problems)
        where T : class => new SettingsBinder(problems).Bind<T>(ConfigReader.Read("f.json", Encoding.UTF8.GetBytes(json), problems)!);

    // Half a surrogate pair is no text and cannot be written as UTF-8.
    private static string Whole(string text) => new([.. text.Where(character => !char.IsSurrogate(character))]);
}
