using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using IrohRpc.Reach.Relay.Protocol;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Relay.Internal;

/// <summary>One client's WebSocket once its id is proved: a loop that reads, a loop that writes, and a timer that pings.</summary>
internal sealed class ClientSession : IDisposable
{
    // A buffer of the usual datagram; longer messages take a larger one.
    private const int UsualMessageLength = 2048;

    // As many peers are told that this client has left. What is beyond finds out by a time-out.
    private const int MaxCorrespondents = 4096;

    private readonly WebSocket _socket;
    private readonly RelayProtocolVersion _version;
    private readonly RelayHub _hub;
    private readonly OutgoingMessages _outgoing;
    private readonly RateLimiter? _limiter;
    private readonly HashSet<EndpointId> _correspondents = [];
    private long _lastHeard;

    public ClientSession(EndpointId id, WebSocket socket, RelayProtocolVersion version, RelayHub hub)
    {
        Id = id;
        _socket = socket;
        _version = version;
        _hub = hub;
        _outgoing = new OutgoingMessages(hub.Options.MaxQueuedMessages, hub.Options.MaxQueuedBytes);
        _limiter = CreateLimiter(hub.Options);
        _lastHeard = hub.TimeProvider.GetTimestamp();
    }

    /// <summary>Whose session it is.</summary>
    public EndpointId Id { get; }

    /// <summary>The clients that this one has sent datagrams to.</summary>
    public IReadOnlyCollection<EndpointId> Correspondents => _correspondents;

    /// <summary>Runs until either side ends it.</summary>
    /// <param name="cancellationToken">Ends it from this side.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task sending = SendAllAsync(ending.Token);
        Task pinging = PingAsync(ending.Token);
        Task receiving = ReceiveAllAsync(ending.Token);
        try
        {
            await Task.WhenAny(sending, pinging, receiving).ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            _socket.Abort();
            await Task.WhenAll(sending, pinging, receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            // The first failure says why the session ended.
            foreach (Task loop in (Task[])[receiving, sending, pinging])
            {
                if (loop.IsFaulted)
                {
                    _hub.LogSessionFailed(Id, loop.Exception!.InnerException!);
                    break;
                }
            }
        }
    }

    /// <summary>Sends datagrams to this client.</summary>
    public void Deliver(EndpointId sender, RelayMessage message)
    {
        int length = message.Length;
        int dropped = _outgoing.Add(sender, message);
        _hub.Metrics.Forwarded(length);
        if (dropped > 0)
        {
            _hub.Metrics.Dropped(dropped, "queue full");
        }
    }

    /// <summary>Tells this client of the state of its session.</summary>
    public void Tell(RelayStatus status) => _outgoing.Add(RelayMessages.Status(_version, status));

    /// <summary>Tells this client that another has left.</summary>
    public void TellGone(EndpointId id) => _outgoing.Add(RelayMessages.EndpointGone(id));

    /// <summary>Tells this client that the relay restarts.</summary>
    public void TellRestarting(TimeSpan reconnectIn, TimeSpan tryFor) => _outgoing.Add(RelayMessages.Restarting(reconnectIn, tryFor));

    /// <inheritdoc/>
    public void Dispose()
    {
        _outgoing.Dispose();
        _limiter?.Dispose();
    }

