using System.Collections.Concurrent;
using System.Net;
using IrohRpc.Transports.Internal;
using IrohRpc.Transports.Memory.Internal;

namespace IrohRpc.Transports;

/// <summary>
/// A network within one process, for tests: peers on it dial and accept as on a real one, and the test decides how slow and how broken
/// it is. Make one for each test; peers on different networks never meet.
/// </summary>
/// <remarks>
/// <para>Peers are who their <see cref="TransportSettings.Certificates"/> say: there is no TLS, and nobody lies in here. All else is as
/// on the other transports: ALPN choice, admission, stream limits, flow control, abort codes, idle time-out and keep-alive.</para>
/// <para>Addresses are custom addresses that the network hands out. Every endpoint id is a host of its own, so that all its connections
/// come from one address; every listener has a port of its own: the one that is asked for, so that a peer can come back where it was, or a
/// free one for zero.</para>
/// <para>Without latency a frame arrives before the call that sent it returns. Time-outs follow each side's
/// <see cref="TransportSettings.TimeProvider"/>, latency follows the network's.</para>
/// <para>All members are safe to call from several threads at once. There is nothing to dispose.</para>
/// </remarks>
public sealed class MemoryNetwork
{
    private static long s_networks;

    private readonly long _number = Interlocked.Increment(ref s_networks);
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<TransportAddress, MemoryListener> _listeners = new();
    private readonly Dictionary<EndpointId, int> _hosts = [];
    private readonly HashSet<MemoryLink> _links = [];
    private readonly HashSet<(EndpointId From, EndpointId To)> _partitions = [];
    private readonly Dictionary<(EndpointId From, EndpointId To), TimeSpan> _latencies = [];
    private readonly HashSet<EndpointId> _refusing = [];
    private TimeSpan _latency;
    private int _ports;

    /// <summary>Makes a network without latency.</summary>
    /// <param name="timeProvider">The clock of latency; null for the system's.</param>
    public MemoryNetwork(TimeProvider? timeProvider = null)
    {
        Clock = timeProvider ?? TimeProvider.System;
        Transport = new MemoryTransport(this);
    }

    /// <summary>The transport of this network: peers that share it can reach each other.</summary>
    public ITransport Transport { get; }

    /// <summary>The clock of latency.</summary>
    internal TimeProvider Clock { get; }

