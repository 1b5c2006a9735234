using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.NatTraversal;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.Connections;

// n0's NAT traversal: addresses are exchanged over the path that there is, both sides probe them, and the client opens a path where an answer comes from.
internal sealed partial class QuicConnection
{
    private const int MaxNatFrameLength = 40;
    private const int ProbeRoom = 128;

    // Packets of probes are of no network path of the connection: their loss says nothing about one.
    private const int NoPathNumber = -1;

    private static readonly TimeSpan LeastRoundInterval = TimeSpan.FromMilliseconds(500);

    // The only path is dead: the server's other addresses are tried, although it cannot be told to try this side's.
    private static readonly TimeSpan RoundIntervalInNeed = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongAgo = -TimeSpan.FromDays(1);

    private NatTraversalState? _nat;
    private List<UdpAddress>? _localCandidates;
    private Queue<NetworkPath>? _pathsToOpen;
    private bool _wantsRound;
    private TimeSpan _lastRound = LongAgo;

    /// <summary>Whether NAT traversal was agreed on.</summary>
    public bool UsesNatTraversal => _nat is not null;

    /// <summary>Sets where the peer may find this side: the addresses of its interfaces, those that others have observed, those that were configured.</summary>
    public void SetLocalCandidates(IEnumerable<UdpAddress> addresses, TimeSpan now)
    {
        _now = now;
        _localCandidates = [.. addresses.Where(static address => address.Relayed is null).Distinct()];
        if (_nat is not null && State == ConnectionState.Open && _nat.SetLocal(_localCandidates))
        {
            _wantsRound = true;
        }
    }

    private void StartNatTraversal()
    {
        if (_nat is null)
        {
            return;
        }

        if (_localCandidates is not null)
        {
            _nat.SetLocal(_localCandidates);
        }

        AddCandidatesToNatTraversal();
    }

    private void AddCandidatesToNatTraversal()
    {
        if (_nat is null || IsServer || _candidates is null || State != ConnectionState.Open)
        {
            return;
        }

        foreach (UdpAddress candidate in _candidates)
        {
            if (candidate.Relayed is not null)
            {
                if (FindOpenPath(new NetworkPath(candidate)) is null)
                {
                    (_pathsToOpen ??= new Queue<NetworkPath>()).Enqueue(new NetworkPath(candidate));
                }
            }
            else
            {
                _wantsRound |= _nat.AddRemote(candidate, sequence: null);
            }
        }
    }

    private TimeSpan NatTimeout
    {
        get
        {
            if (_nat is null || !IsConfirmed)
            {
                return TimeSpan.MaxValue;
            }

            TimeSpan next = _path.IsValidated ? _nat.NextProbe : TimeSpan.MaxValue;
            if (_pathsToOpen is { Count: > 0 } && HasIdToOpen)
            {
                return TimeSpan.Zero;
            }

            return Min(next, RoundDeadline);
        }
    }

    private bool HasIdToOpen => _multipath!.NextId <= _multipath.Max && _multipath.Find(_multipath.NextId) is { PeerIds.HasSpare: true };

    private TimeSpan RoundDeadline
        => IsServer || !_nat!.CanStartRound ? TimeSpan.MaxValue
            : _wantsRound ? _lastRound + LeastRoundInterval
            : _multipath!.Selected.IsSilent(_now) ? _lastRound + RoundIntervalInNeed
            : _path.Path.Remote.Relayed is not null ? _nextUpgrade
            : TimeSpan.MaxValue;

    private void HandleNatTimeouts()
    {
        if (_nat is null || !IsConfirmed || State != ConnectionState.Open)
        {
            return;
        }

        OpenPaths();
        if (RoundDeadline <= _now)
        {
            _upgradeInterval = _wantsRound ? FirstUpgradeInterval : Min(2 * _upgradeInterval, LongestUpgradeInterval);
            _nextUpgrade = _now + LongestRound + _upgradeInterval;
            _wantsRound = false;
            _lastRound = _now;
            _nat.StartRound(_now);
        }
    }

    // Nine probes take so long.
    private static TimeSpan LongestRound => TimeSpan.FromSeconds(4);

    private void OpenPaths()
    {
        while (_pathsToOpen is { Count: > 0 } waiting && TryOpenPath(waiting.Peek()))
        {
            waiting.Dequeue();
        }
    }

