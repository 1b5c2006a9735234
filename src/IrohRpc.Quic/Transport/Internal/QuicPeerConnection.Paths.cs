using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Quic.Paths;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Quic.Transport.Internal;

// The paths of a connection: which there are, when another is selected, and the sockets that are held for them.
internal abstract partial class QuicPeerConnection
{
    private readonly List<QuicEndpoint> _held = [];
    private QuicEndpoint[] _released = [];
    private TaskCompletionSource? _pathChanged;

    /// <inheritdoc/>
    public override IReadOnlyList<PeerPath> Paths
    {
        get
        {
            lock (Gate)
            {
                return [.. Core.Paths.Select(Describe)];
            }
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<IReadOnlyList<PeerPath>> WatchPathsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (!Closed.IsCompleted)
        {
            Task changed;
            IReadOnlyList<PeerPath> paths;
            lock (Gate)
            {
                changed = (_pathChanged ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                paths = [.. Core.Paths.Select(Describe)];
            }

            yield return paths;
            await Task.WhenAny(changed, Closed).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    internal override void AddPeerAddresses(IReadOnlyList<TransportAddress> addresses)
    {
        UdpAddress[] candidates = [.. addresses.Select(address => PathAddresses.ToPath(address, PeerId)).OfType<UdpAddress>()];
        List<QuicEndpoint> sockets = Use(candidates);
        bool mustSend;
        lock (Gate)
        {
            _held.AddRange(sockets);
            if (Core.State == ConnectionState.Closed)
            {
                ReleaseHeld();
                return;
            }

            Core.AddCandidates(candidates);
            mustSend = Io.TryClaimSending();
        }

        // Sending sets the timer that looks at the candidates.
        if (mustSend)
        {
            Io.SendNow();
        }
    }

    /// <summary>The endpoint may be found at other addresses than before: the peer is told.</summary>
    internal void HandleCandidatesChanged()
    {
        bool mustSend;
        lock (Gate)
        {
            if (End is not null || !Core.UsesNatTraversal)
            {
                return;
            }

            Core.SetLocalCandidates(Node.Candidates, Io.Now);
            mustSend = Io.TryClaimSending();
        }

        if (mustSend)
        {
            Io.SendNow();
        }
    }

    // Within the lock, once the handshake is complete: what a direct path may leave from, and where the peer may find it.
    private void StartNatTraversal()
    {
        if (Core.UsesNatTraversal && _held.Count == 0)
        {
            _held.AddRange(Node.UseSockets());
            Node.AddSeeker(this);
            Core.SetLocalCandidates(Node.Candidates, Io.Now);
        }
    }

    internal override void HandleNetworkChanged(IReadOnlySet<IPAddress> addresses)
    {
        UdpAddress[] remotes;
        lock (Gate)
        {
            remotes = End is null ? [.. Core.Paths.Select(static path => path.Path.Remote)] : [];
        }

        List<QuicEndpoint> sockets = Use(remotes);
        bool mustSend;
        lock (Gate)
        {
            _held.AddRange(sockets);
            if (Core.State == ConnectionState.Closed)
            {
                ReleaseHeld();
                return;
            }

            if (Core.UsesNatTraversal)
            {
                Core.SetLocalCandidates(Node.Candidates, Io.Now);
            }

            Core.HandleNetworkChanged(local => local.Relayed is not null || addresses.Contains(local.ToIPEndPoint().Address), Io.Now);
            HandleEvents(Core.TakeEvents(), isMoreComing: false);
            mustSend = Io.TryClaimSending();
        }

        if (mustSend)
        {
            Io.SendNow();
        }
    }

    private PeerPath Describe(PathState path) => new()
    {
        Address = PathAddresses.Of(path.Path.Remote),
        IsSelected = path.Path == Core.Path,
        RoundTripTime = path.Congestion.Rtt.HasSample ? path.Congestion.Rtt.Smoothed : null,
        PacketsLost = path.PacketsLost,
        BytesSent = path.Sent,
        BytesReceived = path.Received,
    };

    // A socket that nobody listens on lives as long as somebody uses it.
    private List<QuicEndpoint> Use(UdpAddress[] candidates)
    {
        var used = new List<QuicEndpoint>();
        QuicEndpoint[] held;
        lock (Gate)
        {
            held = [.. _held];
        }

        foreach (UdpAddress candidate in candidates)
        {
            if (Io.Endpoint.Reaches(candidate) || held.Concat(used).Any(endpoint => endpoint.Reaches(candidate)))
            {
                continue;
            }

            try
            {
                if (Node.TryUse(candidate) is { } endpoint)
                {
                    used.Add(endpoint);
                }
            }
            catch (SocketException exception)
            {
                LogNoSocket(Node.Logger, candidate, exception);
            }
        }

        return used;
    }

    // Within the lock.
    private void ReleaseHeld()
    {
        foreach (QuicEndpoint endpoint in _held)
        {
            endpoint.Release();
        }

        Node.RemoveSeeker(this);
        Node.ReportedAddresses.Remove(this);
        _released = [.. _held];
        _held.Clear();
    }

    // Whoever binds one of the sockets' addresses next wants it now.
    private Task SocketsClosedAsync(Task own)
    {
        QuicEndpoint[] released;
        lock (Gate)
        {
            released = _released;
        }

        return released.Length == 0 ? own : Task.WhenAll([own, .. released.Select(static endpoint => endpoint.WhenClosing)]);
    }

    // Within the lock.
    private void HandlePathChanged()
    {
        UdpAddress remote = Core.Path.Remote;
        LogPathChanged(Node.Logger, Core.Tls.PeerId, remote);
        QuicMetrics.PathChanged(remote.Relayed is not null);
        _pathChanged?.TrySetResult();
        _pathChanged = null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The connection with {Peer} takes the path {Address} now.")]
    private static partial void LogPathChanged(ILogger logger, EndpointId? peer, UdpAddress address);

    [LoggerMessage(Level = LogLevel.Debug, Message = "There is no socket for the path to {Address}.")]
    private static partial void LogNoSocket(ILogger logger, UdpAddress address, Exception exception);
}