    /// <summary>
    /// Delays all that is sent from now on, in both directions and between all peers, for which <see cref="SetLatency(EndpointId, EndpointId, TimeSpan)"/>
    /// does not say otherwise. Order is kept.
    /// </summary>
    /// <param name="latency">How long one way takes; zero, the default, delivers at once.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="latency"/> is negative.</exception>
    public void SetLatency(TimeSpan latency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latency, TimeSpan.Zero);
        lock (_gate)
        {
            _latency = latency;
            ApplyLatency();
        }
    }

    /// <summary>Delays all that one peer sends to another from now on. The way back has its own latency.</summary>
    /// <param name="from">Who sends.</param>
    /// <param name="to">Who receives.</param>
    /// <param name="latency">How long this way takes; zero delivers at once.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="latency"/> is negative.</exception>
    public void SetLatency(EndpointId from, EndpointId to, TimeSpan latency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latency, TimeSpan.Zero);
        lock (_gate)
        {
            _latencies[(from, to)] = latency;
            ApplyLatency();
        }
    }

    /// <summary>
    /// Cuts two peers off from each other: nothing that either sends arrives, and neither is told. Connections end by their idle time-out,
    /// dials by their handshake time-out. What was sent waits, in its order, for <see cref="Heal"/>.
    /// </summary>
    /// <param name="one">A peer.</param>
    /// <param name="other">Another peer.</param>
    public void Partition(EndpointId one, EndpointId other)
    {
        lock (_gate)
        {
            _partitions.Add((one, other));
            _partitions.Add((other, one));
        }

        ApplyPartitions(one, other, hold: true);
    }

    /// <summary>Ends the partition of two peers: what waited is delivered, and connections that have not timed out go on.</summary>
    /// <param name="one">A peer.</param>
    /// <param name="other">Another peer.</param>
    public void Heal(EndpointId one, EndpointId other)
    {
        lock (_gate)
        {
            _partitions.Remove((one, other));
            _partitions.Remove((other, one));
        }

        ApplyPartitions(one, other, hold: false);
    }

    /// <summary>
    /// Takes one connection away from both its ends, now and without a goodbye, as a network does that resets it:
    /// <see cref="PeerConnection.Closed"/> says <see cref="PeerErrorKind.ConnectionLost"/> on both sides.
    /// </summary>
    /// <param name="connection">Either end of a connection of this network. One that has ended stays as it is.</param>
    /// <exception cref="ArgumentException"><paramref name="connection"/> is of another transport or network.</exception>
    public void LoseConnection(PeerConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection is not MemoryConnection memory || !Owns(memory.RemoteAddress))
        {
            throw new ArgumentException($"{connection} is no connection of this memory network.", nameof(connection));
        }

        memory.Link.Cut();
    }

    /// <summary>Takes all connections between two peers away, dials under way too, as <see cref="LoseConnection"/> does with one.</summary>
    /// <param name="one">A peer.</param>
    /// <param name="other">Another peer.</param>
    public void LoseConnections(EndpointId one, EndpointId other)
    {
        foreach (MemoryLink link in LinksBetween(one, other))
        {
            link.Cut();
        }
    }

    /// <summary>Makes every dial of a peer's listeners fail with <see cref="PeerErrorKind.Refused"/>, or lets them through again.</summary>
    /// <param name="acceptor">The peer that is dialled.</param>
    /// <param name="refuse">Whether to refuse.</param>
    public void RefuseDials(EndpointId acceptor, bool refuse = true)
    {
        lock (_gate)
        {
            if (refuse)
            {
                _refusing.Add(acceptor);
            }
            else
            {
                _refusing.Remove(acceptor);
            }
        }
    }

    internal bool Owns(TransportAddress address) => MemoryAddress.TryRead(address, out MemoryAddress own) && own.Network == _number;

    internal MemoryListener Listen(ListenRequest request)
    {
        lock (_gate)
        {
            // What is asked for stays below what is given away, so that the two never meet.
            int port = request.LocalEndPoint.Port is > 0 and int asked ? asked : IPEndPoint.MaxPort + ++_ports;
            var address = new MemoryAddress(_number, HostOf(request.Settings.Certificates.Id), port).ToTransportAddress();
            var listener = new MemoryListener(this, address, request);
            return _listeners.TryAdd(address, listener)
                ? listener
                : throw new PeerException(PeerErrorKind.AddressInUse, $"Peer {listener.Id.ToShortString()} listens at {address} already.");
        }
    }

    internal ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken)
    {
        if (!_listeners.TryGetValue(address, out MemoryListener? listener))
        {
            return ValueTask.FromException<PeerConnection>(new PeerException(
                PeerErrorKind.Unreachable, $"Nobody listens at {address}, where peer {request.PeerId.ToShortString()} was expected."));
        }

        MemoryLink link;
        lock (_gate)
        {
            if (_refusing.Contains(listener.Id))
            {
                return ValueTask.FromException<PeerConnection>(new PeerException(
                    PeerErrorKind.Refused, $"Peer {listener.Id.ToShortString()} at {address} refuses all connections."));
            }

            EndpointId dialler = request.Settings.Certificates.Id;
            link = new MemoryLink(
                this, dialler, listener.Id, new MemoryAddress(_number, HostOf(dialler), 0).ToTransportAddress(), address);
            _links.Add(link);
            ApplyLatency(link);
            bool held = _partitions.Contains((dialler, listener.Id));
            link.ToAcceptor.Hold(held);
            link.ToDialler.Hold(held);
        }

        listener.Incoming(link);
        return new MemoryDial(link, request).RunAsync(cancellationToken);
    }

    internal void Forget(MemoryListener listener) => _listeners.TryRemove(listener.LocalAddress, out _);

    internal void Forget(MemoryLink link)
    {
        lock (_gate)
        {
            _links.Remove(link);
        }
    }

    private void ApplyPartitions(EndpointId one, EndpointId other, bool hold)
    {
        foreach (MemoryLink link in LinksBetween(one, other))
        {
            link.ToAcceptor.Hold(hold);
            link.ToDialler.Hold(hold);
        }
    }

    private void ApplyLatency()
    {
        foreach (MemoryLink link in _links)
        {
            ApplyLatency(link);
        }
    }

    private void ApplyLatency(MemoryLink link)
    {
        link.ToAcceptor.SetLatency(_latencies.GetValueOrDefault((link.Dialler, link.Acceptor), _latency));
        link.ToDialler.SetLatency(_latencies.GetValueOrDefault((link.Acceptor, link.Dialler), _latency));
    }

    private MemoryLink[] LinksBetween(EndpointId one, EndpointId other)
    {
        lock (_gate)
        {
            return [.. _links.Where(link => (link.Dialler, link.Acceptor) == (one, other) || (link.Dialler, link.Acceptor) == (other, one))];
        }
    }

    private int HostOf(EndpointId id)
    {
        if (!_hosts.TryGetValue(id, out int host))
        {
            _hosts[id] = host = _hosts.Count + 1;
        }

        return host;
    }
}
