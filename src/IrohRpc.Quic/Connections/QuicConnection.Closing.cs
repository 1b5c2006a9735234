using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.Connections;

// How it ends (RFC 9000, section 10).
internal sealed partial class QuicConnection
{
    private const int ProbeTimeoutsToEnd = 3;

    private bool _mustSendClose;
    private int _receivedWhileClosing;
    private int _answerAt = 1;
    private bool _isReleased;

    /// <summary>Closes with the application's code, if nothing has ended the connection yet.</summary>
    /// <param name="errorCode">From 0 to 2^62-1.</param>
    /// <param name="reason">For people; cut to 1,024 bytes.</param>
    /// <param name="now">The time.</param>
    public void CloseByApplication(long errorCode, string reason, TimeSpan now)
    {
        _now = now;
        if (State is ConnectionState.Handshaking or ConnectionState.Open)
        {
            EndAndTell(new ConnectionClose(ConnectionCloseKind.ClosedLocally, true, errorCode, 0, ConnectionCloseFrame.Cut(reason)));
        }
    }

    private void CloseForViolation(long errorCode, long frameType, string message, Exception? exception)
    {
        if (State is ConnectionState.Handshaking or ConnectionState.Open)
        {
            EndAndTell(new ConnectionClose(ConnectionCloseKind.Violation, false, errorCode, frameType, message, exception));
        }
    }

    private void EndAndTell(ConnectionClose close)
    {
        _mustSendClose = true;
        End(ConnectionState.Closing, close);
    }

    private void ReceiveClose(ConnectionCloseFrame close)
    {
        ConnectionCloseKind kind = close.IsApplication || close.ErrorCode == (long)TransportErrorCode.NoError
            || close.ErrorCode == (long)TransportErrorCode.ApplicationError
            ? ConnectionCloseKind.ClosedByPeer
            : ConnectionCloseKind.FailedByPeer;
        End(ConnectionState.Draining, new ConnectionClose(kind, close.IsApplication, close.ErrorCode, close.FrameType, close.Reason));
    }

    private void End(ConnectionState state, ConnectionClose close)
    {
        if (Close is null)
        {
            Close = close;
            _events |= ConnectionEvents.Ended;
            _outgoingDatagrams?.Clear();
        }

        State = state;
        if (state == ConnectionState.Closed)
        {
            _endDeadline = TimeSpan.MaxValue;
            _events |= ConnectionEvents.Closed;
            Release();
            return;
        }

        _endDeadline = _now + (ProbeTimeoutsToEnd * _recovery.ProbeTimeout);
        if (state == ConnectionState.Draining)
        {
            // Nothing is sent any more, so that nothing is needed for it.
            ReleaseKeys();
        }
    }

    // Ever more datagrams have to come before one is answered, so that a peer that does not listen costs ever less (RFC 9000, section 10.2.1).
    private void CountWhileClosing()
    {
        if (++_receivedWhileClosing >= _answerAt)
        {
            _answerAt *= 2;
            _receivedWhileClosing = 0;
            _mustSendClose = true;
        }
    }

    private int SendClose(Span<byte> buffer, out OutgoingDatagrams datagrams)
    {
        datagrams = default;
        int length = (int)Math.Min(_path.Allowance, Math.Min(buffer.Length, TransportParameters.MinUdpPayloadSize));
        if (!_mustSendClose || length < MinPacketRoom)
        {
            return 0;
        }

        _mustSendClose = false;
        int used = WriteClose(buffer[..length]);
        if (used > 0)
        {
            CountSent(_path, used);
            datagrams = new OutgoingDatagrams(_path.Path, EcnCodepoint.NotEct, used);
        }

        return used;
    }

    // The peer may not have the newest keys yet: each level that is left says it (RFC 9000, section 10.2.3).
    private int WriteClose(Span<byte> datagram)
    {
        Span<PacketInProgress> packets = stackalloc PacketInProgress[SpaceCount];
        int used = 0;
        int count = 0;
        bool mustPad = false;
        foreach (SpaceState space in _spaces)
        {
            if (!CanSend(space, out PacketType type) || type == PacketType.ZeroRtt
                || !TryBegin(ref packets[count], space, type, datagram, used, _peerIds.Current))
            {
                continue;
            }

            ref PacketInProgress packet = ref packets[count];
            FrameWriter writer = PayloadWriter(packet, datagram);
            CloseFrame(type, writer.Room).Write(ref writer);
            EndFrames(ref packet, datagram, writer.Written);
            mustPad |= type == PacketType.Initial;
            used += packet.Length;
            count++;
        }

        if (count > 0 && mustPad)
        {
            used = Pad(ref packets[count - 1], datagram, used, datagram.Length);
        }

        for (int i = 0; i < count; i++)
        {
            Finish(packets[i], datagram, _path);
        }

        return used;
    }

    private ConnectionCloseFrame CloseFrame(PacketType type, int room)
    {
        ConnectionClose close = Close!;

        // Before the handshake is done nobody else shall learn what applications say to each other.
        if (close.IsApplication && type != PacketType.OneRtt)
        {
            return new ConnectionCloseFrame(false, (long)TransportErrorCode.ApplicationError, 0, "");
        }

        // The whole reason goes where there is room for it; three packets share a datagram.
        int maxReason = Math.Max(0, (type == PacketType.OneRtt ? room : room / 3) - MaxConnectionFrameLength);
        string reason = close.Reason.Length <= maxReason ? close.Reason : close.Reason[..maxReason];
        return new ConnectionCloseFrame(close.IsApplication, close.ErrorCode, close.FrameType, reason);
    }

    private void Release()
    {
        if (_isReleased)
        {
            return;
        }

        _isReleased = true;
        ReleaseKeys();
        _localIds.RetireAll();
        DisposeOfPaths();
        _incomingDatagrams?.Clear();
        _outgoingDatagrams?.Clear();
        foreach (SpaceState space in _spaces)
        {
            space.Discard();
            _recovery.Discard(space.Space, _now);
        }

        while (TryTakeSession(out Tls.Resumption.TlsSession? session))
        {
            session.Dispose();
        }

        Tls.Dispose();
    }

    private void ReleaseKeys()
    {
        _oneRtt?.Dispose();
        _oneRtt = null;
        WipeSecrets();
        foreach (SpaceState space in _spaces)
        {
            space.DisposeKeys();
        }
    }
}
