using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Configuration.Binding;

/// <summary>
/// Makes settings records of a tree. It goes on after a mistake, with the default in the place of what was wrong, so that all of
/// them are heard at once.
/// </summary>
/// <param name="problems">What is wrong is added here.</param>
internal sealed class SettingsBinder(ConfigProblems problems)
{
    private readonly List<ConfigNode> _clearSecrets = [];
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);

    /// <summary>Secrets that stand in the file itself, in place of a reference.</summary>
    public IReadOnlyList<ConfigNode> ClearSecrets => _clearSecrets;

    /// <summary>The values of all secret settings.</summary>
    public IReadOnlyCollection<string> Secrets => _secrets;

    /// <summary>A settings record.</summary>
    /// <param name="node">The object.</param>
    /// <param name="ignored">A key that is not for the record: the one that chooses its type.</param>
    public T Bind<T>(ConfigNode node, string? ignored = null)
        where T : class => (T)Bind(typeof(T), node, ignored);

    /// <summary>A settings record of a type known only now.</summary>
    public object Bind(Type type, ConfigNode node, string? ignored = null)
    {
        var record = SettingType.Of(type);
        if (node.Kind == ConfigKind.Object)
            return BindRecord(record, node, ignored, root: true);
        problems.Add(node, $"the file must hold an object, but holds {node.Describe()}", "begin with { and end with }");
        return record.Create();
    }

    private object BindRecord(SettingType type, ConfigNode node, string? ignored, bool root)
    {
        var instance = type.Create();
        var misspelt = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in node.Members)
        {
            // Editors find the schema of a file by this key.
            if (member.Name == ignored || (root && member.Name == "$schema"))
                continue;
            if (type.Find(member.Name) is not { } property)
            {
                var names = type.Properties.Select(known => known.Name).Concat(ignored is null ? [] : [ignored]);
                problems.Add(member.Value.Document, member.Offset, $"unknown key '{member.Name}'", Suggest(member.Name, names));
                if (Spelling.Nearest(member.Name, names) is { } meant)
                    misspelt.Add(meant);
                continue;
            }

            var before = problems.Count;
            var value = BindProperty(property, member.Value);
            if (problems.Count == before)
                property.Set(instance, value);
            else if (value is not null || property.Required)
                property.Set(instance, value ?? property.Type.Placeholder());
        }

        foreach (var property in type.Properties.Where(property => property.Required && node[property.Name] is null))
        {
            // A key that is there, spelt wrong, was named above.
            if (!misspelt.Contains(property.Name))
                problems.Add(node, $"'{property.Name}' is missing", property.Description.Length == 0 ? null : $"add \"{property.Name}\": {property.Description}");
            property.Set(instance, property.Type.Placeholder());
        }

        Validate(instance, node);
        return instance;
    }

    private object? BindProperty(SettingProperty property, ConfigNode node)
    {
        if (node.Kind == ConfigKind.Null)
        {
            if (!property.Nullable)
                problems.Add(node, $"'{property.Name}' must not be null", property.Required ? null : "leave it out to have its default");
            return null;
        }

        var value = property.OneOrMany && node.Kind != ConfigKind.List
            ? BindValue(property.Type.Item!, node, property.Name, property.TakesNumbers) is { } only ? property.Type.MakeList([only]) : null
            : BindValue(property.Type, node, property.Name, property.TakesNumbers);
        if (value is not null && property.Range is { } range && !range.IsValid(value))
        {
            var found = Shown(node, property.Secret);
            problems.Add(node, string.Create(CultureInfo.InvariantCulture, $"'{property.Name}' must be from {range.Minimum} to {range.Maximum}{found}"), null);
        }

        if (property.Secret && value is string secret)
            Conceal(secret, node);
        if (property.Secret && value is IReadOnlyDictionary<string, string> map)
        {
            foreach (var (name, member) in map)
                Conceal(member, node[name]!);
        }

        return value;
    }

    private void Conceal(string secret, ConfigNode node)
    {
        if (secret.Length == 0)
            return;
        _secrets.Add(secret);
        if (node.Reference is null)
            _clearSecrets.Add(node);
    }

    private object? BindValue(SettingType type, ConfigNode node, string name, bool takesNumbers)
    {
        switch (type.Kind)
        {
            case SettingKind.Text when node.Kind == ConfigKind.Text || (takesNumbers && node.Kind == ConfigKind.Number):
                return type.Clr == typeof(string) ? node.Text : Character(node, name);
            case SettingKind.Integer or SettingKind.Number when node.Kind == ConfigKind.Number || node.Reference is not null:
                return Number(type, node, name);
            case SettingKind.Boolean when node.Kind is ConfigKind.True or ConfigKind.False:
                return node.Kind == ConfigKind.True;
            case SettingKind.Boolean when node.Reference is not null && bool.TryParse(node.Text, out var parsed):
                return parsed;
            case SettingKind.Choice when node.Kind == ConfigKind.Text:
                return Choice(type, node, name);
            case SettingKind.List when node.Kind == ConfigKind.List:
                return type.MakeList([.. Items(type, node, name, takesNumbers)]);
            case SettingKind.Map when node.Kind == ConfigKind.Object:
                return type.MakeMap([.. Entries(type, node)]);
            case SettingKind.Record when node.Kind == ConfigKind.Object:
                return BindRecord(type, node, null, root: false);
            case SettingKind.Any:
                return Data(node);
            default:
                var found = node.Reference is null ? $"is {node.Describe()}" : $"{node.Reference} gives something else";
                problems.Add(node, $"'{name}' must be {Describe(type)}, but {found}", Example(type));
                return null;
        }
    }

    private IEnumerable<object> Items(SettingType type, ConfigNode node, string name, bool takesNumbers)
    {
        foreach (var item in node.Items)
        {
            if (BindValue(type.Item!, item, name, takesNumbers) is { } value)
                yield return value;
        }
    }

    private IEnumerable<KeyValuePair<string, object>> Entries(SettingType type, ConfigNode node)
    {
        foreach (var member in node.Members)
        {
            if (BindValue(type.Item!, member.Value, member.Name, takesNumbers: false) is { } value)
                yield return new(member.Name, value);
        }
    }

    private object? Number(SettingType type, ConfigNode node, string name)
    {
        var text = node.Text;
        var culture = CultureInfo.InvariantCulture;
        object? number = type.Clr switch
        {
            var clr when clr == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var value) ? value : null,
            var clr when clr == typeof(long) => long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var value) ? value : null,
            var clr when clr == typeof(double) => double.TryParse(text, NumberStyles.Float, culture, out var value) && double.IsFinite(value) ? value : null,
            _ => decimal.TryParse(text, NumberStyles.Float, culture, out var value) ? value : null,
        };
        if (number is null)
            problems.Add(node, $"'{name}' must be {Describe(type)}{Shown(node, secret: false)}", null);
        return number;
    }

    private char Character(ConfigNode node, string name)
    {
        if (node.Text.Length == 1)
            return node.Text[0];
        problems.Add(node, $"'{name}' must be one character{Shown(node, secret: false)}", "write \\t for a tab");
        return ' ';
    }

    private object? Choice(SettingType type, ConfigNode node, string name)
    {
        var choice = type.Choices.FirstOrDefault(choice => choice.Name == node.Text);
        if (choice is not null)
            return choice.Value;
        var names = type.Choices.Select(known => known.Name).ToList();
        problems.Add(
            node,
            $"'{name}' must be one of {string.Join(", ", names)}{Shown(node, secret: false)}",
            node.Reference is null ? Nearest(node.Text, names) : null);
        return null;
    }

    // Numbers beyond what a decimal holds keep every digit as text, as when a source sends them.
    private static Value Data(ConfigNode node) => node.Kind switch
    {
        ConfigKind.Text => Value.Text(node.Text),
        ConfigKind.True => Value.Boolean(true),
        ConfigKind.False => Value.Boolean(false),
        ConfigKind.Number => decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Value.Number(number) : Value.Text(node.Text),
        ConfigKind.List => Value.List([.. node.Items.Select(Data)]),
        ConfigKind.Object => Value.Object(node.Members.ToDictionary(member => member.Name, member => Data(member.Value), StringComparer.Ordinal)),
        _ => Value.Null,
    };

    // Rules that a settings record has between its settings are its own affair.
    private void Validate(object instance, ConfigNode node)
    {
        if (instance is not IValidatableObject validatable)
            return;
        foreach (var result in validatable.Validate(new ValidationContext(instance)))
        {
            var at = result.MemberNames.Select(member => node[System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(member)]).FirstOrDefault(found => found is not null);
            problems.Add(at ?? node, result.ErrorMessage ?? "these settings do not go together", null);
        }
    }

    // A value that came by a reference, or belongs to a secret, is never shown.
    private static string Shown(ConfigNode node, bool secret) => (node.Reference, secret) switch
    {
        ({ } reference, _) => $", but {reference} gives something else",
        (_, true) => "",
        _ => node.Kind == ConfigKind.Text ? $", but is '{node.Text}'" : $", but is {node.Text}",
    };

    private static string Describe(SettingType type) => type.Kind switch
    {
        SettingKind.Text => type.Clr == typeof(char) ? "one character" : "text",
        SettingKind.Integer => "a whole number",
        SettingKind.Number => "a number",
        SettingKind.Boolean => "true or false",
        SettingKind.Choice => "one of " + string.Join(", ", type.Choices.Select(choice => choice.Name)),
        SettingKind.List => "a list",
        _ => "an object",
    };

    private static string? Example(SettingType type) => type.Kind switch
    {
        SettingKind.Text => "put it into double quotes",
        SettingKind.Integer or SettingKind.Number => "write it without quotes",
        SettingKind.Boolean => "write true or false, without quotes",
        SettingKind.List => "put it into [ ]",
        SettingKind.Map or SettingKind.Record => "put it into { }",
        _ => null,
    };

    private static string Suggest(string word, IEnumerable<string> names)
    {
        var known = names.ToList();
        return Nearest(word, known) ?? $"valid here: {string.Join(", ", known)}";
    }

    /// <summary>"did you mean 'field'?", or null where nothing comes near.</summary>
    public static string? Nearest(string word, IEnumerable<string> names) =>
        Spelling.Nearest(word, names) is { } nearest ? $"did you mean '{nearest}'?" : null;
}
