using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>The acceptor's half of a handshake.</summary>
internal sealed class MemoryHandshake(MemoryListener listener, MemoryLink link) : IMemoryReceiver
{
    private readonly Lock _gate = new();
    private IHandshakeLease? _lease;
    private MemoryHello? _hello;
    private ITimer? _timer;
    private string? _alpn;
    private bool _admitted;
    private bool _over;

    public TransportAddress RemoteAddress => link.DiallerAddress;

    public bool Receive(in MemoryFrame frame)
    {
        switch (frame.Kind)
        {
            case MemoryFrameKind.Hello:
                Answer((MemoryHello)frame.Payload!);
                break;
            case MemoryFrameKind.Finished:
                Finish();
                break;
            case MemoryFrameKind.GiveUp:
                End("the dialler gave up");
                break;
            default:
                frame.Release();
                break;
        }

        return false;
    }

    public void Heard()
    {
    }

    public void Lost() => End("the connection was lost");

    /// <summary>Turns the dialler away, if the handshake is not over.</summary>
    public void Refuse(MemoryRejection rejection)
    {
        if (End(rejection.Reason, rejection))
        {
            link.ToDialler.Pump();
        }
    }

    private void Answer(MemoryHello hello)
    {
        IHandshakeLease? lease;
        try
        {
            if (!listener.TryAdmit(link.DiallerAddress, out lease))
            {
                Refuse(new MemoryRejection(PeerErrorKind.Refused, "its admission rules or its limits turned the connection away"));
                return;
            }
        }
        catch (Exception exception)
        {
            // Admission is the user's code, and this runs on the dialler's thread: what it throws is no concern of the dialler's.
            listener.LeaveBacklog();
            Refuse(new MemoryRejection(PeerErrorKind.Refused, $"its admission rules failed ({exception.GetType().Name})"));
            return;
        }

        string? alpn = listener.Choose(hello.Alpns);
        lock (_gate)
        {
            if (_over)
            {
                listener.LeaveBacklog();
                alpn = null;
            }
            else
            {
                _admitted = true;
                (_lease, lease) = (lease, null);
                _hello = hello;
                _alpn = alpn;
                if (alpn is not null)
                {
                    link.ToDialler.Enqueue(new MemoryFrame(MemoryFrameKind.Welcome)
                    {
                        Payload = new MemoryWelcome(listener.Id, alpn, MemoryLimits.Of(listener.Settings)),
                    });
                    _timer = listener.Settings.TimeProvider.CreateTimer(
                        static state => ((MemoryHandshake)state!).End("it ran out of time"),
                        this,
                        listener.Settings.HandshakeTimeout,
                        Timeout.InfiniteTimeSpan);
                }
            }
        }

        lease?.Dispose();
        if (alpn is null)
        {
            Refuse(new MemoryRejection(PeerErrorKind.NoCommonAlpn, "it speaks none of the ALPNs offered"));
        }

        link.ToDialler.Pump();
    }

    private void Finish()
    {
        IHandshakeLease? lease;
        lock (_gate)
        {
            if (_over || _hello is null || _alpn is null)
            {
                return;
            }

            _over = true;
            lease = _lease;
            _timer?.Dispose();
        }

        lease?.HandshakeCompleted(link.Dialler);
        var connection = new MemoryConnection(link, isDialler: false, _alpn, listener.Settings, _hello.Limits, lease);
        link.ToAcceptor.DeliverTo(connection);
        connection.Start();
        if (!listener.TryAccept(this, connection))
        {
            listener.LeaveBacklog();
            connection.EndWith(new ConnectionEnd(PeerErrorKind.ClosedLocally, 0, "the listener was disposed"));
            link.Cut();
        }
    }

    private bool End(string reason, MemoryRejection? rejection = null)
    {
        IHandshakeLease? lease;
        bool admitted;
        lock (_gate)
        {
            if (_over)
            {
                return false;
            }

            _over = true;
            lease = _lease;
            admitted = _admitted;
            _timer?.Dispose();
            if (rejection is not null)
            {
                link.ToDialler.Enqueue(new MemoryFrame(MemoryFrameKind.Reject) { Payload = rejection });
            }
        }

        if (admitted)
        {
            listener.LeaveBacklog();
        }

        lease?.Dispose();
        listener.Failed(this, reason);
        link.EndClosed();
        return true;
    }
}
