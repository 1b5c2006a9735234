using System.Buffers;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.ConnectionIds;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Endpoints;

/// <summary>
/// Drives one <see cref="QuicConnection"/>: brings it datagrams and the time, and sends what it has to send, on whichever thread has something to send and
/// never on two at once.
/// </summary>
/// <remarks>What is made while a thread sends leaves with that thread's next datagrams.</remarks>
internal sealed class EndpointConnection : IConnectionIdRegistry
{
    private const int SendBufferLength = 64 * 1024;

    // What arrives meanwhile waits, small calls' answers among it, and the endpoint serves others too: a connection with more to send gets another turn.
    private const int MaxBatches = 2;

    private readonly QuicEndpoint _endpoint;
    private readonly IConnectionOwner _owner;
    private TimeSpan _timer = TimeSpan.MaxValue;
    private bool _isSending;
    private bool _isForgotten;
    private bool _isMoreComing;
    private int _remoteHash;

    /// <summary>Prepares a connection; <see cref="Core"/> is set right after.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="owner">Who uses the connection.</param>
    public EndpointConnection(QuicEndpoint endpoint, IConnectionOwner owner)
    {
        _endpoint = endpoint;
        _owner = owner;
        Timer = new ConnectionTimer(this);
    }

    /// <summary>Guards <see cref="Core"/> and everything that hangs on it.</summary>
    public Lock Gate => _owner.Gate;

    /// <summary>The connection. Within <see cref="Gate"/>.</summary>
    public QuicConnection Core { get; set; } = null!;

    /// <summary>The endpoint.</summary>
    public QuicEndpoint Endpoint => _endpoint;

    /// <summary>The time as the connection knows it.</summary>
    public TimeSpan Now => _endpoint.Now;

    /// <summary>The place among the incoming handshakes; null at a client and once the handshake is over.</summary>
    public PendingHandshakes.Entry? Pending { get; set; }

    /// <summary>The destination id of the client's first Initial, which leads here too; at a server.</summary>
    public ConnectionId? FirstDestination { get; set; }

    /// <summary>Stands for the connection among the endpoint's timers.</summary>
    internal ConnectionTimer Timer { get; }

    /// <summary>Whether datagrams have arrived that the owner has not been told of. The endpoint's thread's alone.</summary>
    internal bool IsTouched { get; set; }

    /// <inheritdoc/>
    public ConnectionId Issue(out StatelessResetToken token) => _endpoint.IssueId(this, out token);

    /// <inheritdoc/>
    public void Retire(in ConnectionId id) => _endpoint.RetireId(id);

    /// <summary>
    /// Whether nobody sends: the caller is to call <see cref="SendNow"/> then, as soon as it has left <see cref="Gate"/>. Within it.
    /// </summary>
    public bool TryClaimSending()
    {
        if (_isSending)
        {
            return false;
        }

        _isSending = true;
        return true;
    }

    /// <summary>Sends what there is, after <see cref="TryClaimSending"/>. Never throws: a fault of its own costs this connection.</summary>
    /// <param name="maxBatches">After so many system calls the endpoint's thread goes on.</param>
    public void SendNow(int maxBatches = MaxBatches)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(SendBufferLength);
        try
        {
            SendBatches(buffer, maxBatches);
        }
#pragma warning disable CA1031 // The caller may be anybody, a write of the application's among them.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _endpoint.GiveUp(this, exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void SendBatches(byte[] buffer, int maxBatches)
    {
        for (int batches = 0; ; batches++)
        {
            int length;
            OutgoingDatagrams outgoing;
            lock (Gate)
            {
                length = Core.Send(buffer.AsSpan(0, SendBufferLength), _endpoint.Now, out outgoing);
                HandleEvents();
                if (length == 0 || batches >= maxBatches)
                {
                    _isSending = false;
                    SetTimer();
                    if (length > 0)
                    {
                        _endpoint.RequestFlush(this);
                    }
                }
            }

            if (length == 0)
            {
                return;
            }

            _endpoint.Send(buffer.AsSpan(0, length), outgoing);
            if (batches >= maxBatches)
            {
                return;
            }
        }
    }

    /// <summary>Has the endpoint's thread send what there is. Within <see cref="Gate"/> or not.</summary>
    public void RequestFlush() => _endpoint.RequestFlush(this);

    /// <summary>Ends the connection without a word. The owner hears of it.</summary>
    public void Abandon()
    {
        lock (Gate)
        {
            // Whoever was sending does so no more.
            _isSending = false;
            Core.Dispose();
            HandleEvents();
        }
    }

    /// <summary>Lets go of a connection that only waits for stragglers.</summary>
    internal void ForgetIfEnded()
    {
        lock (Gate)
        {
            if (Core.Close is not null)
            {
                // The goodbye may still be to be said, by a thread that does not get to it any more.
                Span<byte> buffer = stackalloc byte[QuicConnection.MinSendLength];
                int length = Core.Send(buffer, _endpoint.Now, out OutgoingDatagrams outgoing);
                _endpoint.Send(buffer[..length], outgoing);
                Core.Dispose();
                HandleEvents();
            }
        }
    }

