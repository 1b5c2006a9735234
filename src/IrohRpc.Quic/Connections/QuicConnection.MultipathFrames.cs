using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.ConnectionIds;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Paths;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.Connections;

// The frames of multipath (draft-ietf-quic-multipath, section 4).
internal sealed partial class QuicConnection
{
    // Most of them, a connection id with its token, a path id and two numbers included, fit.
    private const int MaxPathFrameLength = 80;

    private bool TryReceiveMultipathFrame(ref FrameReader reader, PacketType type, in ConnectionId destination, int keyPhase)
    {
        long frame = reader.FrameType;
        if (frame is not (ExtensionNumbers.PathAck or ExtensionNumbers.PathAckEcn or (>= ExtensionNumbers.PathAbandon and <= ExtensionNumbers.PathCidsBlocked)))
        {
            return false;
        }

        if (_multipath is not { } multipath || type != PacketType.OneRtt)
        {
            throw Violation(frame, "a frame of multipath came, which was not agreed on");
        }

        long id = reader.ReadInteger();
        if (frame != ExtensionNumbers.MaxPathId && id > multipath.LocalMax)
        {
            throw Violation(frame, "a path id is above the limit");
        }

        switch (frame)
        {
            case ExtensionNumbers.PathAck or ExtensionNumbers.PathAckEcn:
                ReceivePathAck(id, AckFrame.Read(ref reader), frame, keyPhase);
                break;
            case ExtensionNumbers.PathAbandon:
                ReceivePathAbandon(id, reader.ReadInteger());
                break;
            case ExtensionNumbers.PathStatusBackup or ExtensionNumbers.PathStatusAvailable:
                multipath.Find(id)?.SetPeerStatus(frame == ExtensionNumbers.PathStatusBackup, reader.ReadInteger());
                break;
            case ExtensionNumbers.PathNewConnectionId:
                ReceivePathNewConnectionId(ref reader, id);
                break;
            case ExtensionNumbers.PathRetireConnectionId:
                RetirePathConnectionId(id, reader.ReadInteger(), destination, frame);
                break;
            case ExtensionNumbers.MaxPathId:
                if (id > uint.MaxValue)
                {
                    reader.ThrowMalformed("a path id has at most 32 bits");
                }

                multipath.PeerMax = Math.Max(multipath.PeerMax, id);
                multipath.IssueIds(PathsAhead, IdsPerPath);
                break;
            case ExtensionNumbers.PathsBlocked:
                // The peer gets another id as soon as a path is given up.
                break;
            case ExtensionNumbers.PathCidsBlocked:
                ReceivePathCidsBlocked(id, reader.ReadInteger(), frame);
                break;
        }

        return true;
    }

    private static TransportViolationException Violation(long frame, string message) => new(TransportErrorCode.ProtocolViolation, frame, message);

    private void ReceivePathAck(long id, in AckFrame ack, long frame, int keyPhase)
    {
        MultipathState multipath = _multipath!;
        ConnectionPath? path = multipath.Find(id);
        if (path is not { IsOpen: true })
        {
            if (multipath.IsDiscarded(id))
            {
                return;
            }

            throw Violation(frame, "a path was acknowledged that was never used");
        }

        ConnectionPath before = multipath.Active;
        SwitchTo(path);
        try
        {
            ReceiveAck(ack, Application, keyPhase);
        }
        finally
        {
            SwitchTo(before);
        }
    }

    private void ReceivePathAbandon(long id, long code)
    {
        MultipathState multipath = _multipath!;
        if (multipath.FindOrPrepare(id) is not { } path)
        {
            return;
        }

        ConnectionPath before = multipath.Active;
        path.IsAbandonKnown = true;
        Abandon(path, code);
        SwitchTo(before);
    }

    private void ReceivePathNewConnectionId(ref FrameReader reader, long id)
    {
        ConnectionPath? path = _multipath!.FindOrPrepare(id);
        ReceiveNewConnectionId(ref reader, path is { IsAbandoned: false } ? path.PeerIds : null);
        if (path is { IsOpen: true, PeerIds.CurrentSequence: < 0 } && path.PeerIds.TryUseSpareAsCurrent())
        {
            path.MustSendCidsBlocked = false;
        }
    }

    private void RetirePathConnectionId(long id, long sequence, in ConnectionId destination, long frame)
    {
        if (_multipath!.Find(id) is { } path)
        {
            path.LocalIds.Retire(sequence, destination);
        }
        else if (!_multipath.IsDiscarded(id))
        {
            throw Violation(frame, "a connection id was retired that was not issued");
        }
    }

