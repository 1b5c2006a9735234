using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Transport.Internal;

// Datagrams, and what is known of the path.
internal abstract partial class QuicPeerConnection
{
    private Queue<TaskCompletionSource<ReadOnlyMemory<byte>>>? _datagramWaiters;

    /// <inheritdoc/>
    public override int? MaxDatagramLength
    {
        get
        {
            lock (Gate)
            {
                return Core.MaxDatagramLength;
            }
        }
    }

    /// <inheritdoc/>
    public override void SendDatagram(ReadOnlySpan<byte> datagram)
    {
        bool mustSend;
        lock (Gate)
        {
            if (End is not null)
            {
                throw End.ToException(PeerId);
            }

            if (!Core.TrySendDatagram(datagram))
            {
                throw Core.MaxDatagramLength is { } max
                    ? new ArgumentException($"The datagram has {datagram.Length} bytes; the path takes {max}.", nameof(datagram))
                    : new PeerException(PeerErrorKind.TransportUnsupported, $"Peer {PeerId.ToShortString()} takes no datagrams.");
            }

            mustSend = Io.TryClaimSending();
        }

        if (mustSend)
        {
            Io.SendNow();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<ReadOnlyMemory<byte>> ReceiveDatagramAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<ReadOnlyMemory<byte>> waiter;
        lock (Gate)
        {
            if (!(_datagramWaiters?.Count > 0) && Core.State != ConnectionState.Handshaking && Core.TryReceiveDatagram(out byte[]? datagram))
            {
                return datagram;
            }

            if (End is not null)
            {
                throw End.ToException(PeerId);
            }

            waiter = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
            (_datagramWaiters ??= new()).Enqueue(waiter);
        }

        // A datagram that meets a waiter who has left goes to the next.
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<ReadOnlyMemory<byte>>)state!).TrySetCanceled(token), waiter);
        await using (registration.ConfigureAwait(false))
        {
            return await waiter.Task.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override PathStatistics? GetPathStatistics()
    {
        lock (Gate)
        {
            RttEstimator rtt = Core.Rtt;
            ConnectionStatistics statistics = Core.Statistics;
            return new PathStatistics
            {
                RoundTripTime = rtt.HasSample ? rtt.Smoothed : null,
                MinRoundTripTime = rtt.HasSample ? rtt.Min : null,
                RoundTripVariation = rtt.HasSample ? rtt.Variation : null,
                MaxDatagramSize = Core.Congestion.Mtu.Current,
                CongestionWindow = Core.Congestion.Window,
                BytesInFlight = Core.Congestion.BytesInFlight,
                BytesSent = statistics.BytesSent,
                BytesReceived = statistics.BytesReceived,
                PacketsSent = statistics.PacketsSent,
                PacketsReceived = statistics.PacketsReceived,
                PacketsLost = statistics.PacketsLost,
                PathChanges = statistics.PathChanges,
            };
        }
    }

    private void ServeDatagrams()
    {
        while (_datagramWaiters is { Count: > 0 } waiters)
        {
            if (waiters.Peek().Task.IsCompleted)
            {
                waiters.Dequeue();
            }
            else if (!Core.TryReceiveDatagram(out byte[]? datagram))
            {
                return;
            }
            else
            {
                Deliver(waiters, datagram);
            }
        }
    }

    private static void Deliver(Queue<TaskCompletionSource<ReadOnlyMemory<byte>>> waiters, byte[] datagram)
    {
        while (waiters.TryDequeue(out TaskCompletionSource<ReadOnlyMemory<byte>>? waiter))
        {
            if (waiter.TrySetResult(datagram))
            {
                return;
            }
        }
    }

    private void FailDatagrams(ConnectionEnd end)
    {
        while (_datagramWaiters?.TryDequeue(out TaskCompletionSource<ReadOnlyMemory<byte>>? waiter) == true)
        {
            waiter.TrySetException(end.ToException(PeerId));
        }
    }
}
