using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Csv;
using Crm.Integration.Connectors.DropFolder;
using Crm.Integration.Connectors.JsonLines;

namespace Crm.Integration.Connectors.Tests.Contract;

/// <summary>The customers of a fixture as files.</summary>
internal static class FileFixtures
{
    public static void Csv(string path, IEnumerable<Customer> customers)
    {
        using var file = File.CreateText(path);
        file.Write("id,name,modified\n");
        foreach (var (id, name, modified) in customers)
            file.Write($"{id},{Quoted(name)},{modified}\n");
    }

    public static void JsonLines(string path, IEnumerable<Customer> customers)
    {
        using var file = File.CreateText(path);
        foreach (var (id, name, modified) in customers)
            file.Write($"{{\"id\":\"{id}\",\"name\":{JsonSerializer.Serialize(name)},\"modified\":\"{modified}\"}}\n");
    }

    public static byte[] CutOff(string text)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return memory.ToArray()[..^9];
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

public sealed class CsvContractTests : ConnectorContract
{
    internal override IConnector Connector { get; } = new CsvConnector();

    internal override int MemoryRows => 1_000_000;

    internal override string? Unwritable => "nul\0";

    internal override object Settings(string folder) => new CsvSettings { Folder = folder };

    internal override string Put(IEnumerable<Customer> customers)
    {
        FileFixtures.Csv(Folder["customers.csv"], customers);
        return "customers.csv";
    }

    internal override void PutBroken() => Folder.Write("broken.csv", "PK\u0003\u0004");

    internal override string PutTruncated()
    {
        Folder.Write("cut.csv.gz", FileFixtures.CutOff("id,name\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i},n{i}\n"))));
        return "cut.csv.gz";
    }
}

public sealed class JsonLinesContractTests : ConnectorContract
{
    internal override IConnector Connector { get; } = new JsonLinesConnector();

    internal override object Settings(string folder) => new JsonLinesSettings { Folder = folder };

    internal override string Put(IEnumerable<Customer> customers)
    {
        FileFixtures.JsonLines(Folder["customers.jsonl"], customers);
        return "customers.jsonl";
    }

    internal override void PutBroken() => Folder.Write("broken.jsonl", "%PDF-1.4");

    internal override string PutTruncated()
    {
        Folder.Write("cut.jsonl", FileFixtures.CutOff(string.Concat(Enumerable.Range(0, 1000).Select(i => $"{{\"id\":{i}}}\n"))));
        return "cut.jsonl";
    }
}

public sealed class DropFolderContractTests : ConnectorContract
{
    internal override IConnector Connector { get; } = new DropFolderConnector();

    internal override string? NoSnapshot => "a dropped file holds what is new, so no pull of it is a snapshot";

    internal override string? NoCursor => "files are taken once, by their content; rows have no cursor";

    internal override string? NoPush => "a drop folder gives records and takes none";

    internal override object Settings(string folder) => new DropFolderSettings { Folder = folder, Format = DropFormat.Csv, MinAgeSeconds = 0 };

    internal override string Put(IEnumerable<Customer> customers)
    {
        FileFixtures.Csv(Folder["customers-1.csv"], customers);
        return "customers-*.csv";
    }

    internal override void PutBroken() => Folder.Write("broken.csv", "PK\u0003\u0004");

    internal override string PutTruncated()
    {
        Folder.Write("cut-1.csv.gz", FileFixtures.CutOff("id,name\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i},n{i}\n"))));
        return "cut-*.csv.gz";
    }
}
