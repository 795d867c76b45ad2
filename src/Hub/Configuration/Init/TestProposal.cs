using System.Globalization;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Configuration.Init;

/// <summary>
/// Proposes a mapping test: a made-up row in the forms that the source uses, with what the map makes of it today. Its
/// worth is that it fails when somebody changes the map and did not mean to.
/// </summary>
internal static class TestProposal
{
    private static readonly DateTime s_moment = new(1985, 3, 12, 14, 30, 0, DateTimeKind.Utc);

    private static readonly Dictionary<string, (string National, string International)> s_phones = new(StringComparer.Ordinal)
    {
        ["CN"] = ("138 0013 8000", "+86 138 0013 8000"),
        ["DE"] = ("030 12345678", "+49 30 12345678"),
        ["ES"] = ("912 345 678", "+34 912 345 678"),
        ["FR"] = ("01 23 45 67 89", "+33 1 23 45 67 89"),
        ["GB"] = ("020 7946 0018", "+44 20 7946 0018"),
        ["IT"] = ("06 1234 5678", "+39 06 1234 5678"),
        ["US"] = ("(212) 555-0132", "+1 212 555 0132"),
    };

    /// <summary>The tests as JSON.</summary>
    public static string Write(
        string pipeline, StreamDescription stream, Columns columns, string key, IReadOnlyList<(string Path, string Expression)> map, IReadOnlyList<RuleDefinition> rules, string? country)
    {
        var given = stream.Fields.Select(field => (field.Name, Value: Sample(field, columns, country))).Where(pair => pair.Value is not null).ToList();
        var keyName = key.Trim('`');
        if (!given.Exists(pair => pair.Name == keyName))
            given.Insert(0, (keyName, "T-1"));

        var cases = new List<string> { Case($"one {columns.Entity} in the forms of the source", given, $"\"expect\": {{{Expect(columns.Entity, given, map)} }}") };

        // Where the key itself is what is required (the number of an order), a row with nothing else passes.
        var keyMapped = map.Any(entry => entry.Expression.StartsWith(key, StringComparison.Ordinal));
        if (!keyMapped && rules.Any(rule => rule is { Rule: RuleKind.Required, Otherwise: Otherwise.Reject }))
            cases.Add(Case("a row with nothing but a key is rejected", [(keyName, "T-2")], "\"rejected\": \"required\""));
        return $"{{\n  \"pipeline\": {PipelineText.Quote(pipeline)},\n  \"cases\": [\n{string.Join(",\n", cases)}\n  ]\n}}\n";
    }

    private static string Case(string name, IReadOnlyList<(string Name, string? Value)> given, string outcome)
    {
        var row = string.Join(", ", given.Select(pair => $"{PipelineText.Quote(pair.Name)}: {PipelineText.Quote(pair.Value!)}"));
        return $"    {{\n      \"name\": {PipelineText.Quote(name)},\n      \"given\": {{ {row} }},\n      {outcome}\n    }}";
    }

    private static string Expect(string entity, IReadOnlyList<(string Name, string? Value)> given, IReadOnlyList<(string Path, string Expression)> map)
    {
        var type = BuiltInModel.All.Single(type => type.Name == entity);
        var expressions = new Dictionary<string, Expression>(StringComparer.Ordinal);
        foreach (var (path, text) in map)
        {
            var problems = new List<MapProblem>();
            expressions[path] = Expression.Compile(text, MapEnvironment.Empty, problems)
                ?? throw new InvalidOperationException($"the proposed expression for '{path}' does not compile: {text}: {string.Join("; ", problems.Select(problem => problem.Message))}");
        }

        var shape = new Shape(given.Select(pair => pair.Name));
        var record = new EntityRecord(type);
        new FieldMap(type, expressions).Bind(shape).Apply(new SourceRow(shape, [.. given.Select(pair => Value.Text(pair.Value))]), record);
        var members = map.Where(entry => !record[entry.Path].IsEmpty).Select(entry => $"\n        {PipelineText.Quote(entry.Path)}: {RecordJson.ToJson(record[entry.Path])}");
        return string.Join(",", members) + "\n     ";
    }

    private static string? Sample(StreamField field, Columns columns, string? country)
    {
        if (columns.MeaningOf(field) is not { } meaning)
            return null;
        var home = country is not null && s_phones.ContainsKey(country) ? country : "GB";
        return meaning switch
        {
            Meaning.Id or Meaning.CustomerId or Meaning.AccountId or Meaning.OrderNumber => "T-1",
            Meaning.GivenName => "Maria",
            Meaning.FamilyName => "Sample",
            Meaning.FullName => ValueForms.HaveComma(field.Examples) ? "Sample, Maria" : "Maria Sample",
            Meaning.Gender => "f",
            Meaning.Email => " Maria.Sample@Example.com",
            Meaning.Phone => Phone(field, home, columns, country),
            // Another number, so that the test tells the two columns apart.
            Meaning.Mobile => Phone(field, home, columns, country)[..^1] + "5",
            Meaning.Street => ValueForms.AreWholeAddresses(field.Examples) && !columns.Has(Meaning.City) ? "Sample Street 5, 70173 Sampleton, Germany"
                : columns.Has(Meaning.HouseNumber) ? "Sample Street" : "Sample Street 5",
            Meaning.HouseNumber => "5",
            Meaning.City => columns.Has(Meaning.PostalCode) || !ValueForms.BeginWithPostalCode(field.Examples) ? "Sampleton" : "70173 Sampleton",
            Meaning.PostalCodeAndCity => "70173 Sampleton",
            Meaning.PostalCode => home switch { "GB" => "SW1A 1AA", "CN" => "100000", "US" => "10001", _ => "70173" },
            Meaning.Country => home,
            Meaning.Company => "Sample Ltd",
            Meaning.BirthDate or Meaning.OrderDate or Meaning.Modified => Moment(field, country),
            Meaning.Amount => ValueForms.HaveDecimalComma(field.Examples) ? "12,50" : "12.50",
            Meaning.Currency => "eur",
            Meaning.ConsentEmail or Meaning.ConsentSms => field.Examples is [var first, ..] ? first : "yes",
            Meaning.Tags => $"vip{ValueForms.Separator(field.Examples)?.ToString() ?? ""}",
            _ => "sample",
        };
    }

    private static string Phone(StreamField field, string home, Columns columns, string? country)
    {
        var abroad = ValueForms.HavePlus(field.Examples) || (country is null && !columns.Has(Meaning.Country));
        return abroad ? s_phones[home].International : s_phones[home].National;
    }

    private static string Moment(StreamField field, string? country)
    {
        if (ValueForms.DateFormats(field.Examples, country) is [var format, ..])
            return s_moment.ToString(format, CultureInfo.InvariantCulture);
        return s_moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
