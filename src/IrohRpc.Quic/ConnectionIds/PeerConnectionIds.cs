using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.ConnectionIds;

/// <summary>The ids by which this side addresses the peer (RFC 9000, section 5.1): issued there, retired here.</summary>
internal sealed class PeerConnectionIds
{
    /// <summary>How many ids the peer may have issued and not retired: what active_connection_id_limit says.</summary>
    public const int Limit = 5;

    // A peer that has ids retired faster than it reads that they are must not make this side remember them all.
    private const int MaxUnacknowledgedRetirements = 8 * Limit;

    // Sequence numbers grow by one; what lies between those that were seen is what was lost.
    private const int MaxSequenceGaps = 32;

    // Most paths have two, and a list starts with room for four.
    private readonly List<Entry> _entries = new(2);
    private List<long>? _toRetire;
    private OffsetRanges _seen;
    private int _unacknowledgedRetirements;
    private long _retirePriorTo;
    private ConnectionId _current;
    private long _currentSequence;

    /// <summary>Starts with the id that the client made up, or that the client's first packet named.</summary>
    public PeerConnectionIds(in ConnectionId first) => ReplaceFirst(first);

    /// <summary>Starts without an id, for a path beyond the first that is not open yet.</summary>
    public PeerConnectionIds(long pathId)
    {
        PathId = pathId;
        _currentSequence = -1;
    }

    /// <summary>The path that the ids are of, where the connection has several; the frames then name it.</summary>
    public long? PathId { get; set; }

    /// <summary>The id in use on the current path.</summary>
    public ref readonly ConnectionId Current => ref _current;

    /// <summary>The sequence number of <see cref="Current"/>.</summary>
    public long CurrentSequence => _currentSequence;

    /// <summary>Whether RETIRE_CONNECTION_ID frames are to be sent.</summary>
    public bool HasFrames => _toRetire is not null;

    /// <summary>Whether there is an id that no path uses yet.</summary>
    public bool HasSpare => _entries.Exists(static entry => !entry.IsUsed);

    /// <summary>In the handshake: the peer's id is another than the one so far.</summary>
    public void ReplaceFirst(in ConnectionId id)
    {
        _entries.Clear();
        _entries.Add(new Entry(0, id, null, true));
        _seen.Add(0, 1);
        _current = id;
        _currentSequence = 0;
    }

    /// <summary>The token of the first id, which the server's transport parameters bring.</summary>
    public void SetFirstToken(StatelessResetToken token)
    {
        int index = _entries.FindIndex(static entry => entry.Sequence == 0);
        if (index >= 0)
        {
            _entries[index] = _entries[index] with { Token = token };
        }
    }

    /// <summary>Takes a NEW_CONNECTION_ID frame.</summary>
    public void Add(long sequence, long retirePriorTo, in ConnectionId id, StatelessResetToken token)
    {
        if (_current.Length == 0 && _currentSequence >= 0)
        {
            throw Violation(TransportErrorCode.ProtocolViolation, "connection ids were issued beside an empty one");
        }

        foreach (Entry entry in _entries)
        {
            if (entry.Sequence == sequence ? entry.Id != id || entry.Token is { } known && !known.Equals(token) : entry.Id == id)
            {
                throw Violation(TransportErrorCode.ProtocolViolation, "a connection id was issued twice, differently");
            }
        }

        // An id that was retired here already, and whose frame comes again, must not count anew.
        if (!_seen.Contains(sequence))
        {
            _seen.Add(sequence, sequence + 1);
            if (_seen.Count > MaxSequenceGaps)
            {
                throw Violation(TransportErrorCode.ProtocolViolation, "the sequence numbers of connection ids do not increase by one");
            }

            if (sequence < _retirePriorTo)
            {
                QueueRetirement(sequence);
                return;
            }

            _entries.Add(new Entry(sequence, id, token, false));
        }

        if (retirePriorTo > _retirePriorTo)
        {
            _retirePriorTo = retirePriorTo;
            RetireBefore(retirePriorTo);
        }

        if (_entries.Count > Limit)
        {
            throw Violation(TransportErrorCode.ConnectionIdLimitError, "more connection ids were issued than the limit allows");
        }
    }

