using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Hub.Configuration.Init;

/// <summary>Proposes which expression fills which field, looking at the examples for how the source writes things.</summary>
internal sealed class MapProposal(Columns columns, string? country, List<string> remarks)
{
    private const string CountryOfAddress = "extract(',([^,]*)$', 1) | trim";

    private readonly List<(string Path, string Expression)> _map = [];

    public IReadOnlyList<(string Path, string Expression)> Map => _map;

    public bool Fills(string path) => _map.Exists(entry => entry.Path == path);

    public void Propose()
    {
        switch (columns.Entity)
        {
            case "order":
                Order();
                break;
            case "account":
                Plain(Meaning.Company, "name", " | trim");
                Mailboxes();
                Phones();
                Plain(Meaning.Website, "website", " | trim");
                Address();
                Plain(Meaning.TaxId, "taxId", " | trim");
                Plain(Meaning.RegistrationId, "registrationId", " | trim");
                Plain(Meaning.Industry, "industry", " | trim");
                Plain(Meaning.Size, "size", " | trim");
                Free();
                break;
            default:
                Customer();
                break;
        }
    }

    /// <summary>The expression for the time of change, or null.</summary>
    public string? Modified() => columns.First(Meaning.Modified) is { } field ? Moment(field, "instant") : null;

    private void Customer()
    {
        Names();
        if (columns.First(Meaning.BirthDate) is { } birth)
            _map.Add(("birthDate", Moment(birth, "date")));
        Plain(Meaning.Gender, "gender", " | trim");
        Mailboxes();
        Phones();
        Address();
        Plain(Meaning.Company, "company", " | trim");
        Plain(Meaning.JobTitle, "jobTitle", " | trim");
        Plain(Meaning.NationalId, "nationalId", " | trim");
        Plain(Meaning.TaxId, "taxId", " | trim");
        Plain(Meaning.Language, "language", " | trim");
        Plain(Meaning.ConsentEmail, "consent.email", " | boolean");
        Plain(Meaning.ConsentSms, "consent.sms", " | boolean");
        Plain(Meaning.AccountId, "accountRef", " | trim");
        Free();
    }

    private void Order()
    {
        Plain(Meaning.OrderNumber, "number", " | trim");
        Plain(Meaning.CustomerId, "customerRef", " | trim");
        Plain(Meaning.AccountId, "accountRef", " | trim");
        if (columns.First(Meaning.OrderDate) is { } date)
            _map.Add(("date", Moment(date, "date")));
        if (columns.First(Meaning.Amount) is { } amount)
            _map.Add(("amount", $"{columns.Use(amount)} | number{(ValueForms.HaveDecimalComma(amount.Examples) ? "(',')" : "")}"));
        Plain(Meaning.Currency, "currency", " | trim | upper");
        Plain(Meaning.Status, "status", " | trim");
        Plain(Meaning.Notes, "notes", " | trim");
    }

    private void Names()
    {
        Plain(Meaning.GivenName, "name.given", " | trim");
        Plain(Meaning.MiddleName, "name.middle", " | trim");
        Plain(Meaning.FamilyName, "name.family", " | trim");
        if (columns.First(Meaning.FullName) is not { } full)
            return;
        var name = columns.Use(full);
        if (!Fills("name.given") && !Fills("name.family"))
        {
            _map.Add(("name.given", $"{name} | given"));
            _map.Add(("name.family", $"{name} | family"));
            remarks.Add(ValueForms.HaveComma(full.Examples)
                ? $"'{full.Name}' holds whole names written \"Surname, Given\": they are taken apart at the comma."
                : $"'{full.Name}' holds whole names: they are taken apart by the habits of the language; look at a few with `hub plan`.");
        }

        // As the source writes it "Surname, Given" is an order, not a name.
        if (!ValueForms.HaveComma(full.Examples))
            _map.Add(("name.full", $"{name} | trim"));
    }

    private void Mailboxes()
    {
        var mails = columns.All(Meaning.Email);
        if (mails.Count == 0)
            return;
        var expressions = mails.Select(mail => $"{columns.Use(mail)} | email").ToList();
        _map.Add(("email", expressions.Count == 1 ? expressions[0] : $"({string.Join(" ?? ", mails.Select(columns.Use))}) | email"));
        if (expressions.Count > 1)
            _map.Add(("emails[]", $"[{string.Join(", ", expressions)}]"));
    }

    private void Phones()
    {
        var phones = columns.All(Meaning.Mobile, Meaning.Phone);
        if (phones.Count == 0)
            return;
        if (country is null && !columns.Has(Meaning.Country) && HoldsWholeAddresses is null && !phones.Any(phone => ValueForms.HavePlus(phone.Examples)))
            remarks.Add("The phone numbers do not say their country and no default is known: set defaults.country in hub.json, or write phone('DE').");
        var call = InCountry("phone");
        var names = phones.Select(columns.Use).ToList();
        _map.Add(("phone", names.Count == 1 ? $"{names[0]} | {call}" : $"({string.Join(" ?? ", names)}) | {call}"));
        if (names.Count > 1)
            _map.Add(("phones[]", $"[{string.Join(", ", names.Select(name => $"{name} | {call}"))}]"));
    }

