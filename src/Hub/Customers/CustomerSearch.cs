using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Hub.Customers;

/// <summary>
/// Finds masters by what a person remembers: the beginning of names, an e-mail address, the end of a phone number, an id.
/// Reads every master once: a question of a person, not of a program.
/// </summary>
internal static class CustomerSearch
{
    private const int FewestDigits = 4;

    /// <summary>The masters that fit, those whose name fits first.</summary>
    /// <param name="store">The store.</param>
    /// <param name="text">What the person typed.</param>
    /// <param name="entity">Only of this entity, or null for all that are matched.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static IReadOnlyList<MasterRow> Find(MasterStore store, string text, string? entity, int limit, CancellationToken cancellationToken) =>
        Find(store, text, entity, limit, after: null, cancellationToken);

    /// <summary>The same, page by page.</summary>
    /// <param name="store">The store.</param>
    /// <param name="text">What the person typed.</param>
    /// <param name="entity">Only of this entity, or null for all that are matched.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="after">The last master of the page before; null for the first page, on which stands what an id leads to.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static IReadOnlyList<MasterRow> Find(MasterStore store, string text, string? entity, int limit, long? after, CancellationToken cancellationToken)
    {
        var direct = ByNumber(store, text).Concat(BySourceId(store, text)).Where(row => entity is null || row.Entity == entity).DistinctBy(row => row.Id).ToList();
        List<MasterRow> found = after is null ? [.. direct] : [];
        var words = Words(text);
        var digits = Digits(text);
        if (words.Length == 0)
            return found;

        var rows = store.Stream<MasterRow>(
            "select id, entity, data, version, changed_at, changed_run from master where merged_into is null and ended_run is null and (@entity is null or entity = @entity) and id > @after order by id",
            new { entity, after = after ?? 0 });
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (found.Count >= limit)
                break;
            if (Fits(row, words, digits) && direct.TrueForAll(other => other.Id != row.Id))
                found.Add(row);
        }

        return found;
    }

    /// <summary>The masters by their numbers, page by page.</summary>
    public static IReadOnlyList<MasterRow> All(MasterStore store, string? entity, int limit, long after) => store.Query<MasterRow>(
        "select id, entity, data, version, changed_at, changed_run from master where merged_into is null and ended_run is null and (@entity is null or entity = @entity) and id > @after order by id limit @limit",
        new { entity, limit, after });

    private static IEnumerable<MasterRow> ByNumber(MasterStore store, string text) =>
        MasterId.Number(text) is { } id && MasterQuery.Follow(store, id) is { } row ? [row] : [];

    private static List<MasterRow> BySourceId(MasterStore store, string text) => store.Query<MasterRow>(
        """
        select m.id, m.entity, m.data, m.version, m.changed_at, m.changed_run
        from inbound i join source_key k on k.inbound_id = i.id and k.source_id = @text
        join xref x on x.record_id = k.record_id join master m on m.id = x.master_id
        order by m.id
        """,
        new { text = text.Trim() });

    private static bool Fits(MasterRow row, string[] words, string digits)
    {
        // The whole JSON first: most masters hold the words nowhere, and need not be taken apart.
        var folded = Fold(row.Data);
        if (digits.Length < FewestDigits && !words.All(word => folded.Contains(IsHan(word) ? word[..1] : word, StringComparison.Ordinal)))
            return false;
        var fields = row.Fields();
        if (digits.Length >= FewestDigits && fields.Any(field => field.Field.StartsWith("phone", StringComparison.Ordinal) && field.Value.Split(", ").Any(phone => Digits(phone).EndsWith(digits, StringComparison.Ordinal))))
            return true;
        var known = fields.Where(field => IsLookedUp(field.Field)).SelectMany(field => Words(field.Value)).ToList();
        return words.All(word => known.Exists(value => value.StartsWith(word, StringComparison.Ordinal) || (IsHan(word) && value.Contains(word, StringComparison.Ordinal))))
            || Fold(GoldenText.Title(fields)).Replace(" ", "", StringComparison.Ordinal).StartsWith(string.Concat(words), StringComparison.Ordinal);
    }

    // Chinese names are typed in one piece, and kept in two.
    private static bool IsHan(string word) => word[0] > '\u2e7f';

    private static bool IsLookedUp(string field) =>
        field.StartsWith("name", StringComparison.Ordinal) || field.StartsWith("email", StringComparison.Ordinal) || field is "company" or "title" or "number" or "taxId" or "nationalId" or "registrationId" or "website";

    private static string[] Words(string text) => Fold(text).Split((char[])[' ', ',', ';', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private static string Fold(string text) => TextFold.ToAscii(TextFold.ToHalfWidth(text)).ToLowerInvariant();

    // National and international forms differ in front: 0664 12345 and +43 664 12345.
    private static string Digits(string text) =>
        text.Any(char.IsLetter) || text.Contains('@', StringComparison.Ordinal) ? "" : string.Concat(text.Where(char.IsAsciiDigit)).TrimStart('0');
}
