using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Matching;

/// <summary>The records that have certain keys so far, asked for in the order of the keys.</summary>
internal sealed class KeyMembers : IDisposable
{
    private readonly long[] _hashes;
    private readonly BulkLookup _settled;
    private readonly BulkLookup _recent;
    private readonly List<long> _members = [];
    private bool _moreSettled;
    private bool _moreRecent;

    /// <summary>Begins to read.</summary>
    /// <param name="transaction">The transaction; nothing else is done in it until this is ended.</param>
    /// <param name="hashes">The keys, ascending, each once.</param>
    /// <param name="anyRecent">Whether there are recent keys at all.</param>
    public KeyMembers(StoreTransaction transaction, long[] hashes, bool anyRecent)
    {
        _hashes = hashes;
        _settled = transaction.Lookup("match_key", "hash", hashes, "record_id");
        _recent = transaction.Lookup("match_key_recent", "hash", anyRecent ? hashes : [], "record_id");
        _moreSettled = _settled.Next();
        _moreRecent = _recent.Next();
    }

    /// <summary>The records of the next key, ascending; the list is this object's, good until the next call.</summary>
    public List<long> Of(long hash)
    {
        _members.Clear();
        for (; _moreSettled && _hashes[_settled.Index] == hash; _moreSettled = _settled.Next())
            _members.Add(_settled.Int64(0));
        var settled = _members.Count;
        for (; _moreRecent && _hashes[_recent.Index] == hash; _moreRecent = _recent.Next())
            _members.Add(_recent.Int64(0));
        if (settled > 0 && _members.Count > settled)
            _members.Sort();
        return _members;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _settled.Dispose();
        _recent.Dispose();
    }
}
