using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Tests.Matching;

/// <summary>Records in few words: <c>Person("name.given=Anna; email=anna@gmail.com")</c>.</summary>
internal static class Samples
{
    public static Matcher People { get; } = new(BuiltInModel.Customer, new MatchSettings());

    public static Matcher Firms { get; } = new(BuiltInModel.Account, new MatchSettings());

    public static MatchFeatures Person(string fields) => People.Extract(Record(BuiltInModel.Customer, fields));

    public static MatchFeatures Firm(string fields) => Firms.Extract(Record(BuiltInModel.Account, fields));

    public static PairScore Score(string a, string b) => People.Score(Person(a), Person(b), TermFrequencies.None);

    public static PairScore FirmScore(string a, string b) => Firms.Score(Firm(a), Firm(b), TermFrequencies.None);

    public static PairExplanation Explain(string a, string b) => People.Explain(Person(a), Person(b), TermFrequencies.None);

    public static IReadOnlyList<MatchKey> Keys(string fields)
    {
        var keys = new List<MatchKey>();
        People.Keys(Person(fields), keys);
        return keys;
    }

    public static IReadOnlyList<MatchKey> FirmKeys(string fields)
    {
        var keys = new List<MatchKey>();
        Firms.Keys(Firm(fields), keys);
        return keys;
    }

    public static EntityRecord Record(EntityType type, string fields)
    {
        var record = new EntityRecord(type);
        foreach (var field in fields.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (path, text) = (field.Split('=', 2)[0], field.Split('=', 2)[1]);
            record[path] = path.EndsWith("[]", StringComparison.Ordinal) ? Value.List([.. text.Split('|').Select(Value.Text)])
                : path == "birthDate" ? Value.Date(DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture)) : Value.Text(text);
        }

        return record;
    }
}
