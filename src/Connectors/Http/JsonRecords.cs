using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>Makes something of one record.</summary>
/// <typeparam name="T">What is made of it.</typeparam>
/// <param name="reader">Stands on the record's first token; is to stand on its last one afterwards.</param>
public delegate T JsonRecordReader<out T>(ref Utf8JsonReader reader);

/// <summary>Reads the records of a JSON answer one by one: memory holds the largest record, not the answer.</summary>
public static class JsonRecords
{
    private const int FirstBuffer = 64 * 1024;
    private const int MaxRecord = 32 * 1024 * 1024;

    /// <summary>The records of an array: the body itself, or a member of the object that the body is.</summary>
    /// <typeparam name="T">What is made of a record.</typeparam>
    /// <param name="body">The body; stays the caller's.</param>
    /// <param name="member">The array's member, at the top of the object; null when the body itself is the array.</param>
    /// <param name="read">Makes something of a record.</param>
    /// <param name="others">Is told the object's other members as they come: <c>nextRecordsUrl</c> may stand before or behind the records. Null when they do not matter.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConnectorException">The body ends early or is no such JSON.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(Stream body, string? member, JsonRecordReader<T> read, Action<string, JsonElement>? others, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(read);
        var walk = new Walk<T>(member, read, others);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        var length = 0;
        try
        {
            for (var ended = false; !walk.IsDone;)
            {
                if (length == buffer.Length)
                    buffer = Grow(buffer, length);
                var got = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
                ended = got == 0;
                length += got;
                var consumed = walk.Step(buffer.AsSpan(0, length), ended);
                buffer.AsSpan(consumed, length - consumed).CopyTo(buffer);
                length -= consumed;
                foreach (var record in walk.Records)
                    yield return record;
                walk.Records.Clear();
                if (ended && !walk.IsDone)
                    throw Broken(null);
            }
        }
        finally
        {
            // It held personal data, and the array goes back to a pool that everybody shares.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        if (length >= MaxRecord)
            throw new ConnectorException(FailureKind.Rejected, $"A record of the answer is larger than {MaxRecord / (1024 * 1024)} MB.", "Ask for fewer fields.");
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return larger;
    }

    private static ConnectorException Broken(Exception? inner) => new(FailureKind.Transient, "The answer ends early, or is not the JSON that was asked for.", "Run again; what was done is kept.", inner);

    private enum Place
    {
        Start,
        Members,
        Records,
        Done,
    }

    // Goes through as much of the JSON as is there, in whole records and members; what is begun waits for more bytes.
    private sealed class Walk<T>(string? member, JsonRecordReader<T> read, Action<string, JsonElement>? others)
    {
        private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = 256 });
        private Place _place;
        private bool _first = true;
        private bool _found;

        public List<T> Records { get; } = [];

        public bool IsDone => _place == Place.Done;

        public int Step(ReadOnlySpan<byte> bytes, bool ended)
        {
            var skipped = 0;
            if (_first && bytes.Length >= 3)
            {
                skipped = bytes.StartsWith("\uFEFF"u8) ? 3 : 0;
                _first = false;
            }

            var reader = new Utf8JsonReader(bytes[skipped..], ended, _state);
            try
            {
                while (_place != Place.Done)
                {
                    var before = reader;
                    if (!TryStep(ref reader, bytes[skipped..]))
                    {
                        reader = before;
                        break;
                    }
                }
            }
            catch (JsonException exception)
            {
                throw Broken(exception);
            }

            _state = reader.CurrentState;
            return skipped + (int)reader.BytesConsumed;
        }

        private bool TryStep(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
        {
            if (!reader.Read())
                return false;
            switch (_place)
            {
                case Place.Start:
                    if (reader.TokenType != (member is null ? JsonTokenType.StartArray : JsonTokenType.StartObject))
                        throw Broken(null);
                    _found = member is null;
                    _place = member is null ? Place.Records : Place.Members;
                    return true;
                case Place.Members when reader.TokenType == JsonTokenType.EndObject:
                    _place = Place.Done;
                    return true;
                case Place.Members:
                    return TryMember(ref reader, bytes);
                default:
                    if (reader.TokenType == JsonTokenType.EndArray)
                    {
                        _place = member is null ? Place.Done : Place.Members;
                        return true;
                    }

                    if (!TryWhole(ref reader, bytes, out var record))
                        return false;
                    Records.Add(read(ref record));
                    return true;
            }
        }

        private bool TryMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
        {
            var name = reader.GetString()!;
            if (!reader.Read())
                return false;
            if (!_found && name == member && reader.TokenType == JsonTokenType.StartArray)
            {
                _found = true;
                _place = Place.Records;
                return true;
            }

            if (!TryWhole(ref reader, bytes, out var value))
                return false;
            others?.Invoke(name, JsonElement.ParseValue(ref value));
            return true;
        }

        // A reader of its own over the value, which is all there: whoever is given it may skip in it as he likes.
        private static bool TryWhole(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes, out Utf8JsonReader value)
        {
            var start = (int)reader.TokenStartIndex;
            value = default;
            if (!reader.TrySkip())
                return false;
            value = new Utf8JsonReader(bytes[start..(int)reader.BytesConsumed], new JsonReaderOptions { MaxDepth = 256 });
            value.Read();
            return true;
        }
    }
}
