using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Access;

/// <summary>
/// Who did what, when. Only ever added to: each entry's hash covers the entry and the hash before it, so that none can be changed or taken out
/// of the middle unseen. Who notes the last hash elsewhere also sees when the end is cut off.
/// </summary>
/// <param name="engine">The store's engine.</param>
/// <param name="clock">The time.</param>
internal sealed class AuditLog(StoreEngine engine, TimeProvider clock) : IDisposable
{
    private const int Longest = 400;
    private const int PageRows = 1000;

    private readonly ServiceStore _store = new(engine, clock);

    /// <summary>Adds an entry; durable when it returns.</summary>
    /// <param name="actor">Who: a token's name, or a person at the console.</param>
    /// <param name="action">What was asked for.</param>
    /// <param name="subject">Of what: ids, never values.</param>
    /// <param name="outcome">What came of it.</param>
    public void Add(string actor, string action, string subject, string outcome) => _store.Write(transaction =>
    {
        // Whoever takes the next number keeps others waiting until this entry is there: each sees the one before.
        var seq = transaction.Allocate("audit", 1);
        var last = transaction.First<AuditEntry>("select seq, at, actor, action, subject, outcome, previous, hash from audit order by seq desc limit @one", new { one = 1 });
        var entry = new AuditEntry
        {
            Seq = seq,
            At = transaction.Store.Now,
            Actor = Cut(actor),
            Action = Cut(action),
            Subject = Cut(subject),
            Outcome = Cut(outcome),
            Previous = last?.Hash ?? "",
        };
        transaction.Execute(
            "insert into audit (seq, at, actor, action, subject, outcome, previous, hash) values (@Seq, @At, @Actor, @Action, @Subject, @Outcome, @Previous, @hash)",
            new { entry.Seq, entry.At, entry.Actor, entry.Action, entry.Subject, entry.Outcome, entry.Previous, hash = HashOf(entry) });
    });

    /// <summary>The entries, the newest first.</summary>
    /// <param name="before">Only those before this one, for the next page.</param>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<AuditEntry> List(long before, int count) => _store.Read(store => store.Query<AuditEntry>(
        "select seq, at, actor, action, subject, outcome, previous, hash from audit where seq < @before order by seq desc limit @count", new { before, count }));

    /// <summary>Looks whether any entry was changed or is missing.</summary>
    /// <param name="head">An entry that was noted before, as <c>SEQ:HASH</c>; null for none.</param>
    /// <exception cref="RefusedException">What was noted cannot be read.</exception>
    public AuditCheck Verify(string? head = null)
    {
        var noted = Noted(head);
        var count = 0L;
        AuditEntry? last = null;
        for (var after = 0L; ; after = last!.Seq)
        {
            var page = _store.Read(store => store.Query<AuditEntry>("select seq, at, actor, action, subject, outcome, previous, hash from audit where seq > @after order by seq limit @PageRows", new { after, PageRows }));
            foreach (var entry in page)
            {
                if (last is not null && (entry.Seq != last.Seq + 1 || entry.Previous != last.Hash))
                    return new AuditCheck(count, entry.Seq, $"entry {entry.Seq} does not follow entry {last.Seq}: entries between them were taken out, or one of the two is not what was written", null);
                if (HashOf(entry) != entry.Hash)
                    return new AuditCheck(count, entry.Seq, $"entry {entry.Seq} is not what was written", null);
                if (noted is { } one && one.Seq == entry.Seq && one.Hash != entry.Hash)
                    return new AuditCheck(count, entry.Seq, $"entry {entry.Seq} is another one than was noted: the log was written anew", null);
                (last, count) = (entry, count + 1);
            }

            if (page.Count < PageRows)
                break;
        }

        return noted is { } missing && missing.Seq > (last?.Seq ?? 0)
            ? new AuditCheck(count, missing.Seq, $"entry {missing.Seq}, which was noted, is missing: the end of the log was cut off", null)
            : new AuditCheck(count, null, null, last is null ? null : string.Create(CultureInfo.InvariantCulture, $"{last.Seq}:{last.Hash}"));
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private static (long Seq, string Hash)? Noted(string? head)
    {
        if (head is null)
            return null;
        var parts = head.Split(':');
        return parts is [var seq, { Length: 64 } hash] && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number, hash)
            : throw RefusedException.Invalid("head", $"'{head}' is no noted end of the log", "give it as `hub audit verify` printed it: NUMBER:HASH");
    }

    // As a JSON list: no two entries are written alike, whatever characters are in them.
    private static string HashOf(AuditEntry entry) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        (string[])[entry.Seq.ToString(CultureInfo.InvariantCulture), entry.At.ToString(CultureInfo.InvariantCulture), entry.Actor, entry.Action, entry.Subject, entry.Outcome, entry.Previous])));

    private static string Cut(string text) => text.Length <= Longest / 2 ? text : text[..((Longest / 2) - 1)] + "…";
}

/// <summary>An entry of the audit log.</summary>
internal sealed record AuditEntry
{
    public long Seq { get; init; }

    public long At { get; init; }

    public string Actor { get; init; } = "";

    public string Action { get; init; } = "";

    public string Subject { get; init; } = "";

    public string Outcome { get; init; } = "";

    public string Previous { get; init; } = "";

    public string Hash { get; init; } = "";
}

/// <summary>What a look at the audit log found.</summary>
/// <param name="Entries">How many entries are as they were written.</param>
/// <param name="BrokenAt">The first entry that is not; null when all are.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Head">The last entry, to be noted elsewhere.</param>
internal sealed record AuditCheck(long Entries, long? BrokenAt, string? Problem, string? Head);
