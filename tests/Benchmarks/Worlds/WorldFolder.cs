using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Integration.Benchmarks.Matching;

namespace Crm.Integration.Benchmarks.Worlds;

/// <summary>A hub folder whose sources know a made-up world, and the truth beside it: for measuring the whole program instead of the matcher alone.</summary>
internal static class WorldFolder
{
    private const string Usage = "usage: make-world DIR --world NAME [--records N] [--seed N]";

    // In the file, and where it goes.
    private static readonly (string Column, string Path, string? Map)[] s_columns =
    [
        ("given", "name.given", null), ("family", "name.family", null), ("full_name", "name.full", null), ("email", "email", null), ("phone", "phone", null), ("phone2", "phones[]", "[phone2]"), ("street", "address.line", null),
        ("city", "address.city", null), ("zip", "address.postalCode", null), ("country", "address.country", null), ("born", "birthDate", null), ("sex", "gender", null), ("job", "jobTitle", null), ("company", "company", null),
    ];

    public static int Make(string folder, string[] options)
    {
        var (name, records, seed) = ("crm", 0, 1UL);
        for (var i = 0; i < options.Length; i += 2)
        {
            var value = i + 1 < options.Length ? options[i + 1] : "";
            switch (options[i])
            {
                case "--world" when World.All.Any(world => world.Name == value): name = value; break;
                case "--records" when int.TryParse(value, CultureInfo.InvariantCulture, out records): break;
                case "--seed" when ulong.TryParse(value, CultureInfo.InvariantCulture, out seed): break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }

        var world = World.All.First(known => known.Name == name);
        var labelled = world.Make(records == 0 ? world.Records : records, seed);
        foreach (var part in new[] { "in", "connections", "pipelines" })
            Directory.CreateDirectory(Path.Combine(folder, part));
        File.WriteAllText(Path.Combine(folder, "hub.json"), "{}\n");
        WriteTruth(Path.Combine(folder, "truth.csv"), labelled);
        foreach (var source in labelled.Ids.Select(id => id.Source).Distinct().Order(StringComparer.Ordinal))
        {
            File.WriteAllText(Path.Combine(folder, "connections", source + ".json"), """{ "connector": "csv", "folder": "in" }""" + "\n");
            File.WriteAllText(Path.Combine(folder, "pipelines", source + ".json"), Pipeline(source));
            WriteRows(Path.Combine(folder, "in", source + ".csv"), source, labelled);
        }

        Console.WriteLine($"{labelled.Records.Count} records of {name} {seed} in {folder}; run it with `hub --hub {folder} run`");
        return 0;
    }

    private static string Pipeline(string source) => JsonSerializer.Serialize(new
    {
        from = new { connection = source, stream = source + ".csv", key = "id" },
        entity = "customer",
        map = s_columns.ToDictionary(column => column.Path, column => column.Map ?? column.Column),
    }) + "\n";

    private static void WriteTruth(string file, LabelledRecords labelled)
    {
        using var writer = new StreamWriter(file, append: false, new UTF8Encoding(false));
        writer.WriteLine("connection,stream,source_id,entity_id");
        for (var i = 0; i < labelled.Ids.Count; i++)
            writer.WriteLine($"{labelled.Ids[i].Source},{labelled.Ids[i].Source}.csv,{labelled.Ids[i].Id},{labelled.Customers[i]}");
    }

    private static void WriteRows(string file, string source, LabelledRecords labelled)
    {
        using var writer = new StreamWriter(file, append: false, new UTF8Encoding(false));
        writer.WriteLine("id," + string.Join(',', s_columns.Select(column => column.Column)));
        for (var i = 0; i < labelled.Ids.Count; i++)
        {
            if (labelled.Ids[i].Source != source)
                continue;
            var record = labelled.Records[i];
            writer.WriteLine(labelled.Ids[i].Id + "," + string.Join(',', s_columns.Select(column =>
                Quoted(column.Path.EndsWith("[]", StringComparison.Ordinal) ? record[column.Path].AsList is [var first, ..] ? first.ToText() : null : record[column.Path].ToText()))));
        }
    }

    private static string Quoted(string? text) => text is null ? "" : text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
