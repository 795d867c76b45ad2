using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;
using FsCheck;
using FsCheck.Fluent;
using static Crm.Integration.Mapping.Tests.Matching.Samples;

namespace Crm.Integration.Mapping.Tests.Matching;

public sealed class MatcherPropertyTests
{
    private static readonly string[] s_names =
        ["Anna", "Ana", "A.", "Karl", "Robert", "Bob", "Hall", "O'Brien", "van der Velde", "Müller-Lüdenscheidt", "Mueller", "文雨", "Wenyu", "刘", "Liu", "Smith Jr.", "Hall, Anna", "Acme GmbH", "시우", "Иванов", "", " ", "x", "Dr.", "test"];

    private static readonly string[] s_values =
        ["anna@gmail.com", "info@acme.example", "test@test.com", "@", "a@b", "+4915112345670", "0151 12345670", "000000", "12 Main St, Apt 4", "淮海大道205号505室", "89073", "Boston", "AB123456", "DE123456788", "1971-06-24", "Acme Foods Ltd", "", "?!", "\0", "𝒜𝓃𝓃𝒶"];

    // Known names and awkward values are likelier to meet than random text, which has its place too.
    private static readonly Arbitrary<(EntityRecord, EntityRecord)> s_pairs = Arb.From(
        from a in Records()
        from b in Records()
        select (a, b));

    [Fact]
    public void Scoring_is_symmetric() => Prop.ForAll(s_pairs, pair =>
    {
        var (a, b) = (People.Extract(pair.Item1), People.Extract(pair.Item2));
        return People.Score(a, b, TermFrequencies.None) == People.Score(b, a, TermFrequencies.None);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void An_explanation_adds_up_to_the_score() => Prop.ForAll(s_pairs, pair =>
    {
        var (a, b) = (People.Extract(pair.Item1), People.Extract(pair.Item2));
        var explanation = People.Explain(a, b, TermFrequencies.None);
        return explanation.Score == People.Score(a, b, TermFrequencies.None) && Math.Abs(explanation.Steps.Sum(step => step.Bits) - explanation.Score.Bits) < 1e-6;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Equal_records_have_equal_keys_and_no_key_twice() => Prop.ForAll(s_pairs, pair =>
    {
        List<MatchKey> first = [], second = [];
        People.Keys(People.Extract(pair.Item1), first);
        People.Keys(People.Extract(pair.Item1.Copy()), second);
        return first.SequenceEqual(second) && first.Distinct().Count() == first.Count;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Theory]
    [InlineData(300)]
    [InlineData(100_000)]
    public void Overlong_values_are_cut_not_refused(int length)
    {
        var record = new EntityRecord(BuiltInModel.Customer);
        foreach (var field in record.Type.Fields.Where(field => field.Type == FieldType.Text))
            record[field.Ordinal] = new string('ß', length) + " 12 " + new string('文', length) + "@x." + new string('y', length);
        var features = People.Extract(record);
        List<MatchKey> keys = [];
        People.Keys(features, keys);
        Assert.Equal(People.Score(features, features, TermFrequencies.None), People.Explain(features, features, TermFrequencies.None).Score);
    }

    [Theory]
    [InlineData("martha", "marhta", 0.961)]
    [InlineData("dixon", "dicksonx", 0.813)]
    [InlineData("abc", "xyz", 0)]
    [InlineData("same", "same", 1)]
    public void Jaro_Winkler_gives_the_published_values(string a, string b, double expected)
    {
        Assert.Equal(expected, Similarity.JaroWinkler(a, b), 3);
        Assert.Equal(expected, Similarity.JaroWinkler(b, a), 3);
    }

    [Fact]
    public void One_edit_is_one_edit() => Prop.ForAll<NonNull<string>, NonNull<string>>((a, b) =>
        a.Get.Length > 30 || b.Get.Length > 30 || Similarity.OneEdit(a.Get, b.Get) == (Similarity.Edits(a.Get, b.Get, 5) <= 1)).QuickCheckThrowOnFailure();

    private static Gen<EntityRecord> Records()
    {
        var value = Gen.Frequency((5, Gen.Elements(s_values)), (5, Gen.Elements(s_names)), (1, ArbMap.Default.GeneratorFor<string>()), (8, Gen.Constant("")));
        return value.ArrayOf(BuiltInModel.Customer.Fields.Count).Select(values =>
        {
            var record = new EntityRecord(BuiltInModel.Customer);
            foreach (var field in record.Type.Fields)
            {
                record[field.Ordinal] = field.Type switch
                {
                    FieldType.TextList => Value.List(Value.Text(values[field.Ordinal])),
                    FieldType.Text => Value.Text(values[field.Ordinal]),
                    FieldType.Date when values[field.Ordinal] is { Length: > 0 } text => Value.Date(new DateOnly(1930, 1, 1).AddDays(text.Length * 997 % 30000)),
                    _ => Value.Null,
                };
            }

            return record;
        });
    }
}
