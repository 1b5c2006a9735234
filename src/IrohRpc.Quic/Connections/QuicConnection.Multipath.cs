using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Congestion;
using IrohRpc.Quic.NatTraversal;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Paths;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.Connections;

// Several paths at once (draft-ietf-quic-multipath, with the numbers of iroh 1.0). The connection works on one path at a time: its fields for the network path, loss
// recovery, packet numbers and the peer's ids are those of that path, and are exchanged when it turns to another. Between calls they are the selected path's.
internal sealed partial class QuicConnection
{
    // Ids for so many paths beyond the open ones are issued ahead; a peer that wants to open more says PATH_CIDS_BLOCKED.
    private const int PathsAhead = 3;
    private const int IdsPerPath = 2;

    private MultipathState? _multipath;
    private bool _isBesideSelected;

    /// <summary>Whether the connection may have several paths at once.</summary>
    public bool UsesMultipath => _multipath is not null;

    private long? ActivePathId => _multipath?.Active.Id;

    private PathKeyPhase? ActiveKeyPhase => _multipath?.Active.KeyPhase;

    private void NegotiateMultipath(TransportParameters peer)
    {
        if (!_options.UsesMultipath || peer.InitialMaxPathId is not { } peerMax)
        {
            return;
        }

        if (_peerIds.Current.Length == 0)
        {
            throw new TransportViolationException(
                TransportErrorCode.ProtocolViolation, QuicFrameType.Crypto, "multipath was offered together with an empty connection id");
        }

        var first = new ConnectionPath(0, _localIds, _peerIds)
        {
            Network = _path,
            Others = _otherPaths,
            Recovery = _recovery,
            Space = Application,
            IsOpen = true,
            IsUsable = true,
        };
        _localIds.PathId = 0;
        _peerIds.PathId = 0;
        _multipath = new MultipathState(first, _registry, _options.InitialMaxPathId, peerMax);
        if (peer.MaxRemoteAddresses > 0)
        {
            _nat = new NatTraversalState(IsServer, NatTraversalState.MaxAddresses, peer.MaxRemoteAddresses);
        }
    }

    // The connection turns to another path.
    private void SwitchTo(ConnectionPath path)
    {
        MultipathState multipath = _multipath!;
        ConnectionPath before = multipath.Active;
        if (before == path)
        {
            return;
        }

        before.Network = _path;
        before.Fallback = _fallback;
        multipath.Active = path;
        _path = path.Network!;
        _fallback = path.Fallback;
        _otherPaths = path.Others;
        _recovery = path.Recovery!;
        _peerIds = path.PeerIds;
        _spaces[(int)PacketSpace.Application] = path.Space!;
        UpdateAmplificationLimit();
    }

    private void ReturnToSelected() => SwitchTo(_multipath!.Selected);

    // The network path of a path, whether the connection works on it or not.
    private PathState NetworkOf(ConnectionPath path) => path == _multipath!.Active ? _path : path.Network!;

    private void ReceiveOnPath(Span<byte> datagram, in NetworkPath network, EcnCodepoint ecn, TimeSpan now)
    {
        MultipathState multipath = _multipath!;
        bool isShort = datagram.Length > LocalConnectionIdLength && (datagram[0] & HeaderBits.LongForm) == 0;
        ConnectionPath? path = isShort ? multipath.Find(new ConnectionId(datagram.Slice(1, LocalConnectionIdLength))) : multipath.First;

        // A path is opened by a client, once the handshake is over.
        if (path is null || (!path.IsOpen && (!IsServer || !IsConfirmed || path.IsAbandoned)) || multipath.IsDiscarded(path.Id))
        {
            TryEndByStatelessReset(datagram, now);
            return;
        }

        if (!path.IsOpen)
        {
            Prepare(path, network);
        }

        SwitchTo(path);
        if (path.IsOpen && !IsAcceptable(network))
        {
            ReturnToSelected();
            return;
        }

        long packets = Statistics.PacketsReceived;
        ReceiveOnActivePath(datagram, network, ecn, now);
        if (Statistics.PacketsReceived > packets)
        {
            if (_path.Path.Remote == network.Remote)
            {
                // Answers to probes come from elsewhere and say nothing about this path.
                path.UnansweredSince = null;
            }

            if (!path.IsOpen)
            {
                HandleOpenedByPeer(path);
            }
        }

        ReturnToSelected();
        if (State == ConnectionState.Open)
        {
            ChoosePath();
        }
    }

    // Whatever a stranger sends to the path's id, at most one object of each kind is made for it.
    private void Prepare(ConnectionPath path, in NetworkPath network)
    {
        var rtt = new RttEstimator();
        var mtu = new MtuDiscovery(_options.MaxDatagramSize);
        path.Network = new PathState(_nextPathNumber++, network, new PathCongestion(rtt, mtu));
        if (path.Recovery is null)
        {
            path.Recovery = new LossRecovery(IsServer, this, rtt, _random)
            {
                IsHandshakeConfirmed = true,
                HasHandshakeKeys = true,
                PeerMaxAckDelay = _recovery.PeerMaxAckDelay,
                PeerAckDelayExponent = _recovery.PeerAckDelayExponent,
            };
            path.Recovery.Discard(PacketSpace.Initial, _now);
            path.Recovery.Discard(PacketSpace.Handshake, _now);
            path.Space = new SpaceState(Application, _options.MaxAckDelay);
        }

        path.Recovery.OnPathChanged(path.Network.Number, rtt);
    }

