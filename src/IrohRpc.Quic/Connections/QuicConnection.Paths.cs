using System.Security.Cryptography;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Congestion;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Paths;
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

    private void DiscoverMtu()
    {
        if (_options.MaxDatagramSize > MtuDiscovery.BaseSize)
        {
            _path.Congestion.Mtu.Start(PeerParameters!.MaxUdpPayloadSize, _now);
        }
    }

    private void UpdateAmplificationLimit()
        => _recovery.IsAmplificationLimited = !_path.IsValidated
            && _path.Allowance < (State == ConnectionState.Handshaking ? TransportParameters.MinUdpPayloadSize : MinAllowance);
}
