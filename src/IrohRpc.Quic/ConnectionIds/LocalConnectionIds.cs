using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.ConnectionIds;

/// <summary>The ids by which the peer addresses this side (RFC 9000, section 5.1): issued here, retired by the peer.</summary>
internal sealed class LocalConnectionIds
{
    private readonly IConnectionIdRegistry _registry;
    // Most paths have two, and a list starts with room for four.
    private readonly List<Entry> _entries = new(2);
    private long _nextSequence;
    private int _limit = 1;
    private int _unsent;

    /// <summary>Starts with the id of the handshake.</summary>
    public LocalConnectionIds(IConnectionIdRegistry registry)
    {
        _registry = registry;
        First = Issue(mustSend: false);
    }

    /// <summary>Starts without an id, for a path beyond the first.</summary>
    public LocalConnectionIds(IConnectionIdRegistry registry, long pathId)
    {
        _registry = registry;
        _limit = 0;
        PathId = pathId;
    }

    /// <summary>The path that the ids are of, where the connection has several; the frames then name it.</summary>
    public long? PathId { get; set; }

    /// <summary>The id of the handshake: this side's source connection id in packets with a long header.</summary>
    public ConnectionId First { get; }

    /// <summary>The token of <see cref="First"/>.</summary>
    public StatelessResetToken FirstToken => _entries[0].Token;

    /// <summary>Whether NEW_CONNECTION_ID frames are to be sent.</summary>
    public bool HasFrames => _unsent > 0;

    /// <summary>How many ids the peer may use.</summary>
    public int Count => _entries.Count;

    /// <summary>The peer keeps so many ids: the rest is issued.</summary>
    public void SetLimit(int limit)
    {
        _limit = limit;
        Fill();
    }

    /// <summary>Writes the next NEW_CONNECTION_ID frame.</summary>
    public void Write(ref FrameWriter writer, SentFrames sent)
    {
        int index = _entries.FindIndex(static entry => entry.MustSend);
        Entry entry = _entries[index];
        _entries[index] = entry with { MustSend = false };
        _unsent--;
        if (PathId is { } path)
        {
            writer.Write(ExtensionNumbers.PathNewConnectionId, path);
            writer.Write(entry.Sequence, 0);
        }
        else
        {
            writer.Write(QuicFrameType.NewConnectionId, entry.Sequence, 0);
        }

        writer.Write(entry.Id.Length);
        entry.Id.Span.CopyTo(writer.Free);
        writer.Advance(entry.Id.Length);
        entry.Token.CopyTo(writer.Free);
        writer.Advance(Protection.StatelessReset.TokenLength);
        sent.Add(ConnectionFrameKind.NewConnectionId, offset: entry.Sequence, length: (int)(PathId ?? 0));
    }

    /// <summary>Whether an id is one of these.</summary>
    public bool Contains(in ConnectionId id)
    {
        foreach (Entry entry in _entries)
        {
            if (entry.Id == id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many ids were issued so far: the next sequence number.</summary>
    public long NextSequence => _nextSequence;

    /// <summary>A NEW_CONNECTION_ID frame was lost.</summary>
    public void HandleLost(long sequence)
    {
        int index = _entries.FindIndex(entry => entry.Sequence == sequence);
        if (index >= 0 && !_entries[index].MustSend)
        {
            _entries[index] = _entries[index] with { MustSend = true };
            _unsent++;
        }
    }

    /// <summary>Takes a RETIRE_CONNECTION_ID frame; another id takes the place of the retired one.</summary>
    /// <param name="sequence">Which id the peer will not use any more.</param>
    /// <param name="carrier">The destination connection id of the packet that carried the frame.</param>
    public void Retire(long sequence, in ConnectionId carrier)
    {
        if (sequence >= _nextSequence)
        {
            throw new TransportViolationException(
                TransportErrorCode.ProtocolViolation, QuicFrameType.RetireConnectionId, "a connection id was retired that was not issued");
        }

        int index = _entries.FindIndex(entry => entry.Sequence == sequence);
        if (index < 0)
        {
            return;
        }

        Entry entry = _entries[index];
        if (entry.Id == carrier)
        {
            throw new TransportViolationException(
                TransportErrorCode.ProtocolViolation, QuicFrameType.RetireConnectionId, "a connection id was retired by a packet that used it");
        }

        _unsent -= entry.MustSend ? 1 : 0;
        _entries.RemoveAt(index);
        _registry.Retire(entry.Id);
        Fill();
    }

    /// <summary>Takes all ids back; the connection is gone.</summary>
    public void RetireAll()
    {
        foreach (Entry entry in _entries)
        {
            _registry.Retire(entry.Id);
        }

        _entries.Clear();
        _unsent = 0;
        _limit = 0;
    }

    private void Fill()
    {
        while (_entries.Count < _limit)
        {
            Issue(mustSend: true);
        }
    }

    private ConnectionId Issue(bool mustSend)
    {
        ConnectionId id = _registry.Issue(out StatelessResetToken token);
        _entries.Add(new Entry(_nextSequence++, id, token, mustSend));
        _unsent += mustSend ? 1 : 0;
        return id;
    }

    private readonly record struct Entry(long Sequence, ConnectionId Id, StatelessResetToken Token, bool MustSend);
}