    private static TokenBucketRateLimiter? CreateLimiter(RelayOptions options) => options.MaxBytesPerSecond is not { } rate
        ? null
        : new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(options.MaxBurstBytes, rate / 10),
            TokensPerPeriod = Math.Max(1, rate / 10),
            ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
            QueueLimit = RelayProtocol.MaxMessageLength,
            AutoReplenishment = true,
        });

    private async Task ReceiveAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // An idle client holds no buffer.
            await _socket.ReceiveAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            byte[] buffer = ArrayPool<byte>.Shared.Rent(UsualMessageLength);
            int length = 0;
            bool isTaken = false;
            try
            {
                ValueWebSocketReceiveResult result;
                do
                {
                    if (length == buffer.Length)
                    {
                        buffer = Grow(buffer);
                    }

                    result = await _socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                    if (result.MessageType == WebSocketMessageType.Close)
                    {
                        return;
                    }

                    length += result.Count;
                    if (length > RelayProtocol.MaxMessageLength)
                    {
                        throw new RelayProtocolException($"a message is longer than {RelayProtocol.MaxMessageLength} bytes");
                    }
                }
                while (!result.EndOfMessage);

                Volatile.Write(ref _lastHeard, _hub.TimeProvider.GetTimestamp());
                if (_limiter is not null)
                {
                    using RateLimitLease lease = await _limiter.AcquireAsync(Math.Max(1, length), cancellationToken).ConfigureAwait(false);
                }

                // The protocol has binary messages only; text is skipped, as iroh's relay does.
                if (result.MessageType == WebSocketMessageType.Binary && length > 0)
                {
                    isTaken = Handle(buffer, length);
                }
            }
            finally
            {
                if (!isTaken)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(4 * buffer.Length, RelayProtocol.MaxMessageLength + 1));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    // Returns whether the buffer is somebody else's now.
    private bool Handle(byte[] buffer, int length)
    {
        Span<byte> message = buffer.AsSpan(0, length);
        switch ((RelayFrameType)message[0])
        {
            case RelayFrameType.ClientToRelayDatagram or RelayFrameType.ClientToRelayDatagramBatch:
                if (!RelayDatagrams.TryParse(message, out RelayDatagrams datagrams, out string? problem))
                {
                    throw new RelayProtocolException(problem);
                }

                EndpointId receiver = datagrams.Peer;
                if (_correspondents.Count < MaxCorrespondents)
                {
                    _correspondents.Add(receiver);
                }

                RelayDatagrams.Readdress(message, Id);
                return _hub.TryDeliver(Id, receiver, new RelayMessage(buffer, length));
            case RelayFrameType.Ping when length == 1 + RelayProtocol.PingLength:
                _outgoing.Add(RelayMessages.Ping(RelayFrameType.Pong, message[1..]));
                return false;
            case RelayFrameType.Ping:
                throw new RelayProtocolException($"a ping does not have {RelayProtocol.PingLength} bytes");
            default:
                // Pongs have been heard, which is all that they are for. Later versions may know more types.
                return false;
        }
    }

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _outgoing.WaitAsync(cancellationToken).ConfigureAwait(false);
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            while (_outgoing.TryTake(out byte[]? own, out RelayMessage datagrams))
            {
                timeout.CancelAfter(_hub.Options.WriteTimeout);
                try
                {
                    await _socket.SendAsync(own ?? datagrams.Memory, WebSocketMessageType.Binary, endOfMessage: true, timeout.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new RelayProtocolException("the client does not read");
                }
                finally
                {
                    if (own is null)
                    {
                        datagrams.Release();
                    }
                }
            }
        }
    }

    private async Task PingAsync(CancellationToken cancellationToken)
    {
        RelayOptions options = _hub.Options;
        TimeProvider time = _hub.TimeProvider;
        while (true)
        {
            TimeSpan jitter = TimeSpan.FromMilliseconds(1000 + RandomNumberGenerator.GetInt32(4000));
            TimeSpan left = options.PingInterval + jitter - time.GetElapsedTime(Volatile.Read(ref _lastHeard));
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, time, cancellationToken).ConfigureAwait(false);
                if (time.GetElapsedTime(Volatile.Read(ref _lastHeard)) < options.PingInterval)
                {
                    continue;
                }
            }

            long asked = time.GetTimestamp();
            _outgoing.Add(RelayMessages.Ping(RelayFrameType.Ping, RandomNumberGenerator.GetBytes(RelayProtocol.PingLength)));
            await Task.Delay(options.PingTimeout, time, cancellationToken).ConfigureAwait(false);
            if (Volatile.Read(ref _lastHeard) < asked)
            {
                throw new RelayProtocolException("the client does not answer a ping");
            }
        }
    }
}
