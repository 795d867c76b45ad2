using System.Text;

namespace Crm.Integration.Connectors.Files;

/// <summary>
/// Puts a mark in place of bytes that the encoding does not have, and counts them: rows are searched for the mark only
/// once there is one. U+FFFD would not do, since a file may hold it rightly.
/// </summary>
internal sealed class BadByteFallback : DecoderFallback
{
    /// <summary>A code point that Unicode keeps free for such inside use.</summary>
    public const char Mark = '\uFDD0';

    public long Count { get; private set; }

    public override int MaxCharCount => 1;

    public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer(this);

    private sealed class Buffer(BadByteFallback owner) : DecoderFallbackBuffer
    {
        private bool _pending;

        public override int Remaining => _pending ? 1 : 0;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            owner.Count++;
            return _pending = true;
        }

        public override char GetNextChar()
        {
            if (!_pending)
                return '\0';
            _pending = false;
            return Mark;
        }

        public override bool MovePrevious() => false;

        public override void Reset() => _pending = false;
    }
}