    /// <summary>The column that holds street, city and country in one, or null.</summary>
    private StreamField? HoldsWholeAddresses =>
        columns.First(Meaning.Street) is { } street
        && !columns.Has(Meaning.City) && !columns.Has(Meaning.PostalCode) && !columns.Has(Meaning.PostalCodeAndCity)
        && ValueForms.AreWholeAddresses(street.Examples) ? street : null;

    private void Address()
    {
        var street = columns.First(Meaning.Street);
        if (HoldsWholeAddresses is { } whole)
        {
            WholeAddress(columns.Use(whole), whole.Name);
            return;
        }

        if (street is not null)
            _map.Add(("address.line", columns.First(Meaning.HouseNumber) is { } number ? $"'{{{columns.Use(street)}}} {{{columns.Use(number)}}}'" : $"{columns.Use(street)} | trim"));
        Plain(Meaning.Line2, "address.line2", " | trim");
        var city = columns.First(Meaning.City);
        if (columns.First(Meaning.PostalCodeAndCity) is { } both)
            CodeAndCity(columns.Use(both), both.Name);
        else if (city is not null && !columns.Has(Meaning.PostalCode) && ValueForms.BeginWithPostalCode(city.Examples))
            CodeAndCity(columns.Use(city), city.Name);
        else
        {
            Plain(Meaning.City, "address.city", " | trim");
            if (columns.First(Meaning.PostalCode) is { } code)
                _map.Add(("address.postalCode", $"{columns.Use(code)} | {InCountry("postalCode")}"));
        }

        if (columns.First(Meaning.Region) is { } region)
            _map.Add(("address.region", $"{columns.Use(region)} | {InCountry("region")}"));
        Plain(Meaning.Country, "address.country", " | country");
    }

    private void CodeAndCity(string name, string header)
    {
        _map.Add(("address.postalCode", $"{name} | extract('^([0-9A-Z-]*[0-9][0-9A-Z-]*) ', 1)"));
        _map.Add(("address.city", $"{name} | replaceRegex('^[0-9A-Z-]*[0-9][0-9A-Z-]* ', '') | trim"));
        remarks.Add($"'{header}' holds postal code and city: they are taken apart at the first blank.");
    }

    private void WholeAddress(string name, string header)
    {
        _map.Add(("address.line", $"{name} | extract('^([^,]*),', 1) | trim"));
        _map.Add(("address.postalCode", $"{name} | extract('^[^,]*, *([0-9A-Z-]*[0-9][0-9A-Z-]*) [^,]*,', 1)"));
        _map.Add(("address.city", $"{name} | extract('^[^,]*, *(?:[0-9A-Z-]*[0-9][0-9A-Z-]* )?([^,]*),', 1) | trim"));
        _map.Add(("address.country", $"{name} | {CountryOfAddress} | country"));
        remarks.Add($"'{header}' holds whole addresses, written street, code and city, country: they are taken apart at the commas; what has another form stays empty.");
    }

    private void Free()
    {
        if (columns.First(Meaning.Tags) is { } tags)
            _map.Add(("tags[]", ValueForms.Separator(tags.Examples) is { } separator ? $"{columns.Use(tags)} | split('{separator}')" : columns.Use(tags)));
        Plain(Meaning.Notes, "notes", " | trim");
    }

    private string Moment(StreamField field, string function)
    {
        var name = columns.Use(field);
        if (ValueForms.IsIso(field.Examples))
            return $"{name} | {function}";
        var formats = ValueForms.DateFormats(field.Examples, country);
        if (formats.Count == 0)
        {
            if (field.Examples.Count > 0)
                remarks.Add($"'{field.Name}' holds dates in no form that was recognised: write its format, as in {function}('dd.MM.yyyy').");
            return $"{name} | {function}";
        }

        if (ValueForms.IsAmbiguous(formats))
            remarks.Add($"'{field.Name}' could be day or month first; '{formats[0]}' is a guess: check it.");

        // Months in words can mean one date only, and are understood in more languages than a format can say.
        return formats[0].Contains("MMM", StringComparison.Ordinal) ? $"{name} | {function}" : $"{name} | {function}('{formats[0].Replace("'", "", StringComparison.Ordinal)}')";
    }

    // Without a country these functions take the default of hub.json.
    private string InCountry(string function)
    {
        var name = columns.First(Meaning.Country) is { } field ? columns.Use(field)
            : HoldsWholeAddresses is { } whole ? $"({columns.Use(whole)} | {CountryOfAddress})"
            : null;
        if (name is null)
            return country is null ? function : $"{function}('{country}')";
        return country is null ? $"{function}({name})" : $"{function}({name} ?? '{country}')";
    }

    private void Plain(Meaning meaning, string path, string pipes)
    {
        if (columns.First(meaning) is { } field && !Fills(path))
            _map.Add((path, columns.Use(field) + pipes));
    }
}
