using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>Search by e-mail, phone, word or criteria such as <c>((Email:equals:a@b.c)and(Last_Name:starts_with:O))</c>; 2,000 records at most.</summary>
internal sealed class ZohoSearch
{
    private readonly ZohoOrganisation _organisation;
    private readonly ZohoModule _module;
    private readonly string _text;
    private int _at;

    private ZohoSearch(ZohoOrganisation organisation, ZohoModule module, string text) => (_organisation, _module, _text) = (organisation, module, text);

    public static JsonObject? Run(ZohoOrganisation organisation, ZohoModule module, ZohoListRequest request)
    {
        var (page, size) = (request.Number("page", 1), Math.Min(request.Number("per_page", 200), 200));
        if (page * size > 2000)
            throw ZohoRefusal.Limit("page", 2000);
        var matches = Matches(organisation, module, request);
        var found = module.Table.Rows.Where(matches).Skip((page - 1) * size).Take(size + 1).ToList();
        var fields = request["fields"]?.Split(',');
        return found.Count == 0 ? null : ZohoPaging.Answer(found.Take(size).Select(row => organisation.Show(module, row, fields)), new()
        {
            ["per_page"] = size,
            ["count"] = Math.Min(size, found.Count),
            ["page"] = page,
            ["more_records"] = found.Count > size,
        });
    }

    private static Func<Row, bool> Matches(ZohoOrganisation organisation, ZohoModule module, ZohoListRequest request)
    {
        if (request["criteria"] is { } criteria)
            return new ZohoSearch(organisation, module, criteria).All();
        if (request["email"] is { } email)
            return Any(module, [FieldKind.Email], text => text.Equals(email, StringComparison.OrdinalIgnoreCase));
        if (request["phone"] is { } phone)
            return Any(module, [FieldKind.Phone], text => Digits(text) == Digits(phone));
        if (request["word"] is { } word)
            return Any(module, [FieldKind.Text, FieldKind.Email, FieldKind.Phone], text => text.Contains(word, StringComparison.OrdinalIgnoreCase));
        throw ZohoRefusal.Parameter("criteria");
    }

    private static Func<Row, bool> Any(ZohoModule module, FieldKind[] kinds, Func<string, bool> fits)
    {
        var fields = module.Table.Fields.Where(field => kinds.Contains(field.Kind)).Select(field => field.Name).ToArray();
        return row => fields.Any(field => module.Table.Value(row, field) is string text && fits(text));
    }

    private static string Digits(string text) => new([.. text.Where(char.IsAsciiDigit)]);

    private Func<Row, bool> All()
    {
        var matches = Group();
        return _at == _text.Length ? matches : throw Wrong();
    }

    private Func<Row, bool> Group()
    {
        Take("(");
        Func<Row, bool> left;
        if (_at < _text.Length && _text[_at] == '(')
        {
            left = Group();
            while (_at < _text.Length && _text[_at] != ')')
            {
                var before = left;
                if (Takes("and"))
                {
                    var right = Group();
                    left = row => before(row) && right(row);
                }
                else
                {
                    Take("or");
                    var right = Group();
                    left = row => before(row) || right(row);
                }
            }
        }
        else
            left = Criterion();
        Take(")");
        return left;
    }

    private Func<Row, bool> Criterion()
    {
        var end = _at;
        // A bracket or comma that belongs to the value is escaped.
        while (end < _text.Length && (_text[end] != ')' || _text[end - 1] == '\\'))
            end++;
        var parts = _text[_at..end].Split(':', 3);
        if (parts.Length < 3)
            throw Wrong();
        _at = end;
        var value = parts[2].Replace("\\", "", StringComparison.Ordinal);
        return ZohoCriterion.Compare(_organisation, _module, parts[0], parts[1] == "equals" ? "equal" : parts[1], parts[1] is "in" or "between" or "not_in" ? value.Split(',') : [value]);
    }

    private bool Takes(string word)
    {
        if (string.Compare(_text, _at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) != 0)
            return false;
        _at += word.Length;
        return true;
    }

    private void Take(string word)
    {
        if (!Takes(word))
            throw Wrong();
    }

    private static ZohoRefusal Wrong() => new(400, "INVALID_QUERY", "Invalid query formed", new() { ["reason"] = "the criteria given seem to be invalid" });
}
