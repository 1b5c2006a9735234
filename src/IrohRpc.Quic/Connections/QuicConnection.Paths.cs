using System.Security.Cryptography;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Congestion;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Connections;

// Paths: which one is in use, who may change it, and whether the peer is really there (RFC 9000, sections 8 and 9).
internal sealed partial class QuicConnection
{
    private const int MaxOtherPaths = 4;

    private List<PathState> _otherPaths = [];
    private PathState _path;
    private PathState? _fallback;
    private int _nextPathNumber;

    /// <summary>What the connection has done so far.</summary>
    public ConnectionStatistics Statistics { get; } = new();

    /// <summary>The round-trip time of the current path.</summary>
    public RttEstimator Rtt => _recovery.Rtt;

    /// <summary>What the current path carries.</summary>
    public PathCongestion Congestion => _path.Congestion;

    private TimeSpan ValidationTimeout => Max(_recovery.ProbeTimeout, RttEstimator.DefaultInitial);

    /// <summary>
    /// Goes over to another path on this side's own initiative (RFC 9000, section 9.2): at once where the old one is gone, otherwise once the new one is
    /// known to work.
    /// </summary>
    /// <param name="path">The new path; its remote end is the peer's as before.</param>
    /// <param name="isOldPathGone">Whether packets take the new path without waiting for its validation.</param>
    /// <returns>
    /// Whether the migration started; not before the handshake is confirmed, at a server, where the peer forbids it or has given no further id.
    /// </returns>
    public bool TryMigrate(in NetworkPath path, bool isOldPathGone)
    {
        if (IsServer || !IsConfirmed || State != ConnectionState.Open || PeerParameters!.DisableActiveMigration
            || !_peerIds.TryUseSpare(out ConnectionId id, out long sequence))
        {
            return false;
        }

        PathState target = CreatePath(path);
        target.PeerId = id;
        target.PeerIdSequence = sequence;
        target.IsValidated = true;
        target.StartValidation(NewChallenge());
        if (isOldPathGone)
        {
            GoOver(target, fallback: null);
        }
        else
        {
            AddOtherPath(target);
        }

        return true;
    }

    private static ulong NewChallenge()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private PathState CreatePath(in NetworkPath path)
    {
        var rtt = new RttEstimator();
        var mtu = new MtuDiscovery(_options.MaxDatagramSize, path.Remote.Relayed is null ? _options.JumboDatagramSize : 0);
        return new PathState(
            _nextPathNumber++, path, _path is null ? new PathCongestion(rtt, mtu) : _path.Congestion.CreateForNewPath(rtt, mtu));
    }

    private LossRecovery CreateRecovery() => new(IsServer, this, _path.Congestion.Rtt, _random);

    /// <summary>The paths that there are, the current one first.</summary>
    public IEnumerable<PathState> Paths
        => (_multipath is { } multipath
            ? multipath.Paths.Where(path => path != multipath.Active && path.IsAvailable).Select(static path => path.Network!)
            : _otherPaths.Where(static path => path.IsValidated)).Prepend(_path);

    // A loop and no lambda: it runs for each packet, and a lambda that captures the number would be allocated each time.
    private PathState? PathOf(int number)
    {
        if (_path.Number == number)
        {
            return _path;
        }

        foreach (PathState other in _otherPaths)
        {
            if (other.Number == number)
            {
                return other;
            }
        }

        return null;
    }

    private PathState? FindPath(in NetworkPath path)
    {
        if (_path.Path.Matches(path))
        {
            return _path;
        }

        foreach (PathState other in _otherPaths)
        {
            if (other.Path.Matches(path))
            {
                return other;
            }
        }

        return null;
    }

    // A client hears its server at the addresses that it sends to; a server follows its client.
    private bool IsAcceptable(in NetworkPath path)
        => FindPath(path) is not null
        || (IsServer
            ? !IsConfirmed || _options.AllowsMigration || _nat is not null
            : path.Remote == _path.Path.Remote || (_nat is not null && IsConfirmed) || _candidates?.Contains(path.Remote) == true || (!_hasSeenHandshakePacket && _options.AllowsServerAddressChange));