    private void HandleOpenedByPeer(ConnectionPath path)
    {
        path.IsOpen = true;
        _multipath!.HighestUsed = Math.Max(_multipath.HighestUsed, path.Id);
        if (!path.PeerIds.TryUseSpareAsCurrent())
        {
            path.MustSendCidsBlocked = true;
        }

        _path.StartValidation(NewChallenge());
        path.KeepAliveAt = _now + KeepAliveOfOthers;
        _multipath.IssueIds(PathsAhead, IdsPerPath);
        _events |= ConnectionEvents.PathsChanged;
    }

    /// <summary>Opens another path to the peer, at a client.</summary>
    /// <returns>Whether it was opened; otherwise an id is missing that the peer has to give, and the caller tries again later.</returns>
    private bool TryOpenPath(in NetworkPath network)
    {
        MultipathState multipath = _multipath!;
        if (FindOpenPath(network) is not null)
        {
            return true;
        }

        if (multipath.NextId > multipath.Max)
        {
            multipath.MustSendBlocked = true;
            return false;
        }

        ConnectionPath? path = multipath.FindOrPrepare(multipath.NextId);
        if (path is null || path.IsAbandoned)
        {
            // The peer has given it up before it was opened.
            multipath.NextId++;
            return TryOpenPath(network);
        }

        if (!path.PeerIds.TryUseSpareAsCurrent())
        {
            path.MustSendCidsBlocked = true;
            return false;
        }

        multipath.HighestUsed = Math.Max(multipath.HighestUsed, multipath.NextId++);
        Prepare(path, network);
        path.IsOpen = true;
        path.Network!.IsValidated = true;
        path.Network.StartValidation(NewChallenge());
        path.KeepAliveAt = _now + KeepAliveOfOthers;
        path.TellStatus(isBackup: true);
        multipath.IssueIds(PathsAhead, IdsPerPath);
        _events |= ConnectionEvents.PathsChanged;
        return true;
    }

    private ConnectionPath? FindOpenPath(NetworkPath network)
        => _multipath!.Paths.Find(path => path.IsOpen && !path.IsAbandoned && NetworkOf(path).Path.Matches(network));

    private TimeSpan KeepAliveOfOthers => _options.KeepAliveInterval is { } interval ? Min(interval, PathKeepAlive) : TimeSpan.FromDays(365);

    // The path that the connection works on has shown that the peer is there.
    private void HandlePathValidated()
    {
        if (_multipath is { } multipath && !multipath.Active.IsUsable)
        {
            multipath.Active.IsUsable = true;
            multipath.NoPathDeadline = TimeSpan.MaxValue;
            _events |= ConnectionEvents.PathsChanged;
        }
    }

    private void Select(ConnectionPath path)
    {
        _multipath!.Selected = path;
        SwitchTo(path);
        DiscoverMtu();
        Statistics.PathChanges++;
        _events |= ConnectionEvents.PathChanged;
        ReportAddress();
        foreach (ConnectionPath other in _multipath.Paths)
        {
            if (other.IsOpen && !other.IsAbandoned)
            {
                other.TellStatus(isBackup: other != path);
            }
        }
    }

    /// <summary>Gives a path up: what is on its way there is sent again elsewhere.</summary>
    private void Abandon(ConnectionPath path, long code)
    {
        if (path.IsAbandoned)
        {
            return;
        }

        MultipathState multipath = _multipath!;
        path.IsAbandoned = true;
        path.MustSendAbandon = true;
        path.MustSendStatus = false;
        path.MustSendCidsBlocked = false;
        path.AbandonCode = code;
        TimeSpan timeout = Max(_recovery.ProbeTimeout, RttEstimator.DefaultInitial);
        if (path.Recovery is not null)
        {
            SwitchTo(path);
            timeout = Max(timeout, _recovery.ProbeTimeout);
            _recovery.Abandon(PacketSpace.Application, _now);
            _path.StopValidation();
            _otherPaths.Clear();
            _fallback = null;
            ReturnToSelected();
        }

        path.DiscardAt = _now + (ProbeTimeoutsToIdle * timeout);
        path.UnansweredSince = null;
        multipath.HighestUsed = Math.Max(multipath.HighestUsed, path.Id);
        multipath.IssueIds(PathsAhead, IdsPerPath);
        _events |= ConnectionEvents.PathsChanged;
        if (path == multipath.Selected)
        {
            ChoosePath();
        }
    }

    // The only path may be lossy, or dead for a while: how long it is waited for is the idle time-out's affair.
    private void HandleValidationFailed(ConnectionPath path)
    {
        if (_path.IsValidated && path.IsUsable)
        {
            return;
        }

        if (_multipath!.Paths.Exists(other => other != path && other.IsOpen && !other.IsAbandoned))
        {
            Abandon(path, ExtensionNumbers.AbandonedAsUnstable);
        }
        else
        {
            _path.StartValidation(NewChallenge());
        }
    }

    private void DisposeOfPaths()
    {
        if (_multipath is null)
        {
            return;
        }

        foreach (ConnectionPath path in _multipath.Paths)
        {
            path.LocalIds.RetireAll();
            path.Recovery?.Discard(PacketSpace.Application, _now);
        }
    }

    private bool IsStatelessReset(ReadOnlySpan<byte> datagram)
    {
        if (_multipath is null)
        {
            return _peerIds.IsStatelessReset(datagram);
        }

        // The ids of a path that was given up count as retired: to a straggler there the peer answers with a reset, since it has forgotten the path and not the connection.
        bool found = false;
        foreach (ConnectionPath path in _multipath.Paths)
        {
            found |= !path.IsAbandoned && path.PeerIds.IsStatelessReset(datagram);
        }

        return found;
    }
}
