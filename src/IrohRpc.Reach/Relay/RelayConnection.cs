using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using IrohRpc.Reach.Relay.Protocol;

namespace IrohRpc.Reach.Relay;

/// <summary>One WebSocket with a relay, from the dial to its end.</summary>
internal sealed class RelayConnection : IDisposable
{
    private const int UsualMessageLength = 2048;

    private readonly ClientWebSocket _socket;
    private readonly RelaySessionOptions _options;
    private readonly SemaphoreSlim _checkNow = new(0);
    private long _lastHeard;

    private RelayConnection(ClientWebSocket socket, RelaySessionOptions options)
    {
        _socket = socket;
        _options = options;
        _lastHeard = options.TimeProvider.GetTimestamp();
    }

    /// <summary>When the relay that restarts wants its clients back; null where it has not said so.</summary>
    public TimeSpan? ReconnectIn { get; private set; }

    /// <summary>Dials a relay and proves the id.</summary>
    /// <exception cref="RelaySessionException">The relay does not let this endpoint in, or does not speak the protocol.</exception>
    /// <exception cref="WebSocketException">The relay cannot be reached.</exception>
    public static async Task<RelayConnection> ConnectAsync(Uri url, SecretKey key, RelaySessionOptions options, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(RelayProtocol.V2Name);
            socket.Options.AddSubProtocol(RelayProtocol.V1Name);
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            if (options.AccessToken is { } token)
            {
                socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
            }

            await socket.ConnectAsync(RelayUrl.ToWebSocket(url), options.HttpInvoker, cancellationToken).ConfigureAwait(false);
            if (RelayProtocol.Parse(socket.SubProtocol) is null)
            {
                throw new RelaySessionException("The relay chose no version of the protocol.");
            }

            var connection = new RelayConnection(socket, options);
            await connection.AuthenticateAsync(key, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends and receives until the connection ends.</summary>
    public async Task RunAsync(RelaySendQueue queue, IRelayReceiver receiver, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        queue.Resume();
        Task[] loops = [ReceiveAllAsync(queue, receiver, ending.Token), SendAllAsync(queue, ending.Token), PingAsync(queue, ending.Token)];
        Task first = await Task.WhenAny(loops).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        _socket.Abort();
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    /// <summary>Pings the relay at once: the network may have changed under the connection.</summary>
    public void CheckNow() => _checkNow.Release();

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _checkNow.Dispose();
    }

    private async Task AuthenticateAsync(SecretKey key, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(UsualMessageLength);
        try
        {
            int length = await ReceiveShortAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (length != 1 + RelayProtocol.ChallengeLength || buffer[0] != (byte)RelayFrameType.ServerChallenge)
            {
                throw new RelaySessionException("The relay's first message is no challenge.");
            }

            byte[] proof = RelayAuthentication.Prove(key, buffer.AsSpan(1, RelayProtocol.ChallengeLength));
            await _socket.SendAsync(proof, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).ConfigureAwait(false);
            length = await ReceiveShortAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (buffer[0] == (byte)RelayFrameType.ServerDeniesAuth && RelayMessages.TryReadDenial(buffer.AsSpan(0, length), out string? reason))
            {
                throw new RelaySessionException($"The relay does not let this endpoint in: {Printable(reason)}.", isDenied: true);
            }

            if (buffer[0] != (byte)RelayFrameType.ServerConfirmsAuth)
            {
                throw new RelaySessionException("The relay did not answer the authentication.");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<int> ReceiveShortAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult result = await _socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                throw new RelaySessionException("The relay closed the connection.");
            }

            length += result.Count;
            if (result.EndOfMessage && length > 0)
            {
                return length;
            }

            if (length == buffer.Length)
            {
                throw new RelaySessionException("The relay's message is too long.");
            }
        }
    }

    private async Task ReceiveAllAsync(RelaySendQueue queue, IRelayReceiver receiver, CancellationToken cancellationToken)
    {
        while (true)
        {
            // An idle session holds no buffer.
            await _socket.ReceiveAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            byte[] buffer = ArrayPool<byte>.Shared.Rent(UsualMessageLength);
            try
            {
                int length = 0;
                ValueWebSocketReceiveResult result;
                do
                {
                    if (length == buffer.Length)
                    {
                        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(4 * length, RelayProtocol.MaxMessageLength + 1));
                        buffer.CopyTo(larger, 0);
                        ArrayPool<byte>.Shared.Return(buffer);
                        buffer = larger;
                    }

                    result = await _socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                    if (result.MessageType == WebSocketMessageType.Close)
                    {
                        return;
                    }

                    length += result.Count;
                    if (length > RelayProtocol.MaxMessageLength)
                    {
                        throw new RelaySessionException("The relay's message is too long.");
                    }
                }
                while (!result.EndOfMessage);

                Volatile.Write(ref _lastHeard, _options.TimeProvider.GetTimestamp());
                if (result.MessageType == WebSocketMessageType.Binary && length > 0)
                {
                    Handle(buffer.AsSpan(0, length), queue, receiver);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private void Handle(ReadOnlySpan<byte> message, RelaySendQueue queue, IRelayReceiver receiver)
    {
        switch ((RelayFrameType)message[0])
        {
            case RelayFrameType.RelayToClientDatagram or RelayFrameType.RelayToClientDatagramBatch:
                if (!RelayDatagrams.TryParse(message, out RelayDatagrams datagrams, out string? problem))
                {
                    throw new RelaySessionException($"The relay broke the protocol: {problem}.");
                }

                receiver.OnDatagrams(datagrams);
                break;
            case RelayFrameType.EndpointGone when message.Length == 1 + EndpointId.Size:
                receiver.OnEndpointGone(new EndpointId(message[1..]));
                break;
            case RelayFrameType.Ping when message.Length == 1 + RelayProtocol.PingLength:
                queue.TryAdd(RelayMessages.Ping(RelayFrameType.Pong, message[1..]));
                break;
            case RelayFrameType.Restarting when RelayMessages.TryReadRestarting(message, out TimeSpan reconnectIn, out _):
                ReconnectIn = reconnectIn;
                break;
            case RelayFrameType.Status when message.Length > 1:
                var status = (RelayStatus)message[1];
                receiver.OnStateChanged(
                    status == RelayStatus.SameEndpointIdConnected ? RelaySessionState.Superseded : RelaySessionState.Connected,
                    status == RelayStatus.Healthy ? null : RelayMessages.Describe(status));
                break;
            case RelayFrameType.Health:
                receiver.OnStateChanged(RelaySessionState.Connected, Printable(System.Text.Encoding.UTF8.GetString(message[1..])));
                break;
            default:
                // Pongs have been heard, which is all that they are for. Later versions may know more types.
                break;
        }
    }

    private async Task SendAllAsync(RelaySendQueue queue, CancellationToken cancellationToken)
    {
        while (true)
        {
            await queue.WaitAsync(cancellationToken).ConfigureAwait(false);
            while (queue.TryTake(out byte[] buffer, out int length))
            {
                try
                {
                    await _socket.SendAsync(
                        buffer.AsMemory(0, length), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
    }

    private async Task PingAsync(RelaySendQueue queue, CancellationToken cancellationToken)
    {
        TimeProvider time = _options.TimeProvider;
        while (true)
        {
            TimeSpan left = _options.PingInterval - time.GetElapsedTime(Volatile.Read(ref _lastHeard));
            if (left > TimeSpan.Zero && !await WaitForCheckAsync(left, cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            long asked = time.GetTimestamp();
            queue.TryAdd(RelayMessages.Ping(RelayFrameType.Ping, RandomNumberGenerator.GetBytes(RelayProtocol.PingLength)));
            await Task.Delay(_options.PingTimeout, time, cancellationToken).ConfigureAwait(false);
            if (Volatile.Read(ref _lastHeard) < asked)
            {
                throw new RelaySessionException("The relay does not answer a ping.");
            }
        }
    }

    private async Task<bool> WaitForCheckAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(time, _options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await _checkNow.WaitAsync(linked.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    // The relay's text reaches logs and terminals.
    private static string Printable(string text) => PeerText.Escape(text.Length > 200 ? text[..200] : text);
}
