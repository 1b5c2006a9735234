using System.Buffers;
using System.Net;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Recovery;
using IrohRpc.Transports;

namespace IrohRpc.Quic.Endpoints.Sockets;

/// <summary>Sends and receives datagrams through relays. What arrives faster than it is taken is dropped, as a UDP socket does.</summary>
internal sealed class RelaySocket : DatagramSocket, IRelayedDatagramReceiver
{
    // As iroh's relay clients send at most; a relay takes 64 KiB.
    private const int MaxBatch = 20;

    private const int MaxWaiting = 2048;
    private const int MaxWaitingBytes = 4 * 1024 * 1024;
    private const int MaxKnownPeers = 1024;
    private const int MaxPerReceive = 32;

    private readonly IDatagramRelay _relay;
    private readonly AutoResetEvent _signal = new(false);
    private readonly Lock _lock = new();
    private readonly Queue<Arrival> _arrivals = new();
    private readonly Dictionary<(string Url, EndpointId Id), RelayedPeer> _peers = [];
    private int _waitingBytes;
    private bool _isDisposed;

    /// <summary>Starts to receive.</summary>
    public RelaySocket(IDatagramRelay relay)
    {
        _relay = relay;
        relay.Receiver = this;
    }

    /// <inheritdoc/>
    public override IPEndPoint LocalEndPoint { get; } = new(IPAddress.IPv6Any, 0);

    /// <inheritdoc/>
    public override int MaxSegments => MaxBatch;

    /// <inheritdoc/>
    public override bool SupportsEcn => true;

    /// <inheritdoc/>
    public override bool Carries(in UdpAddress destination) => destination.Relayed is not null;

    /// <inheritdoc/>
    public override bool Reaches(in UdpAddress destination) => destination.Relayed is not null;

    /// <inheritdoc/>
    public override void Wait(TimeSpan? timeout)
    {
        int milliseconds = timeout is { } time ? (int)Math.Clamp(Math.Ceiling(time.TotalMilliseconds), 0, int.MaxValue) : Timeout.Infinite;
        _signal.WaitOne(milliseconds);
    }

    /// <inheritdoc/>
    public override void Wake()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _signal.Set();
            }
        }
    }

    /// <inheritdoc/>
    public override bool Receive(IDatagramReceiver receiver)
    {
        for (int i = 0; i < MaxPerReceive; i++)
        {
            Arrival arrival;
            lock (_lock)
            {
                if (!_arrivals.TryDequeue(out arrival))
                {
                    return false;
                }

                _waitingBytes -= arrival.Length;
            }

            var path = new NetworkPath(UdpAddress.From(arrival.Peer));
            Span<byte> left = arrival.Buffer.AsSpan(0, arrival.Length);
            while (!left.IsEmpty)
            {
                int length = Math.Min(arrival.SegmentLength, left.Length);
                receiver.Receive(left[..length], path, arrival.Ecn);
                left = left[length..];
            }

            ArrayPool<byte>.Shared.Return(arrival.Buffer);
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Send(ReadOnlySpan<byte> datagrams, in OutgoingDatagrams destination)
    {
        if (destination.Path.Remote.Relayed is not { } peer)
        {
            return;
        }

        int most = MaxBatch * Math.Max(1, destination.SegmentLength);
        for (; !datagrams.IsEmpty; datagrams = datagrams[Math.Min(most, datagrams.Length)..])
        {
            ReadOnlySpan<byte> batch = datagrams[..Math.Min(most, datagrams.Length)];
            _relay.Send(peer.RelayUrl, peer.Id, batch, Math.Min(destination.SegmentLength, batch.Length), (byte)destination.Ecn);
        }
    }

    /// <inheritdoc/>
    public void Receive(string relayUrl, EndpointId peer, ReadOnlySpan<byte> datagrams, int segmentLength, byte ecn)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(datagrams.Length);
        datagrams.CopyTo(buffer);
        lock (_lock)
        {
            if (_isDisposed || _arrivals.Count >= MaxWaiting || _waitingBytes + datagrams.Length > MaxWaitingBytes)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return;
            }

            _waitingBytes += datagrams.Length;
            _arrivals.Enqueue(new Arrival(buffer, datagrams.Length, segmentLength, (EcnCodepoint)(ecn & 3), PeerOf(relayUrl, peer)));
            _signal.Set();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_relay.Receiver == this)
        {
            _relay.Receiver = null;
        }

        lock (_lock)
        {
            _isDisposed = true;
            while (_arrivals.TryDequeue(out Arrival arrival))
            {
                ArrayPool<byte>.Shared.Return(arrival.Buffer);
            }
        }

        _signal.Dispose();
    }

    // One object for each peer, as long as there are not too many; a stranger behind a relay can be as many as it likes.
    private RelayedPeer PeerOf(string relayUrl, EndpointId id)
    {
        if (!_peers.TryGetValue((relayUrl, id), out RelayedPeer? peer))
        {
            if (_peers.Count >= MaxKnownPeers)
            {
                _peers.Clear();
            }

            _peers.Add((relayUrl, id), peer = new RelayedPeer(relayUrl, id));
        }

        return peer;
    }

    private readonly record struct Arrival(byte[] Buffer, int Length, int SegmentLength, EcnCodepoint Ecn, RelayedPeer Peer);
}
