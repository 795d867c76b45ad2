using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Acme.Ini;

/// <summary>What `hub connectors certify ini` rehearses: a file of people, and what their users do with it.</summary>
public sealed class IniCertification : ICertificationFixture
{
    /// <inheritdoc/>
    public IConnector Connector { get; } = new IniConnector();

    /// <inheritdoc/>
    public Task<IRehearsal> BeginAsync(RehearsalPlace place, CancellationToken cancellationToken) => Task.FromResult<IRehearsal>(new FolderRehearsal(
        place,
        new("people.ini", "id", "id", [new("name", n => $"Person {n}"), new("phone", n => $"+49 30 {n:D6}")]) { OtherStream = "broken.ini", IsUntyped = true },
        new(folder => new IniSettings { Folder = folder }, Write, Read) { Broken = "no section\n" }));

    // Not with the connector's own code: both would share its mistakes.
    private static void Write(string path, IReadOnlyList<string> fields, IReadOnlyList<RehearsedRecord> records) =>
        File.WriteAllLines(path, records.SelectMany(record => fields.Where(field => field != "id" && !record.Values.GetValueOrDefault(field).IsEmpty).Select(field => $"{field} = {record.Values[field]}").Prepend($"[{record.Id}]")));

    private static List<IReadOnlyDictionary<string, Value>> Read(string path)
    {
        List<Dictionary<string, Value>> people = [];
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith('['))
                people.Add(new() { ["id"] = line.Trim('[', ']') });
            else
                people[^1][line.Split(" = ", 2)[0]] = line.Split(" = ", 2)[1];
        }

        return [.. people];
    }
}
