using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Hub.Configuration.Init;

/// <summary>The columns of a stream with what they seem to mean, and which of them a proposal has used.</summary>
internal sealed class Columns
{
    private static readonly HashSet<string> s_keywords = new(StringComparer.Ordinal) { "and", "or", "not", "in", "if", "true", "false", "null" };
    private static readonly HashSet<string> s_companyWords = new(StringComparer.Ordinal) { "account", "accounts", "company", "companies", "organisations", "organizations", "firmen", "unternehmen", "entreprises", "societes", "empresas", "aziende", "公司", "企业", "单位" };

    private readonly List<(StreamField Field, Meaning? Meaning)> _columns;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public Columns(StreamDescription stream)
    {
        // A name with a back-tick or nothing in it cannot be written in an expression.
        _columns = [.. stream.Fields.Where(field => IsNameable(field.Name)).Select(field => (field, HeaderVocabulary.Find(field.Name)))];
        Entity = Guess(stream);
        SettleNames();
    }

    public string Entity { get; }

    /// <summary>Columns that nothing has used, with those whose name cannot be written.</summary>
    public IEnumerable<string> Left(StreamDescription stream) => stream.Fields.Select(field => field.Name).Where(name => !_used.Contains(name));

    public StreamField? First(Meaning meaning) => _columns.Find(column => column.Meaning == meaning).Field;

    public Meaning? MeaningOf(StreamField field) => _columns.Find(column => column.Field == field).Meaning;

    public IReadOnlyList<StreamField> All(params ReadOnlySpan<Meaning> meanings)
    {
        var found = new List<StreamField>();
        foreach (var meaning in meanings)
            found.AddRange(_columns.Where(column => column.Meaning == meaning).Select(column => column.Field));
        return found;
    }

    public bool Has(Meaning meaning) => First(meaning) is not null;

    /// <summary>The column as an expression names it; from now on it counts as used.</summary>
    public string Use(StreamField field)
    {
        _used.Add(field.Name);
        return Quote(field.Name);
    }

    public static string Quote(string name) =>
        (char.IsLetter(name[0]) || name[0] == '_') && name.All(c => char.IsLetterOrDigit(c) || c == '_') && !s_keywords.Contains(name) ? name : $"`{name}`";

    public static bool IsNameable(string name) => name.Length > 0 && !name.Contains('`', StringComparison.Ordinal) && !name.Any(char.IsControl);

    private string Guess(StreamDescription stream)
    {
        bool Any(params ReadOnlySpan<Meaning> meanings) => All(meanings).Count > 0;
        if (Has(Meaning.Amount) && (Has(Meaning.OrderNumber) || (Has(Meaning.OrderDate) && Any(Meaning.CustomerId, Meaning.AccountId))))
            return "order";
        if (Any(Meaning.GivenName, Meaning.FamilyName, Meaning.BirthDate, Meaning.Gender, Meaning.JobTitle))
            return "customer";
        var named = Any(Meaning.FullName, Meaning.SomeName);
        var firm = Any(Meaning.RegistrationId, Meaning.Industry, Meaning.Size, Meaning.Website) || HeaderVocabulary.Split(stream.Name).Any(s_companyWords.Contains);
        return firm || (Has(Meaning.Company) && !named) ? "account" : "customer";
    }

    // "Nom" beside "Prénom" is the family name, "Nombre" beside "Apellidos" the given name, and alone the whole one.
    private void SettleNames()
    {
        for (var i = 0; i < _columns.Count; i++)
        {
            if (_columns[i].Meaning != Meaning.SomeName)
                continue;
            Meaning? settled = (Entity, Has(Meaning.GivenName), Has(Meaning.FamilyName)) switch
            {
                ("account", _, _) => Has(Meaning.Company) ? null : Meaning.Company,
                (_, true, false) => Meaning.FamilyName,
                (_, false, true) => Meaning.GivenName,
                (_, true, true) => null,
                _ => Has(Meaning.FullName) ? null : Meaning.FullName,
            };
            _columns[i] = (_columns[i].Field, settled);
        }

        if (Entity == "account" && !Has(Meaning.Company) && _columns.FindIndex(column => column.Meaning == Meaning.FullName) is >= 0 and var index)
            _columns[index] = (_columns[index].Field, Meaning.Company);
    }
}