    /// <summary>Goes over to an id that no path has used, for a new path, and retires the one before.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryRotate()
    {
        if (!TryUseSpare(out ConnectionId id, out long sequence))
        {
            return false;
        }

        long before = _currentSequence;
        _current = id;
        _currentSequence = sequence;
        Retire(before);
        return true;
    }

    /// <summary>Takes an id for a path beside the current one.</summary>
    public bool TryUseSpare(out ConnectionId id, out long sequence)
    {
        int index = _entries.FindIndex(static entry => !entry.IsUsed);
        if (index < 0)
        {
            id = default;
            sequence = 0;
            return false;
        }

        _entries[index] = _entries[index] with { IsUsed = true };
        id = _entries[index].Id;
        sequence = _entries[index].Sequence;
        return true;
    }

    /// <summary>The path with this id is the current one now.</summary>
    public void SetCurrent(in ConnectionId id, long sequence)
    {
        _current = id;
        _currentSequence = sequence;
    }

    /// <summary>An id will not be used any more.</summary>
    public void Retire(long sequence)
    {
        if (_entries.RemoveAll(entry => entry.Sequence == sequence) > 0)
        {
            QueueRetirement(sequence);
        }
    }

    /// <summary>Writes the next RETIRE_CONNECTION_ID frame.</summary>
    public void Write(ref FrameWriter writer, SentFrames sent)
    {
        long sequence = _toRetire![^1];
        _toRetire.RemoveAt(_toRetire.Count - 1);
        if (_toRetire.Count == 0)
        {
            _toRetire = null;
        }

        if (PathId is { } path)
        {
            writer.Write(ExtensionNumbers.PathRetireConnectionId, path, sequence);
        }
        else
        {
            writer.Write(QuicFrameType.RetireConnectionId, sequence);
        }

        sent.Add(ConnectionFrameKind.RetireConnectionId, offset: sequence, length: (int)(PathId ?? 0));
    }

    /// <summary>A RETIRE_CONNECTION_ID frame has arrived.</summary>
    public void HandleAcknowledged() => _unacknowledgedRetirements--;

    /// <summary>A RETIRE_CONNECTION_ID frame was lost.</summary>
    public void HandleLost(long sequence) => (_toRetire ??= []).Add(sequence);

    /// <summary>Whether a datagram that could not be opened ends with the token of an id in use.</summary>
    public bool IsStatelessReset(ReadOnlySpan<byte> datagram)
    {
        bool found = false;
        foreach (Entry entry in _entries)
        {
            found |= entry.IsUsed && entry.Token is { } token && token.Matches(datagram);
        }

        return found;
    }

    private void RetireBefore(long retirePriorTo)
    {
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].Sequence < retirePriorTo)
            {
                QueueRetirement(_entries[i].Sequence);
                _entries.RemoveAt(i);
            }
        }

        if (_currentSequence >= 0 && _currentSequence < retirePriorTo && !TryUseSpareAsCurrent())
        {
            throw Violation(TransportErrorCode.ProtocolViolation, "all connection ids were to be retired");
        }
    }

    /// <summary>Uses the first spare id for the path that is being opened.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryUseSpareAsCurrent()
    {
        if (!TryUseSpare(out ConnectionId id, out long sequence))
        {
            return false;
        }

        SetCurrent(id, sequence);
        return true;
    }

    private void QueueRetirement(long sequence)
    {
        if (++_unacknowledgedRetirements > MaxUnacknowledgedRetirements)
        {
            throw Violation(TransportErrorCode.ConnectionIdLimitError, "connection ids are issued and retired faster than acknowledged");
        }

        (_toRetire ??= []).Add(sequence);
    }

    private static TransportViolationException Violation(TransportErrorCode code, string message)
        => new(code, QuicFrameType.NewConnectionId, message);

    private readonly record struct Entry(long Sequence, ConnectionId Id, StatelessResetToken? Token, bool IsUsed);
}