    private void MoveUnvalidatedPath(in NetworkPath path)
    {
        _path.Path = path;
        UpdateAmplificationLimit();
    }

    // The newest packet came from elsewhere, and does more than probe: the client has moved, or its NAT did (RFC 9000, section 9.3).
    private void FollowPeer(in NetworkPath path, int datagramLength, in ConnectionId destination)
    {
        if (_path.Path.Matches(path) || !IsServer || !IsConfirmed || State != ConnectionState.Open)
        {
            return;
        }

        PathState? target = FindPath(path);
        if (target is null)
        {
            // The same host behind another port is most likely the same path: what it carries stays known, under the same number.
            target = path.Remote.HasSameHost(_path.Path.Remote)
                ? new PathState(_path.Number, path, _path.Congestion)
                : CreatePath(path);
            target.CountReceived(datagramLength);
        }

        if (!target.IsValidated)
        {
            target.StartValidation(NewChallenge());
        }

        // Where the peer really is, it still answers at the old address: whoever copied its packets to another one is found out.
        PathState? fallback = _path.IsValidated ? _path : _fallback;
        if (fallback == _path)
        {
            fallback.StartValidation(NewChallenge());
        }

        GoOver(target, fallback);
    }

    private void GoOver(PathState target, PathState? fallback)
    {
        PathState before = _path;
        _otherPaths.Remove(target);
        _fallback = fallback;
        if (fallback is not null && fallback == before)
        {
            before.PeerId = _peerIds.Current;
            before.PeerIdSequence = _peerIds.CurrentSequence;
            AddOtherPath(before);
        }

        long idBefore = _peerIds.CurrentSequence;
        if (target.PeerIdSequence >= 0)
        {
            _peerIds.SetCurrent(target.PeerId, target.PeerIdSequence);
        }
        else if (_peerIds.TryUseSpare(out ConnectionId id, out long sequence))
        {
            // Nobody who sees both paths shall know that they are of one connection (RFC 9000, section 9.5).
            _peerIds.SetCurrent(id, sequence);
        }

        if (fallback != before && idBefore != _peerIds.CurrentSequence)
        {
            _peerIds.Retire(idBefore);
        }

        _path = target;
        _recovery.OnPathChanged(target.Number, target.Congestion.Rtt);
        Statistics.PathChanges++;
        _events |= ConnectionEvents.PathChanged;
        ReportAddress();
        UpdateAmplificationLimit();
    }

    private void AddOtherPath(PathState path)
    {
        if (_otherPaths.Contains(path))
        {
            return;
        }

        if (_otherPaths.Count == MaxOtherPaths)
        {
            Drop(_otherPaths.Find(other => other != _fallback)!);
        }

        _otherPaths.Add(path);
    }

    private void Drop(PathState path)
    {
        _otherPaths.Remove(path);
        if (path.PeerIdSequence >= 0 && path.PeerIdSequence != _peerIds.CurrentSequence)
        {
            _peerIds.Retire(path.PeerIdSequence);
        }
    }

    private void ReceivePathChallenge(ulong data, in NetworkPath path)
    {
        PathState? state = FindPath(path);
        if (state is null)
        {
            state = CreatePath(path);
            state.CountReceived(MinInitialDatagramLength / 3);
            AddOtherPath(state);
        }

        state.Respond(data);
        if (_nat is not null && !IsServer && state != _path)
        {
            _nat.Reflect(path.Remote);
        }
    }

    private void ReceivePathResponse(ulong data, in NetworkPath network)
    {
        if (_multipath is not { } multipath)
        {
            TryValidate(data);
            return;
        }

        if (_nat?.TryTakeResponse(data, network.Remote) == true)
        {
            HandleNatResponse(network);
            return;
        }

        // An answer may come on another path than the one that it is about.
        ConnectionPath before = multipath.Active;
        for (int i = 0; i < multipath.Paths.Count; i++)
        {
            if (multipath.Paths[i] is { IsOpen: true, IsAbandoned: false } path)
            {
                SwitchTo(path);
                if (TryValidate(data))
                {
                    break;
                }
            }
        }

        SwitchTo(before);
    }

