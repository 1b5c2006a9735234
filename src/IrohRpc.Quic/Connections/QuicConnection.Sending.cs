using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Paths;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.Connections;

// What leaves, from the datagram down to its packets.
internal sealed partial class QuicConnection
{
    /// <summary>The least room that <see cref="Send"/> needs: the largest datagram that is ever written.</summary>
    public const int MinSendLength = 2048;

    // Fewer bytes are left for the next datagram: a header, a tag, and hardly a frame.
    private const int MinPacketRoom = 64;

    // Any header, a tag, and an acknowledgement: with less than this a peer whose address is not validated has to send more before it is told anything, and no timer is set for it.
    private const int MinAllowance = 160;

    // Each packet number space has at most one packet in a datagram.
    private const int SpaceCount = 3;

    // As many datagrams leave in one call as Linux takes in one segmented send.
    private const int MaxSegments = 64;

    /// <summary>
    /// Writes datagrams that are to be sent now, all of one length but the last and to one place. To be called again until it writes nothing.
    /// </summary>
    /// <param name="buffer">At least <see cref="MinSendLength"/> bytes; the more, the more datagrams at once.</param>
    /// <param name="now">The time.</param>
    /// <param name="datagrams">Where they go, and how long each is.</param>
    /// <returns>How many bytes were written; zero where nothing is to be sent now.</returns>
    public int Send(Span<byte> buffer, TimeSpan now, out OutgoingDatagrams datagrams)
    {
        _now = now;
        _pacedUntil = TimeSpan.MaxValue;
        datagrams = default;
        if (State is ConnectionState.Draining or ConnectionState.Closed)
        {
            return 0;
        }

        if (State == ConnectionState.Closing)
        {
            return SendClose(buffer, out datagrams);
        }

        if (IsExhausted)
        {
            CloseForViolation((long)TransportErrorCode.AeadLimitReached, 0, "the keys have protected as many packets as they may", null);
            return SendClose(buffer, out datagrams);
        }

        // One system call has one mark, whatever is learned of marks in between.
        _mark = _options.UsesEcn && _path.Congestion.Ecn.ShouldMark ? EcnCodepoint.Ect0 : EcnCodepoint.NotEct;
        int written = SendNatProbe(buffer, out datagrams);
        written = written > 0 ? written : SendOffPath(buffer, out datagrams);
        if (written == 0)
        {
            written = SendMtuProbe(buffer);
            written = written > 0 ? written : SendBatch(buffer, ref datagrams);
            if (written > 0)
            {
                int segment = datagrams.SegmentLength > 0 ? datagrams.SegmentLength : written;
                datagrams = new OutgoingDatagrams(_path.Path, _mark, segment);
            }
        }

        UpdateAmplificationLimit();
        return written > 0 || _multipath is not { Paths.Count: > 1 } ? written : SendOnOtherPaths(buffer, out datagrams);
    }

    private bool IsExhausted => _oneRtt is { IsExhausted: true }
        || Initial.Sealing is { IsExhausted: true } || Handshake.Sealing is { IsExhausted: true };

    private int SendBatch(Span<byte> buffer, ref OutgoingDatagrams datagrams)
    {
        int written = 0;
        int segment = 0;
        for (int count = 0; count < MaxSegments; count++)
        {
            int room = (int)Math.Min(_path.Allowance, Math.Min(buffer.Length - written, segment == 0 ? _path.Congestion.Mtu.Current : segment));
            if (room < (State == ConnectionState.Handshaking ? TransportParameters.MinUdpPayloadSize : MinPacketRoom) || room < segment)
            {
                break;
            }

            int length = WriteDatagram(buffer.Slice(written, room));
            if (length == 0)
            {
                break;
            }

            written += length;
            segment = segment == 0 ? length : segment;

            // One that is shorter than those before it ends the batch, and so does a first one with room left: there is no more to send.
            if (length < segment || length < room)
            {
                break;
            }
        }

        datagrams = datagrams with { SegmentLength = segment };
        return written;
    }