    private bool TryReceiveNatFrame(ref FrameReader reader)
    {
        long frame = reader.FrameType;
        if (frame is < ExtensionNumbers.AddAddressIPv4 or > ExtensionNumbers.RemoveAddress)
        {
            return false;
        }

        bool isReachOut = frame is ExtensionNumbers.ReachOutIPv4 or ExtensionNumbers.ReachOutIPv6;
        if (_nat is null || isReachOut != IsServer)
        {
            throw Violation(frame, "a frame of NAT traversal came to the wrong side, or without agreement");
        }

        long number = reader.ReadInteger();
        if (frame == ExtensionNumbers.RemoveAddress)
        {
            _nat.RemoveRemote(number);
            return true;
        }

        UdpAddress address = ReadAddress(ref reader, frame is ExtensionNumbers.AddAddressIPv6 or ExtensionNumbers.ReachOutIPv6);
        if (isReachOut)
        {
            _nat.ReachOut(number, address, _now);
        }
        else if (_nat.AddRemote(address, number))
        {
            _wantsRound = true;
        }

        return true;
    }

    private static UdpAddress ReadAddress(ref FrameReader reader, bool isIPv6)
    {
        ReadOnlySpan<byte> address = reader.ReadBytes(isIPv6 ? 16 : 4);
        ReadOnlySpan<byte> port = reader.ReadBytes(sizeof(ushort));
        return UdpAddress.Create(address, System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(port));
    }

    private void WriteNatFrames(ref FrameWriter writer)
    {
        while (writer.Room >= MaxNatFrameLength && _nat!.TryTakeFrame(out NatTraversalFrame frame))
        {
            bool isIPv6 = frame.Address.IsIPv6;
            switch (frame.Kind)
            {
                case NatTraversalFrameKind.RemoveAddress:
                    writer.Write(ExtensionNumbers.RemoveAddress, frame.Number);
                    _sentFrames.Add(ConnectionFrameKind.RemoveAddress, offset: frame.Number);
                    break;
                case NatTraversalFrameKind.AddAddress:
                    writer.Write(isIPv6 ? ExtensionNumbers.AddAddressIPv6 : ExtensionNumbers.AddAddressIPv4, frame.Number);
                    WriteAddress(ref writer, frame.Address);
                    _sentFrames.Add(ConnectionFrameKind.AddAddress, offset: frame.Number);
                    break;
                case NatTraversalFrameKind.ReachOut:
                    writer.Write(isIPv6 ? ExtensionNumbers.ReachOutIPv6 : ExtensionNumbers.ReachOutIPv4, frame.Number);
                    WriteAddress(ref writer, frame.Address);
                    _sentFrames.Add(ConnectionFrameKind.ReachOut, offset: frame.Number, length: (int)frame.LocalSequence);
                    break;
            }
        }
    }

    private static void WriteAddress(ref FrameWriter writer, in UdpAddress address)
    {
        writer.Advance(address.WriteAddress(writer.Free));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(writer.Free, (ushort)address.Port);
        writer.Advance(sizeof(ushort));
    }

    private void SendNatFrameAgain(in SentFrame frame)
    {
        NatTraversalFrameKind kind = frame.Kind switch
        {
            ConnectionFrameKind.AddAddress => NatTraversalFrameKind.AddAddress,
            ConnectionFrameKind.RemoveAddress => NatTraversalFrameKind.RemoveAddress,
            _ => NatTraversalFrameKind.ReachOut,
        };
        _nat?.HandleLost(kind, frame.Offset, frame.Length);
    }

    // A short packet with nothing but PATH_CHALLENGE, from the current path's packet numbers, to an address that no path has.
    private int SendNatProbe(Span<byte> buffer, out OutgoingDatagrams datagrams)
    {
        datagrams = default;
        if (_nat is null || !IsConfirmed || !_path.IsValidated || _nat.NextProbe > _now || !_nat.TryTakeProbe(_now, out UdpAddress address, out ulong data))
        {
            return 0;
        }

        Span<byte> datagram = buffer[..ProbeRoom];
        PacketInProgress packet = default;
        if (!TryBegin(ref packet, Application, PacketType.OneRtt, datagram, 0, _peerIds.Current))
        {
            return 0;
        }

        FrameWriter writer = PayloadWriter(packet, datagram);
        writer.Write(QuicFrameType.PathChallenge);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(writer.Free, data);
        writer.Advance(PathDataLength);
        EndFrames(ref packet, datagram, writer.Written);
        Seal(packet, datagram[..packet.Length]);
        _recovery.OnSent(
            PacketSpace.Application,
            new SentPacket
            {
                PacketNumber = packet.PacketNumber,
                TimeSent = _now,
                LargestAcknowledged = SentPacket.None,
                Size = packet.Length,
                Frames = SentFrames.None,
                Path = NoPathNumber,
            });
        Statistics.PacketsSent++;
        Statistics.DatagramsSent++;
        Statistics.BytesSent += packet.Length;
        datagrams = new OutgoingDatagrams(new NetworkPath(address), EcnCodepoint.NotEct, packet.Length);
        return packet.Length;
    }

    private void HandleNatResponse(in NetworkPath network)
    {
        if (!IsServer)
        {
            (_pathsToOpen ??= new Queue<NetworkPath>()).Enqueue(network);
            OpenPaths();
        }
    }
}