    private bool TryValidate(ulong data)
    {
        if (_path.TryValidate(data, NewChallenge()))
        {
            UpdateAmplificationLimit();
            DiscoverMtu();
            DropFallback();
            HandlePathValidated();
            return true;
        }

        foreach (PathState other in _otherPaths)
        {
            if (!other.TryValidate(data, NewChallenge()))
            {
                continue;
            }

            if (other != _fallback && !IsServer)
            {
                // This side's own migration: the new path works.
                PathState before = _path;
                GoOver(other, fallback: null);
                before.StopValidation();
                DiscoverMtu();
            }

            return true;
        }

        return false;
    }

    private void DiscoverMtu()
    {
        if (_options.MaxDatagramSize > MtuDiscovery.BaseSize)
        {
            _path.Congestion.Mtu.Start(PeerParameters!.MaxUdpPayloadSize, _now);
        }
    }

    private void DropFallback()
    {
        if (_fallback is { } fallback)
        {
            _fallback = null;
            Drop(fallback);
        }
    }

    private void HandlePathTimeouts()
    {
        if (_path.Deadline <= _now && _path.HandleTimeout())
        {
            PathState failed = _path;
            if (_fallback is { } fallback)
            {
                GoOver(fallback, fallback: null);
            }
            else if (_multipath is { } multipath)
            {
                HandleValidationFailed(multipath.Active);
            }
            else if (!failed.IsValidated)
            {
                CloseForViolation((long)TransportErrorCode.NoViablePath, 0, "the peer does not answer at its new address", null);
            }
        }

        for (int i = _otherPaths.Count - 1; i >= 0; i--)
        {
            PathState other = _otherPaths[i];
            if (other.Deadline <= _now && other.HandleTimeout() && other != _fallback)
            {
                Drop(other);
            }
        }
    }

    // Probes and answers on paths beside the current one, one datagram at a time.
    private int SendOffPath(Span<byte> buffer, out OutgoingDatagrams datagrams)
    {
        datagrams = default;
        if (_otherPaths.Count == 0 || _oneRtt is null)
        {
            return 0;
        }

        foreach (PathState path in _otherPaths)
        {
            int length = (int)Math.Min(path.Allowance, TransportParameters.MinUdpPayloadSize);
            if ((!path.MustSendChallenge && !path.HasResponses) || length < MinPacketRoom)
            {
                continue;
            }

            Span<byte> datagram = buffer[..length];
            PacketInProgress packet = default;
            ConnectionId destination = path.PeerIdSequence >= 0 ? path.PeerId : _peerIds.Current;
            if (!TryBegin(ref packet, Application, PacketType.OneRtt, datagram, 0, destination))
            {
                continue;
            }

            FrameWriter writer = PayloadWriter(packet, datagram);
            while (path.HasResponses && writer.Room > PathDataLength)
            {
                WritePathData(ref writer, QuicFrameType.PathResponse, path.TakeResponse());
            }

            if (path.MustSendChallenge && writer.Room > PathDataLength)
            {
                WritePathData(ref writer, QuicFrameType.PathChallenge, path.TakeChallenge(length, _now, ValidationTimeout));
            }

            EndFrames(ref packet, datagram, writer.Written);
            packet.Flags = SentPacketFlags.AckEliciting | SentPacketFlags.InFlight;
            length = Pad(ref packet, datagram, packet.Length, length);
            Finish(packet, datagram, path);
            CountSent(path, length);
            datagrams = new OutgoingDatagrams(path.Path, EcnCodepoint.NotEct, length);
            if (!path.IsValidating && !path.HasResponses && path != _fallback)
            {
                _otherPaths.Remove(path);
            }

            return length;
        }

        return 0;
    }

    private void UpdateAmplificationLimit()
        => _recovery.IsAmplificationLimited = !_path.IsValidated
            && _path.Allowance < (State == ConnectionState.Handshaking ? TransportParameters.MinUdpPayloadSize : MinAllowance);
}
