using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Crm.Integration.Mapping.Records;

/// <summary>
/// XXH64 (Yann Collet, xxHash specification 0.1.1): tells changed content from unchanged, and spreads match keys. Fast and
/// stable over machines and versions; no protection against a forger, so never used where one could gain by a collision.
/// </summary>
public static class ContentHash
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    /// <summary>The hash of text, over its UTF-16 code units in little-endian order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="seed">Keeps hashes of different kinds apart; chain calls by passing the last hash.</param>
    public static ulong Of(ReadOnlySpan<char> text, ulong seed = 0) => Of(MemoryMarshal.AsBytes(text), seed);

    /// <summary>The hash of bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="seed">Keeps hashes of different kinds apart; chain calls by passing the last hash.</param>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        unchecked
        {
            var length = (ulong)bytes.Length;
            ulong hash;
            if (bytes.Length >= 32)
            {
                ulong a = seed + Prime1 + Prime2, b = seed + Prime2, c = seed, d = seed - Prime1;
                do
                {
                    a = Round(a, Word(bytes));
                    b = Round(b, Word(bytes[8..]));
                    c = Round(c, Word(bytes[16..]));
                    d = Round(d, Word(bytes[24..]));
                    bytes = bytes[32..];
                }
                while (bytes.Length >= 32);
                hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
                hash = Merge(Merge(Merge(Merge(hash, a), b), c), d);
            }
            else
            {
                hash = seed + Prime5;
            }

            hash += length;
            for (; bytes.Length >= 8; bytes = bytes[8..])
                hash = (BitOperations.RotateLeft(hash ^ Round(0, Word(bytes)), 27) * Prime1) + Prime4;
            if (bytes.Length >= 4)
            {
                hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(bytes) * Prime1), 23) * Prime2) + Prime3;
                bytes = bytes[4..];
            }

            foreach (var one in bytes)
                hash = BitOperations.RotateLeft(hash ^ (one * Prime5), 11) * Prime1;

            hash = (hash ^ (hash >> 33)) * Prime2;
            hash = (hash ^ (hash >> 29)) * Prime3;
            return hash ^ (hash >> 32);
        }
    }

    private static ulong Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private static ulong Round(ulong lane, ulong word) => unchecked(BitOperations.RotateLeft(lane + (word * Prime2), 31) * Prime1);

    private static ulong Merge(ulong hash, ulong lane) => unchecked(((hash ^ Round(0, lane)) * Prime1) + Prime4);
}
