using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Crm.Integration.Connectors.Files;

/// <summary>Counts, over any number of blocks, what speaks for UTF-8, for Chinese and against both.</summary>
internal sealed class ByteTally
{
    private readonly byte[] _carry = new byte[8];
    private int _carried;

    public long Utf8Sequences { get; private set; }

    public long Utf8Errors { get; private set; }

    public long CommonChinese { get; private set; }

    public long OtherHigh { get; private set; }

    public bool HasZeros { get; private set; }

    /// <summary>Adds the next block; its ends may cut through characters.</summary>
    public void Add(ReadOnlySpan<byte> block)
    {
        HasZeros = HasZeros || block.Contains((byte)0);
        if (_carried > 0)
        {
            var taken = Math.Min(block.Length, _carry.Length - _carried);
            block[..taken].CopyTo(_carry.AsSpan(_carried));
            var all = _carry.AsSpan(0, _carried + taken);
            var used = CountUtf8(all);
            // What the carried bytes began is decided; go on in the block right behind it.
            var intoBlock = Math.Max(0, used - _carried);
            _carried = 0;
            block = block[intoBlock..];
        }

        CountChinese(block);
        var end = CountUtf8(block);
        if (end < block.Length && block.Length - end <= 3)
        {
            block[end..].CopyTo(_carry);
            _carried = block.Length - end;
        }
    }

    /// <summary>UTF-8 with a few bad bytes is still UTF-8; other encodings hardly ever form valid sequences.</summary>
    public bool IsUtf8 => Utf8Errors == 0 || Utf8Sequences > 4 * Utf8Errors;

    /// <summary>Chinese text comes in pairs of high bytes from the common rows; Western text has lone high bytes, Cyrillic and Greek stand in other rows.</summary>
    public bool IsChinese => CommonChinese >= 1 && CommonChinese > 2 * OtherHigh;

    private int CountUtf8(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes))
            return bytes.Length;
        if (Utf8.IsValid(bytes))
        {
            foreach (var one in bytes)
                Utf8Sequences += one >= 0xC0 ? 1 : 0;
            return bytes.Length;
        }

        var at = 0;
        while (at < bytes.Length)
        {
            var high = bytes[at..].IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (high < 0)
                return bytes.Length;
            at += high;
            switch (Rune.DecodeFromUtf8(bytes[at..], out _, out var consumed))
            {
                case OperationStatus.Done:
                    Utf8Sequences++;
                    break;
                case OperationStatus.NeedMoreData:
                    return at;
                default:
                    Utf8Errors++;
                    break;
            }

            at += Math.Max(1, consumed);
        }

        return at;
    }

    private void CountChinese(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes))
            return;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x80)
                continue;
            var next = i + 1 < bytes.Length ? bytes[i + 1] : (byte)0xB0;
            // Rows 16 to 55 hold the 3,755 everyday characters; rows 1 and 3 the punctuation and full-width forms.
            if (bytes[i] is (>= 0xB0 and <= 0xD7) or 0xA1 or 0xA3 && next >= 0xA1)
            {
                CommonChinese++;
                i++;
            }
            else
            {
                OtherHigh++;
                // A rarer character is a pair too; taking one byte would put the rest of the run out of step.
                if (next >= 0xA1 || (bytes[i] is >= 0x81 and <= 0xA0))
                    i++;
            }
        }
    }
}