    private int WriteDatagram(Span<byte> buffer)
    {
        bool mayElicit = MayElicit();
        Span<PacketInProgress> packets = stackalloc PacketInProgress[SpaceCount];
        int used = 0;
        int count = 0;
        bool mustPad = false;
        foreach (SpaceState space in _spaces)
        {
            if (CanSend(space, out PacketType type) && WantsToSend(space, type, mayElicit) && buffer.Length - used >= MinPacketRoom)
            {
                ref PacketInProgress packet = ref packets[count];
                if (TryBegin(ref packet, space, type, buffer, used, _peerIds.Current))
                {
                    WriteFrames(ref packet, space, buffer, mayElicit);
                    if (packet.PayloadLength > 0)
                    {
                        used += packet.Length;
                        mustPad |= packet.MustPad;
                        count++;
                    }
                }
            }
        }

        if (count == 0)
        {
            return 0;
        }

        if (mustPad)
        {
            used = Pad(ref packets[count - 1], buffer, used, Math.Min(buffer.Length, TransportParameters.MinUdpPayloadSize));
        }

        for (int i = 0; i < count; i++)
        {
            Finish(packets[i], buffer, _path);
        }

        CountSent(_path, used);
        return used;
    }

    private bool MayElicit()
    {
        int size = _path.Congestion.Mtu.Current;
        bool isPreferred = Streams.HasPreferredData;
        if (isPreferred)
        {
            _path.Congestion.OnPreferred(_now);
        }

        if (!HasFrames() || !_path.Congestion.CanSend(size, isPreferred))
        {
            return false;
        }

        TimeSpan next = _path.Congestion.NextSendTime(size, _now);
        if (next <= _now)
        {
            return true;
        }

        _pacedUntil = next;
        return false;
    }

    private bool CanSend(SpaceState space, out PacketType type)
    {
        if (space != Application)
        {
            type = space == Initial ? PacketType.Initial : PacketType.Handshake;
            return space.Sealing is not null;
        }

        type = _oneRtt is null ? PacketType.ZeroRtt : PacketType.OneRtt;
        return _oneRtt is not null || (!IsServer && space.Sealing is not null);
    }

    private bool WantsToSend(SpaceState space, PacketType type, bool mayElicit)
        => (space.Received.AckDeadline <= _now && type != PacketType.ZeroRtt)
        || _recovery.ProbesPending(space.Space) > 0
        || (mayElicit && HasFrames(space, type));

    private bool HasFrames()
    {
        foreach (SpaceState space in _spaces)
        {
            if (CanSend(space, out PacketType type) && HasFrames(space, type))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasFrames(SpaceState space, PacketType type)
    {
        if (type is PacketType.Initial or PacketType.Handshake)
        {
            return space.Crypto.HasFrames || space.WantsPing;
        }

        if (_isBesideSelected)
        {
            return HasFramesBesideSelected(space);
        }

        return Streams.HasFrames
            || _outgoingDatagrams is { Count: > 0 }
            || (type == PacketType.OneRtt && (space.Crypto.HasFrames || space.WantsPing || HasConnectionFrames));
    }

    private bool HasConnectionFrames => _mustSendHandshakeDone || _mustSendNewToken || _mustSendObserved || _path.MustSendChallenge || _path.HasResponses
        || (_multipath is null ? _localIds.HasFrames || _peerIds.HasFrames : HasPathFrames || _nat is { HasFrames: true });

    private int SendMtuProbe(Span<byte> buffer)
    {
        if (!IsConfirmed || !_path.IsValidated || !_path.Congestion.Mtu.TryGetProbeSize(_now, _path.Sent, out int size) || size > buffer.Length
            || !_path.Congestion.CanSend(size))
        {
            return 0;
        }

        PacketInProgress packet = default;
        Span<byte> datagram = buffer[..size];
        if (!TryBegin(ref packet, Application, PacketType.OneRtt, datagram, 0, _peerIds.Current))
        {
            return 0;
        }

        FrameWriter writer = PayloadWriter(packet, datagram);
        writer.Write(QuicFrameType.Ping);
        EndFrames(ref packet, datagram, writer.Written);
        packet.Flags = SentPacketFlags.AckEliciting | SentPacketFlags.InFlight | SentPacketFlags.MtuProbe;
        Pad(ref packet, datagram, packet.Length, size);
        Finish(packet, datagram, _path);
        CountSent(_path, size);
        return size;
    }
}
