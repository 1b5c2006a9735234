using System.Collections.Concurrent;
using System.Net;
using IrohRpc.Testing.Internal;
using IrohRpc.Transports;

namespace IrohRpc.Testing;

/// <summary>
/// A network within one process, for tests: peers on it dial and accept as on a real one, and the test decides how slow and how broken it is. Make one for each test;
/// peers on different networks never meet.
/// </summary>
/// <remarks>
/// <para>Peers are who their <see cref="TransportSettings.Certificates"/> say: there is no TLS, and nobody lies in here. Everything above the handshake is what peers run
/// over TLS: the same multiplexer, with its streams, flow control, abort codes, idle time-out and keep-alive, over a pipe in memory.</para>
/// <para>Addresses are custom addresses that the network hands out. Every endpoint id is a host of its own, so that all its connections come from one address; every
/// listener has a port of its own: the one that is asked for, so that a peer can come back where it was, or a free one for zero.</para>
/// <para>Time-outs follow each endpoint's <see cref="TransportSettings.TimeProvider"/>, latency follows the network's. With one fake clock for both, nothing happens until the
/// test moves it. What arrives is handled on the thread pool: await its outcome before moving the clock on. Losses are drawn from a seed, so that a run can be
/// repeated.</para>
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
    private readonly HashSet<EndpointId> _isolated = [];
    private readonly Dictionary<(EndpointId From, EndpointId To), TimeSpan> _latencies = [];
    private readonly HashSet<EndpointId> _refusing = [];
    private readonly Random _random;
    private TimeSpan _latency;
    private TimeSpan _recovery;
    private double _loss;
    private int _ports;

    /// <summary>Makes a network without latency.</summary>
    /// <param name="timeProvider">The clock of latency, and of the endpoints that <see cref="BindAsync"/> makes; null for the system's.</param>
    /// <param name="seed">What losses are drawn from.</param>
    public MemoryNetwork(TimeProvider? timeProvider = null, int seed = 0)
    {
        _random = new Random(seed);
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
        }
    }

    /// <summary>
    /// Loses a part of what is sent from now on. Streams are reliable: a loss shows as the time until it has been sent again, during which everything behind it on its connection
    /// waits too. To lose whole connections, see <see cref="LoseConnection"/>.
    /// </summary>
    /// <param name="probability">Which part of the writes is lost; zero, the default, loses none.</param>
    /// <param name="recovery">How long it takes until one that was lost has been sent again.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="probability"/> is not from 0 to 1, or <paramref name="recovery"/> is negative.</exception>
    public void SetLoss(double probability, TimeSpan recovery)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(probability);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(probability, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(recovery, TimeSpan.Zero);
        lock (_gate)
        {
            _loss = probability;
            _recovery = recovery;
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

        ApplyPartitions(link => IsBetween(link, one, other));
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

        ApplyPartitions(link => IsBetween(link, one, other));
    }

    /// <summary>Cuts a peer off from everybody, as <see cref="Partition"/> does two from each other; peers that come later too.</summary>
    /// <param name="peer">The peer.</param>
    public void Isolate(EndpointId peer)
    {
        lock (_gate)
        {
            _isolated.Add(peer);
        }

        ApplyPartitions(link => link.Dialler == peer || link.Acceptor == peer);
    }

    /// <summary>Ends the isolation of a peer. Partitions of two stay as they are.</summary>
    /// <param name="peer">The peer.</param>
    public void Rejoin(EndpointId peer)
    {
        lock (_gate)
        {
            _isolated.Remove(peer);
        }

        ApplyPartitions(link => link.Dialler == peer || link.Acceptor == peer);
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
        if (!Owns(connection.RemoteAddress))
        {
            throw new ArgumentException($"{connection} is no connection of this memory network.", nameof(connection));
        }

        foreach (MemoryLink link in Links(link => link.DiallerConnection == connection || link.AcceptorConnection == connection))
        {
            link.Cut();
        }
    }

    /// <summary>Takes all connections between two peers away, dials under way too, as <see cref="LoseConnection"/> does with one.</summary>
    /// <param name="one">A peer.</param>
    /// <param name="other">Another peer.</param>
    public void LoseConnections(EndpointId one, EndpointId other)
    {
        foreach (MemoryLink link in Links(link => IsBetween(link, one, other)))
        {
            link.Cut();
        }
    }

    /// <summary>
    /// The same, complete when both ends know: a call that is made afterwards takes another connection, while one that is made right after <see cref="LoseConnections(EndpointId, EndpointId)"/> may
    /// still be sent over the lost one.
    /// </summary>
    /// <param name="one">A peer.</param>
    /// <param name="other">Another peer.</param>
    public Task LoseConnectionsAsync(EndpointId one, EndpointId other) => Task.WhenAll(Links(link => IsBetween(link, one, other)).Select(static link => link.CutAsync()));

    /// <summary>Takes all connections of a peer away, as where its process dies: nobody hears a goodbye.</summary>
    /// <param name="peer">The peer.</param>
    public void LoseConnections(EndpointId peer)
    {
        foreach (MemoryLink link in Links(link => link.Dialler == peer || link.Acceptor == peer))
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

    /// <summary>Binds an endpoint on this network, with the network's clock unless <paramref name="configure"/> sets another.</summary>
    /// <param name="configure">Changes its options; null leaves them at their defaults.</param>
    /// <param name="cancellationToken">Gives up binding.</param>
    /// <returns>The endpoint, which the caller owns.</returns>
    public ValueTask<PeerEndpoint> BindAsync(Action<PeerEndpointOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var options = new PeerEndpointOptions { Transports = [Transport], TimeProvider = Clock };
        configure?.Invoke(options);
        return PeerEndpoint.BindAsync(options, cancellationToken);
    }

    /// <summary>How long what is sent now takes.</summary>
    internal TimeSpan NextDelay(EndpointId from, EndpointId to)
    {
        lock (_gate)
        {
            TimeSpan latency = _latencies.GetValueOrDefault((from, to), _latency);
            return _loss > 0 && _random.NextDouble() < _loss ? latency + _recovery : latency;
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
        MemoryDial dial;
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
            dial = new MemoryDial(link, request);
            _links.Add(link);
        }

        ApplyPartitions(other => other == link);
        return dial.RunAsync(listener, cancellationToken);
    }

    internal void Forget(MemoryListener listener) => _listeners.TryRemove(listener.LocalAddress, out _);

    internal void Forget(MemoryLink link)
    {
        lock (_gate)
        {
            _links.Remove(link);
        }
    }

    private static bool IsBetween(MemoryLink link, EndpointId one, EndpointId other)
        => (link.Dialler, link.Acceptor) == (one, other) || (link.Dialler, link.Acceptor) == (other, one);

    private void ApplyPartitions(Func<MemoryLink, bool> choose)
    {
        foreach (MemoryLink link in Links(choose))
        {
            bool isHeld;
            lock (_gate)
            {
                isHeld = _partitions.Contains((link.Dialler, link.Acceptor)) || _isolated.Contains(link.Dialler) || _isolated.Contains(link.Acceptor);
            }

            link.ToAcceptor.Hold(isHeld);
            link.ToDialler.Hold(isHeld);
        }
    }

    private MemoryLink[] Links(Func<MemoryLink, bool> choose)
    {
        lock (_gate)
        {
            return [.. _links.Where(choose)];
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
