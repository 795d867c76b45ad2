using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Benchmarks.Matching;

/// <summary>Public labelled data, where a copy is to be had: which files there are, how their columns map, where the truth stands.</summary>
/// <param name="Name">The set's name.</param>
/// <param name="Entity">The entity its records are.</param>
/// <param name="Files">Its files, below the folder of labelled data, each with its map.</param>
/// <param name="Truth">As <see cref="LabelledRecords.Label"/> takes it; a file lies below the folder.</param>
internal sealed record LabelledSet(string Name, string Entity, (string File, string Map)[] Files, string Truth)
{
    private const string Febrl = "id = rec_id; name.given = given_name; name.family = surname; address.line = street_number + address_1; address.line2 = address_2; address.city = suburb; "
        + "address.postalCode = postcode; address.region = state; birthDate = date_of_birth; nationalId = soc_sec_id";

    private const string PostCity = @"PostCity /^([A-Z]{0,2}[0-9][0-9A-Z]*(?: ?-?[0-9][0-9A-Z]{0,3}| [A-Z]{2})?) /";

    public static IReadOnlyList<LabelledSet> All { get; } =
    [
        new("febrl1", "customer", [("febrl/dataset1.csv", Febrl)], @"id:rec-(\d+)"),
        new("febrl2", "customer", [("febrl/dataset2.csv.gz", Febrl)], @"id:rec-(\d+)"),
        new("febrl3", "customer", [("febrl/dataset3.csv.gz", Febrl)], @"id:rec-(\d+)"),
        new("fake_1000", "customer", [("splink_fake1000/fake_1000.csv", "id = unique_id; name.given = first_name; name.family = surname; birthDate = dob; address.city = city; email = email")], "column:cluster"),
        new("made", "customer",
            [
                ("made/crm_zoho.csv.gz", "id = id; name.given = First_Name; name.family = Last_Name; company = Account_Name; email = Email; phones[] = Phone; phones[] = Mobile; address.line = Mailing_Street; "
                    + "address.city = Mailing_City; address.region = Mailing_State; address.postalCode = Mailing_Zip; address.country = Mailing_Country; birthDate = Date_of_Birth"),
                ("made/salesforce.csv.gz", "id = Id; name.given = FirstName; name.family = LastName; company = AccountName; email = Email; phones[] = Phone; phones[] = MobilePhone; address.line = MailingStreet; "
                    + "address.city = MailingCity; address.postalCode = MailingPostalCode; address.country = MailingCountry; birthDate = Birthdate"),
                ("made/erp_customers.csv.gz", $"id = CustNo; name.full = Name1; company = Name2; address.line = Street; address.postalCode = {PostCity}; "
                    + @"address.city = PostCity /^[A-Z]{0,2}[0-9][0-9A-Z]*(?: ?-?[0-9][0-9A-Z]{0,3}| [A-Z]{2})? (.+)$/; address.country = Ctry; phone = Tel; email = EMail; taxId = VatNo"),
                ("made/newsletter.csv.gz", "id = subscriber; email = email; name.full = name; address.country = country"),
                ("made/webshop.csv.gz", "id = customer_id; name.full = full_name; email = email; phone = phone; company = company; birthDate = birth_date; address.line = address /^(.*), [^,]*[0-9][^,]*,? ?[^,]*$/; "
                    + @"address.postalCode = address /(?:^|, )([A-Z]{0,2}[0-9][0-9A-Z]*(?: ?-?[0-9][0-9A-Z]{0,3}| [A-Z]{2})?) [^,0-9]+(?:, [^,]*)?$/; "
                    + @"address.city = address /(?:^|, )[A-Z]{0,2}[0-9][0-9A-Z]*(?: ?-?[0-9][0-9A-Z]{0,3}| [A-Z]{2})? ([^,0-9]+)(?:, [^,]*)?$/"),
            ],
            "made/truth.csv.gz"),
        new("orgs", "account", [("orgs/records.csv", "name = org_name; address.line = street; address.city = city; address.postalCode = postcode; website = website; phone = phone; industry = industry")], "orgs/truth.csv"),
    ];

    /// <summary>Whether the folder has the set.</summary>
    public bool IsIn(string folder) => Files.All(file => File.Exists(Path.Combine(folder, file.File)));

    /// <summary>Reads it.</summary>
    /// <param name="folder">The folder of labelled data.</param>
    public LabelledRecords Read(string folder)
    {
        EntityType type = BuiltInModel.All.First(known => known.Name == Entity);
        var labelled = new LabelledRecords();
        foreach (var (file, map) in Files)
            labelled.Read(Path.Combine(folder, file), map, type);
        labelled.Label(Truth.Contains(':', StringComparison.Ordinal) ? Truth : Path.Combine(folder, Truth));
        return labelled;
    }
}
