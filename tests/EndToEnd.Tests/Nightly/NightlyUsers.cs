using System.Globalization;
using System.Text.Json;

namespace Crm.Integration.EndToEnd.Tests.Nightly;

/// <summary>The people who work in the four systems while the hub keeps them the same: they give contacts other titles, and make new ones.</summary>
internal sealed class NightlyUsers(NightlyStage stage, Random random)
{
    private static readonly Desk[] s_systems =
    [
        new("salesforce/records/Contact", "Hub_Id__c", "Title", "Email", "FirstName", "LastName"),
        new("zoho/records/Contacts", "Hub_Id", "Title", "Email", "First_Name", "Last_Name"),
        new("insightly/records/Contacts", "Hub_Id__c", "TITLE", "EMAIL_ADDRESS", "FIRST_NAME", "LAST_NAME"),
        new("fxiaoke/records/ContactObj", "hub_id__c", "job_title", "email", "name"),
    ];

    private readonly Dictionary<(string Stream, string Id), string> _edits = [];
    private readonly Queue<string> _reserved = new(Enumerable.Range(1, NightlyStage.People / 3).Select(number => string.Create(CultureInfo.InvariantCulture, $"C{number * 3}")));
    private int _words;

    /// <summary>How many contacts they made.</summary>
    public int Made { get; private set; }

    /// <summary>Before a run: some titles, now and then the same contact's in two systems; and now and then somebody new.</summary>
    public async Task WorkAsync()
    {
        for (var edits = random.Next(3, 7); edits > 0; edits--)
        {
            var system = Any(s_systems);
            var record = Any((await RecordsAsync(system.Stream)).FindAll(record => Text(record, system.Hub) is not { } hub || !_reserved.Contains(hub)));
            await EditAsync(system, record);
            if (random.Next(3) == 0 && await TwinAsync(system, record) is var (other, twin))
                await EditAsync(other, twin);
        }

        if (random.Next(2) == 0)
        {
            var system = Any(s_systems);
            var fields = system.Names.ToDictionary(name => name, _ => Word());
            (fields[system.Title], fields[system.Mail]) = (Word(), $"{Word()}@new.example");
            await stage.PostAsync(system.Stream, fields);
            Made++;
        }
    }

    /// <summary>
    /// While a run is under way: somebody of whom it has nothing to write. What is edited in the moments between pull and push is written over where a
    /// system cannot check versions, as the documentation says.
    /// </summary>
    public async Task InterruptAsync()
    {
        var (system, hub) = (Any(s_systems), _reserved.Dequeue());
        await EditAsync(system, (await RecordsAsync(system.Stream)).Single(record => Text(record, system.Hub) == hub));
    }

    /// <summary>Each contact is once in each system, and all give it the same title.</summary>
    public async Task AssertAgreementAsync(string when)
    {
        var all = new List<(string Hub, string Title)>();
        foreach (var system in s_systems)
        {
            var records = (await RecordsAsync(system.Stream)).Select(record => (Text(record, system.Hub) ?? "", Text(record, system.Title) ?? "")).ToList();
            Assert.True(records.Count == NightlyStage.People + Made, $"{system.Stream} has {records.Count} contacts in place of {NightlyStage.People + Made}, {when}");
            all.AddRange(records);
        }

        foreach (var contact in all.GroupBy(record => record.Hub))
        {
            Assert.True(contact.Count() == s_systems.Length, $"{contact.Key} is there {contact.Count()} times, {when}");
            Assert.True(contact.Distinct().Count() == 1, $"{contact.Key} is {string.Join(", ", contact.Select(record => record.Title))}, {when}");
        }
    }

    /// <summary>The last title that a user gave a contact of a system stands there, was everybody's for a while, or is written down as overruled.</summary>
    public async Task AssertNothingWasLostAsync(string said, string when)
    {
        foreach (var system in s_systems)
        {
            var stands = (await RecordsAsync(system.Stream)).ToDictionary(record => Text(record, "id")!, record => Text(record, system.Title));
            foreach (var ((_, id), title) in _edits.Where(edit => edit.Key.Stream == system.Stream))
                Assert.True(stands[id] == title || said.Contains(title, StringComparison.Ordinal), $"{title}, given to {id} of {system.Stream}, is nowhere, {when}");
        }
    }

    private async Task EditAsync(Desk system, JsonElement record)
    {
        var (id, title) = (Text(record, "id")!, Word());
        await stage.EditAsync(system.Stream, id, system.Title, title);
        _edits[(system.Stream, id)] = title;
    }

    /// <summary>The same contact in another system, should it be there.</summary>
    private async Task<(Desk System, JsonElement Record)?> TwinAsync(Desk system, JsonElement record)
    {
        var other = Any(s_systems);
        if (other == system || Text(record, system.Hub) is not { Length: > 0 } hub)
            return null;
        var twin = (await RecordsAsync(other.Stream)).Find(twin => Text(twin, other.Hub) == hub);
        return twin.ValueKind == JsonValueKind.Undefined ? null : (other, twin);
    }

    private async Task<List<JsonElement>> RecordsAsync(string stream) => [.. (await stage.GetAsync(stream)).EnumerateArray()];

    // Insightly has fields of ours in a list.
    private static string? Text(JsonElement record, string field)
    {
        if (!record.TryGetProperty(field, out var value) && record.TryGetProperty("CUSTOMFIELDS", out var ours))
            value = ours.EnumerateArray().Where(each => each.GetProperty("FIELD_NAME").GetString() == field).Select(each => each.GetProperty("FIELD_VALUE")).FirstOrDefault();
        return value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : value.ToString();
    }

    private T Any<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];

    // No two are alike, so that nobody is taken for somebody else.
    private string Word()
    {
        var letters = new char[9];
        for (var (i, number) = (0, (++_words * 7919L) + 104_729); i < letters.Length; i++, number = (number * 31) + 17)
            letters[i] = (char)('a' + (int)(number / 7 % 26));
        return string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(letters[0])}{new string(letters, 1, 8)}");
    }

    /// <summary>A system: its contacts, and what it calls the hub's id, the title, the e-mail address and the names of a person.</summary>
    private sealed record Desk(string Stream, string Hub, string Title, string Mail, params IReadOnlyList<string> Names);
}
