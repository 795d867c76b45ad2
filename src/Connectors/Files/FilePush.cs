using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Files;

/// <summary>
/// Brings a file up to date: rows are found by their key and changed where they stand, new rows go to the end, what is
/// not ours stays. The file is written once, at the end of the push, and only when something differs.
/// </summary>
internal sealed class FilePush(string path, TextFileSettings settings, ITargetFormat format, PushRequest request)
{
    private readonly Dictionary<string, long> _repeated = new(StringComparer.Ordinal);

    public async IAsyncEnumerable<WriteOutcome> RunAsync(IAsyncEnumerable<Write> writes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keyIndex = request.Fields.ToList().IndexOf(request.KeyField);
        if (keyIndex < 0)
            throw new ConnectorException(FailureKind.Configuration, $"{request.Stream}: the key field '{request.KeyField}' is not among the fields that are written.", "Map the field that `to.key` of the pipeline names.");

        Encoding? strict = null;
        WriteSpool? spool = null;
        try
        {
            await foreach (var write in writes.WithCancellation(cancellationToken))
            {
                strict ??= Strict();
                spool ??= NewSpool();
                if (Refusal(write, strict, out var cells) is { } refused)
                    yield return refused;
                else
                    Spool(spool, write, cells);
            }

            if (spool is null || spool.Count == 0)
                yield break;
            await Task.Run(() => Apply(spool, cancellationToken), cancellationToken);
            foreach (var write in spool.All())
            {
                yield return new WriteOutcome(write.Id)
                {
                    Message = _repeated.TryGetValue(write.Key, out var line) && write.Kind != WriteKind.Delete
                        ? $"{request.Stream} has the key more than once, again at line {line}; only the first row was changed."
                        : null,
                };
            }
        }
        finally
        {
            spool?.Dispose();
        }
    }

    private static WriteSpool NewSpool()
    {
        try
        {
            return new WriteSpool();
        }
        catch (Exception exception) when (FileErrors.Knows(exception))
        {
            throw FileErrors.Translate(exception, $"The folder for temporary files {Path.GetTempPath()}", "write");
        }
    }

    private static void Spool(WriteSpool spool, Write write, string[] cells)
    {
        try
        {
            spool.Add(write, cells);
        }
        catch (Exception exception) when (FileErrors.Knows(exception))
        {
            throw FileErrors.Translate(exception, $"The folder for temporary files {Path.GetTempPath()}", "write");
        }
    }

    // Opening the target first tells at once whether it can be written at all, before a long push begins.
    private Encoding Strict()
    {
        using var existing = OpenExisting();
        using var target = Open(existing);
        var strict = (Encoding)target.Encoding.Clone();
        strict.EncoderFallback = EncoderFallback.ExceptionFallback;
        return strict;
    }

    private WriteOutcome? Refusal(Write write, Encoding strict, out string[] cells)
    {
        cells = [];
        if (string.IsNullOrWhiteSpace(write.Key))
            return new WriteOutcome(write.Id, FailureKind.Rejected, $"the key field '{request.KeyField}' is empty") { Field = request.KeyField };
        if (write.Kind == WriteKind.Delete)
            return null;
        cells = new string[request.Fields.Count];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = request.Fields[i] == request.KeyField ? format.Cell(Value.Text(write.Key)) : format.Cell(i < write.Values.Count ? write.Values[i] : Value.Null);
            if (!CanEncode(strict, cells[i]))
                return new WriteOutcome(write.Id, FailureKind.Rejected, $"the value has characters that {request.Stream}, which is {strict.WebName}, cannot hold; convert the file to UTF-8") { Field = request.Fields[i] };
        }

        return null;
    }

    private static bool CanEncode(Encoding strict, string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            return false;
        if (Ascii.IsValid(text))
            return true;
        try
        {
            strict.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            // The answer itself: the library has no way to ask without an exception.
            return false;
        }
    }

    private void Apply(WriteSpool spool, CancellationToken cancellationToken)
    {
        try
        {
            spool.Complete();
            if (!AnyDifference(spool, cancellationToken))
                return;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.RemoveLeftovers(path);
            Rewrite(spool, cancellationToken);
        }
        catch (Exception exception) when (FileErrors.Knows(exception))
        {
            throw FileErrors.Translate(exception, request.Stream, "write");
        }
    }

    private bool AnyDifference(WriteSpool spool, CancellationToken cancellationToken)
    {
        using var existing = OpenExisting();
        using var target = Open(existing);
        var met = new BitArray(spool.Count);
        var applied = new BitArray(spool.Count);
        while (target.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (target.Key is not { } key || spool.Find(key, met) is not { } write)
                continue;
            if (write.Kind == WriteKind.Delete)
                return true;
            if (!applied[write.Index] && target.Differs(write))
                return true;
            if (applied[write.Index])
                _repeated.TryAdd(key, target.Line);
            applied[write.Index] = true;
        }

        foreach (var write in spool.All())
        {
            if (!met[write.Index] && spool.Find(write.Key, met) is { Kind: not WriteKind.Delete })
                return true;
        }

        return false;
    }

    private void Rewrite(WriteSpool spool, CancellationToken cancellationToken)
    {
        using var existing = OpenExisting();
        using var target = Open(existing);
        using var file = new AtomicFile(path, target.Encoding, existing?.IsPacked ?? path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase));
        target.WriteHead(file.Output);
        var met = new BitArray(spool.Count);
        var applied = new BitArray(spool.Count);
        while (target.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = target.Key;
            var write = key is null ? null : spool.Find(key, met);
            if (write is null)
            {
                target.WriteAsIs(file.Output);
            }
            else if (write.Kind == WriteKind.Delete)
            {
                continue;
            }
            else if (applied[write.Index])
            {
                _repeated.TryAdd(key!, target.Line);
                target.WriteAsIs(file.Output);
            }
            else
            {
                applied[write.Index] = true;
                if (target.Differs(write))
                    target.WriteChanged(file.Output, write);
                else
                    target.WriteAsIs(file.Output);
            }
        }

        foreach (var write in spool.All())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!met[write.Index] && spool.Find(write.Key, met) is { Kind: not WriteKind.Delete } record)
                target.WriteNew(file.Output, record);
        }

        // Between our reading and the rename somebody may have saved the file: their work must not vanish.
        existing?.EnsureUnchanged();
        if (existing is null && File.Exists(path) && new FileInfo(path).Length > 0)
            throw new ConnectorException(FailureKind.Transient, $"{request.Stream} was made by somebody else while the hub wrote it.", "The next run brings that file up to date.");
        existing?.Dispose();
        file.Commit();
    }

    private ITarget Open(TextFile? existing)
    {
        try
        {
            return format.Open(existing, request);
        }
        catch (Exception exception) when (FileErrors.Knows(exception))
        {
            throw FileErrors.Translate(exception, request.Stream, "read");
        }
    }

    private TextFile? OpenExisting()
    {
        // An empty file has nothing to keep, not even a header.
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
            return null;
        return TextFile.Open(path, request.Stream, settings);
    }
}
