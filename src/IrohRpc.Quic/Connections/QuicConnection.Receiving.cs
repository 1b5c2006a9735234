using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Alerts;

namespace IrohRpc.Quic.Connections;

// What arrives, from the datagram down to its packets.
internal sealed partial class QuicConnection
{
    private const int MinInitialDatagramLength = 1200;

    private bool _hasSeenHandshakePacket;

    /// <summary>Takes a datagram that arrived for one of this connection's ids.</summary>
    /// <param name="datagram">The datagram; it is decrypted in place.</param>
    /// <param name="path">Where it came from and where it arrived.</param>
    /// <param name="ecn">The mark that it carried.</param>
    /// <param name="now">The time.</param>
    public void Receive(Span<byte> datagram, in NetworkPath path, EcnCodepoint ecn, TimeSpan now)
    {
        _now = now;
        if (State is ConnectionState.Closing)
        {
            CountWhileClosing();
            return;
        }

        if (State is ConnectionState.Draining or ConnectionState.Closed || (_multipath is null && !IsAcceptable(path)))
        {
            return;
        }

        if (_multipath is not null)
        {
            ReceiveOnPath(datagram, path, ecn, now);
            return;
        }

        ReceiveOnActivePath(datagram, path, ecn, now);
    }

    private void ReceiveOnActivePath(Span<byte> datagram, in NetworkPath path, EcnCodepoint ecn, TimeSpan now)
    {
        FindPath(path)?.CountReceived(datagram.Length);
        Statistics.BytesReceived += datagram.Length;
        Statistics.DatagramsReceived++;
        try
        {
            var reader = new PacketReader(datagram, LocalConnectionIdLength);
            while (State is ConnectionState.Handshaking or ConnectionState.Open && reader.TryRead(out ProtectedPacket packet))
            {
                ReceivePacket(ref packet, datagram, path, ecn);
            }
        }
        catch (TransportViolationException violation)
        {
            CloseForViolation((long)violation.Code, violation.FrameType, violation.Message, violation);
        }
        catch (TlsAlertException alert)
        {
            CloseForViolation((long)alert.ErrorCode, QuicFrameType.Crypto, alert.Message, alert);
        }

        UpdateAmplificationLimit();
        if (_receiveRate.TryUpdate(Streams.Received, _recovery.Rtt, now, out long product))
        {
            Streams.Windows.BandwidthDelayProduct = product;
        }
    }

    private void ReceivePacket(ref ProtectedPacket packet, Span<byte> datagram, in NetworkPath path, EcnCodepoint ecn)
    {
        switch (packet.Type)
        {
            case PacketType.VersionNegotiation:
                ReceiveVersionNegotiation(packet);
                return;
            case PacketType.Retry:
                ReceiveRetry(packet);
                return;
            case PacketType.Initial when IsServer ? datagram.Length < MinInitialDatagramLength : !packet.Token.IsEmpty:
                // A client pads what it sends first, and a server has no token to show (RFC 9000, sections 14.1 and 17.2.2).
                return;
            case PacketType.OneRtt:
                break;
            default:
                // All packets of the peer's handshake name one id as theirs (RFC 9000, section 7.2).
                if (_peerInitialSource is { } source && packet.Source != source)
                {
                    return;
                }

                break;
        }

        SpaceState space = packet.Type switch
        {
            PacketType.Initial => Initial,
            PacketType.Handshake => Handshake,
            _ => Application,
        };
        if (!TryOpen(ref packet, space, out OpenedPacket opened))
        {
            if (packet.Type == PacketType.OneRtt)
            {
                TryEndByStatelessReset(datagram, _now);
            }

            return;
        }

        if (space.Received.IsDuplicate(opened.PacketNumber))
        {
            Statistics.DuplicatePackets++;
            return;
        }

        if (opened.PayloadLength == 0)
        {
            throw new TransportViolationException(TransportErrorCode.ProtocolViolation, 0, "a packet has no frames");
        }

        BeforeFrames(packet, path);
        bool isLargest = opened.PacketNumber > space.Received.Largest;
        FrameSummary frames = ReceiveFrames(
            packet.Bytes.Slice(opened.PayloadOffset, opened.PayloadLength), packet.Type, space, packet.Destination, opened.KeyPhase, path);
        if (!space.IsDiscarded)
        {
            space.Received.OnReceived(opened.PacketNumber, frames.IsAckEliciting, ecn, _now);
        }

        _lastReceived = _now;
        _sentSinceReceived = null;
        Statistics.PacketsReceived++;
        if (frames.CarriesStreams && _multipath is { } multipath)
        {
            multipath.Active.IsUsedByPeer = true;
        }

        if (packet.Type == PacketType.OneRtt && isLargest && frames.IsNonProbing)
        {
            FollowPeer(path, datagram.Length, packet.Destination);
        }
    }