    private void ReceivePathCidsBlocked(long id, long nextSequence, long frame)
    {
        ConnectionPath? path = _multipath!.FindOrPrepare(id);
        if (path is null || path.IsAbandoned)
        {
            return;
        }

        if (nextSequence > path.LocalIds.NextSequence)
        {
            throw Violation(frame, "a connection id is missed that was not issued");
        }

        if (path.LocalIds.Count == 0 && id <= _multipath.Max)
        {
            path.LocalIds.SetLimit(IdsPerPath);
        }
    }

    private bool HasPathFrames
    {
        get
        {
            if (_multipath is not { } multipath)
            {
                return false;
            }

            if (multipath.MustSendMax || multipath.MustSendBlocked)
            {
                return true;
            }

            foreach (ConnectionPath path in multipath.Paths)
            {
                if (HasFramesOf(path))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private static bool HasFramesOf(ConnectionPath path) => path.MustSendAbandon || path.MustSendStatus || path.MustSendCidsBlocked
        || (!path.IsAbandoned && (path.LocalIds.HasFrames || path.PeerIds.HasFrames));

    private void WritePathFrames(ref FrameWriter writer)
    {
        MultipathState multipath = _multipath!;
        if (multipath.MustSendMax && writer.Room >= MaxPathFrameLength)
        {
            multipath.MustSendMax = false;
            writer.Write(ExtensionNumbers.MaxPathId, multipath.LocalMax);
            _sentFrames.Add(ConnectionFrameKind.MaxPathId);
        }

        if (multipath.MustSendBlocked && writer.Room >= MaxPathFrameLength)
        {
            // Only a hint: it is not sent again.
            multipath.MustSendBlocked = false;
            writer.Write(ExtensionNumbers.PathsBlocked, multipath.PeerMax);
            _hasUnrecordedFrames = true;
        }

        foreach (ConnectionPath path in multipath.Paths)
        {
            while (writer.Room >= MaxPathFrameLength && HasFramesOf(path))
            {
                WriteFrameOf(path, ref writer);
            }
        }
    }

    private void WriteFrameOf(ConnectionPath path, ref FrameWriter writer)
    {
        if (path.MustSendAbandon)
        {
            path.MustSendAbandon = false;
            writer.Write(ExtensionNumbers.PathAbandon, path.Id, path.AbandonCode);
            _sentFrames.Add(ConnectionFrameKind.PathAbandon, offset: path.Id);
        }
        else if (path.MustSendStatus)
        {
            path.MustSendStatus = false;
            writer.Write(path.IsToldBackup == true ? ExtensionNumbers.PathStatusBackup : ExtensionNumbers.PathStatusAvailable, path.Id, path.StatusSequence);
            _sentFrames.Add(ConnectionFrameKind.PathStatus, offset: path.Id);
        }
        else if (path.MustSendCidsBlocked)
        {
            path.MustSendCidsBlocked = false;
            writer.Write(ExtensionNumbers.PathCidsBlocked, path.Id, 0);
            _hasUnrecordedFrames = true;
        }
        else if (path.LocalIds.HasFrames)
        {
            path.LocalIds.Write(ref writer, _sentFrames);
        }
        else
        {
            path.PeerIds.Write(ref writer, _sentFrames);
        }
    }

    private void SendPathFrameAgain(in SentFrame frame)
    {
        switch (frame.Kind)
        {
            case ConnectionFrameKind.NewConnectionId:
                LocalIdsOf(frame.Length)?.HandleLost(frame.Offset);
                break;
            case ConnectionFrameKind.RetireConnectionId:
                PeerIdsOf(frame.Length)?.HandleLost(frame.Offset);
                break;
            case ConnectionFrameKind.MaxPathId:
                _multipath!.MustSendMax = true;
                break;
            case ConnectionFrameKind.PathAbandon when _multipath!.Find(frame.Offset) is { } path:
                path.MustSendAbandon = true;
                break;
            case ConnectionFrameKind.PathStatus when _multipath!.Find(frame.Offset) is { IsAbandoned: false } path:
                path.MustSendStatus = true;
                break;
        }
    }

    private LocalConnectionIds? LocalIdsOf(long path) => _multipath is null ? _localIds : _multipath.Find(path)?.LocalIds;

    private PeerConnectionIds? PeerIdsOf(long path) => _multipath is null ? _peerIds : _multipath.Find(path)?.PeerIds;
}
