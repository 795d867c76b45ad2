using System.Globalization;
using Crm.Integration.Benchmarks.Generator;
using Crm.Integration.Benchmarks.Matching;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Benchmarks.Worlds;

/// <summary>A kind of made-up data with its truth: what real stores are like, in several ways that have little in common.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Describe">What is hard about it.</param>
/// <param name="Records">How many records it has unless asked otherwise.</param>
/// <param name="See">Makes a customer's records: gets chance and the number of the customer's unit.</param>
internal sealed record World(string Name, string Describe, int Records, Action<Draw, int, Sightings> See)
{
    public static IReadOnlyList<World> All { get; } =
    [
        new("crm", "four sources of a company: changed mailboxes, phones and homes, households, father and son, colleagues, two scripts", 20_000, HardCustomers.See),
        new("forms", "only name, birth date, city and mailbox, each often mistyped or missing", 2_000, SparseForms.See),
        new("figures", "historical people, ten records each: names in many forms, birth dates and places uncertain", 10_000, HistoricalFigures.See),
        new("clean", "nobody twice: families, namesakes and colleagues, one record each", 10_000, HardCustomers.SeeOnce),
    ];

    /// <summary>Makes it.</summary>
    /// <param name="records">About how many records.</param>
    /// <param name="seed">The seed; the same gives the same.</param>
    public LabelledRecords Make(int records, ulong seed)
    {
        var into = new Sightings();
        for (var unit = 0; into.Count < records; unit++)
            See(new Draw((seed * 7919) ^ ((ulong)(unit + 1) * 0xA24BAED4963EE407)), unit + ((int)(seed % 1000) * 10_000_000), into);
        return into.ToLabelled();
    }
}

/// <summary>Records as they are seen, each with the customer that it really is.</summary>
internal sealed class Sightings
{
    private readonly List<(string Source, string Customer, string Relation, (string Path, string? Value)[] Fields)> _seen = [];

    public int Count => _seen.Count;

    /// <summary>Adds a record.</summary>
    public void Add(string source, string customer, string relation, params (string Path, string? Value)[] fields) => _seen.Add((source, customer, relation, fields));

    public LabelledRecords ToLabelled()
    {
        var type = BuiltInModel.All.First(known => known.Name == "customer");
        var labelled = new LabelledRecords();
        var customers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (source, customer, relation, fields) in _seen)
        {
            var record = new EntityRecord(type);
            foreach (var (path, value) in fields)
            {
                if (string.IsNullOrWhiteSpace(value))
                    continue;
                record[path] = path.EndsWith("[]", StringComparison.Ordinal) ? Value.List([.. record[path].AsList, Value.Text(value)]) : Value.Text(value);
            }

            labelled.Records.Add(record);
            labelled.Ids.Add((source, labelled.Ids.Count.ToString(CultureInfo.InvariantCulture)));
            labelled.Customers.Add(customers.TryGetValue(customer, out var number) ? number : customers[customer] = customers.Count);
            labelled.Notes.Add(new Dictionary<string, string> { ["relation"] = relation, ["unit_id"] = customer.TrimEnd('a', 'b', 'c', 'd', 'e') });
        }

        return labelled;
    }
}