    private bool TryOpen(ref ProtectedPacket packet, SpaceState space, out OpenedPacket opened)
    {
        opened = default;
        if (packet.Type == PacketType.OneRtt)
        {
            // Before the handshake is complete nobody knows whose packets these are; the peer sends them again.
            return _oneRtt is not null && State == ConnectionState.Open
                && _oneRtt.TryOpen(
                    packet.Bytes, packet.PacketNumberOffset, space.Received.Largest, _now, _recovery.ProbeTimeout, out opened, ActiveKeyPhase);
        }

        // At a client the application's space has keys for sending only.
        return space.Opening is not null
            && (packet.Type == PacketType.ZeroRtt) == (space == Application)
            && space.Opening.TryOpen(packet.Bytes, packet.PacketNumberOffset, space.Received.Largest, out opened);
    }

    // A packet is authentic: the peer is there, and knows the keys of its level.
    private void BeforeFrames(in ProtectedPacket packet, in NetworkPath path)
    {
        if (!_hasSeenPeer)
        {
            _hasSeenPeer = true;
            if (!IsServer)
            {
                _peerInitialSource = packet.Source;
                _peerIds.ReplaceFirst(packet.Source);
                _path.Path = path;
            }
        }

        if (packet.Type == PacketType.Initial && IsServer && !_path.IsValidated && !_path.Path.Matches(path))
        {
            // The same first packet came from several addresses of the client. Where it still comes from, it can be answered.
            MoveUnvalidatedPath(path);
        }
        else if (packet.Type == PacketType.Handshake && IsServer)
        {
            // Whoever has the keys of the handshake has got this side's answer: there where it was sent.
            if (!_path.Path.Matches(path) && !_path.IsValidated)
            {
                MoveUnvalidatedPath(path);
            }

            _path.IsValidated |= _path.Path.Matches(path);
            Discard(PacketSpace.Initial);
        }
        else if (packet.Type == PacketType.Handshake && !_hasSeenHandshakePacket)
        {
            _hasSeenHandshakePacket = true;
            _path.Path = path;
        }
    }

    /// <summary>
    /// Takes a datagram with a short header and an id that leads to no connection, from this connection's peer: a stateless reset looks like that
    /// (RFC 9000, section 10.3.1). Costs little, and nothing where it is none.
    /// </summary>
    /// <returns>Whether it was a stateless reset; the connection has ended then.</returns>
    public bool TryEndByStatelessReset(ReadOnlySpan<byte> datagram, TimeSpan now)
    {
        _now = now;
        if (State != ConnectionState.Open || !IsStatelessReset(datagram))
        {
            return false;
        }

        End(
            ConnectionState.Draining,
            new ConnectionClose(ConnectionCloseKind.StatelessReset, false, 0, 0, "the peer has lost the state of the connection"));
        return true;
    }

    private readonly record struct FrameSummary(bool IsAckEliciting, bool IsNonProbing, bool CarriesStreams);
}