    /// <summary>The owner has closed the connection, and its goodbye has left.</summary>
    /// <returns>Completes when the socket is closed, where nobody else is left to use it; otherwise at once.</returns>
    internal Task Closed() => _endpoint.ClosedByOwner(this);

    /// <summary>A datagram has arrived. On the endpoint's thread.</summary>
    internal void Receive(Span<byte> datagram, in NetworkPath path, EcnCodepoint ecn)
    {
        lock (Gate)
        {
            Core.Receive(datagram, path, ecn, _endpoint.Now);
        }
    }

    /// <summary>A datagram came that no id leads anywhere with; perhaps it is the peer's stateless reset. On the endpoint's thread.</summary>
    /// <returns>Whether it was.</returns>
    internal bool TryEndByReset(ReadOnlySpan<byte> datagram, in UdpAddress source)
    {
        // Most connections have another peer: not even their lock is touched.
        if (Volatile.Read(ref _remoteHash) != source.GetHashCode())
        {
            return false;
        }

        lock (Gate)
        {
            if (Core.Path.Remote != source || !Core.TryEndByStatelessReset(datagram, _endpoint.Now))
            {
                return false;
            }

            HandleEvents();
            SetTimer();
            return true;
        }
    }

    /// <summary>Tells the owner what has arrived so far; more is about to be handed over. On the endpoint's thread.</summary>
    internal void Tell()
    {
        lock (Gate)
        {
            _isMoreComing = true;
            HandleEvents();
        }
    }

    /// <summary>Tells the owner what has arrived, and sends. On the endpoint's thread.</summary>
    internal void Flush()
    {
        bool mustSend;
        lock (Gate)
        {
            _isMoreComing = false;
            HandleEvents();
            if (_owner.TakeExpectsAnswer())
            {
                Core.ExpectAnswer(_endpoint.Now);
            }

            mustSend = TryClaimSending();
        }

        if (mustSend)
        {
            SendNow();
        }
    }

    /// <summary>The network says that nobody is where packets are sent. Only a dial believes it that has heard nothing yet. On the endpoint's thread.</summary>
    internal void HandleUnreachable(in UdpAddress destination)
    {
        lock (Gate)
        {
            if (!Core.IsServer && Core.State == ConnectionState.Handshaking && Core.Statistics.DatagramsReceived == 0 && Core.Path.Remote == destination)
            {
                _owner.HandleUnreachable();
                Core.Dispose();
                HandleEvents();
            }
        }
    }

    /// <summary>A timer of its is due, or was. On the endpoint's thread.</summary>
    /// <param name="due">The time that it was set for.</param>
    internal void HandleTimer(TimeSpan due)
    {
        bool mustSend = false;
        lock (Gate)
        {
            if (due != _timer)
            {
                // An earlier one took its place, and was replaced by one that still waits. Putting this one back as well would make them ever more.
                return;
            }

            _timer = TimeSpan.MaxValue;
            TimeSpan now = _endpoint.Now;
            if (Core.NextTimeout <= now)
            {
                Core.HandleTimeout(now);
                HandleEvents();
                mustSend = TryClaimSending();
            }

            // Whoever sends sets the timer at its end. Until then what is due stays due, and a timer for it would strike again and again.
            if (!_isSending)
            {
                SetTimer();
            }
        }

        if (mustSend)
        {
            SendNow();
        }
    }

    // Within the lock.
    private void HandleEvents()
    {
        ConnectionEvents events = Core.TakeEvents();
        if ((events & (ConnectionEvents.HandshakeCompleted | ConnectionEvents.PathChanged)) != 0)
        {
            Volatile.Write(ref _remoteHash, Core.Path.Remote.GetHashCode());
        }

        _owner.HandleEvents(events, _isMoreComing);
        if (Pending is not null && (events & (ConnectionEvents.HandshakeCompleted | ConnectionEvents.Ended | ConnectionEvents.Closed)) != 0)
        {
            _endpoint.HandshakeEnded(this);
        }

        bool isOver = (events & ConnectionEvents.Closed) != 0 || (_endpoint.EndsAtOnce && Core.State == ConnectionState.Draining);
        if (isOver && !_isForgotten)
        {
            _isForgotten = true;
            Timer.Release();
            Core.Dispose();
            _endpoint.Forget(this);
        }
    }

    private void SetTimer()
    {
        TimeSpan next = _isForgotten ? TimeSpan.MaxValue : Core.NextTimeout;
        if (next < _timer)
        {
            // An entry that comes too early is looked at and put back; most deadlines move on before they strike.
            _timer = next;
            _endpoint.AddTimer(Timer, next);
        }
    }
}
