using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>Calls one object at the other end of one connection, for as long as that lives.</summary>
internal sealed class BoundInvoker : CallInvoker
{
    private readonly RpcConnection _connection;
    private readonly long _target;
    private readonly string? _objectsAlpn;
    private const int Disposed = 1;
    private const int ReleaseSent = 2;

    private int _released;
    private int _streamCalls;
    private bool _isKept;
    private bool _endedWithCall;

    /// <param name="connection">The connection.</param>
    /// <param name="target">The object's number; zero for the service, of which there is nothing to release.</param>
    /// <param name="alpn">The version under which an object that was passed is called; null where the peer did not say which it has.</param>
    public BoundInvoker(RpcConnection connection, long target, string? alpn = null)
    {
        _connection = connection;
        _target = target;
        _objectsAlpn = alpn;
        if (target == 0)
        {
            GC.SuppressFinalize(this);
        }
    }

    ~BoundInvoker()
    {
        if (_target != 0 && Interlocked.Exchange(ref _released, ReleaseSent) != ReleaseSent)
        {
            _connection.ReleaseFromFinalizer(_target);
        }
    }

    internal RpcConnection Connection => _connection;

    internal override EndpointId PeerId => _connection.PeerId;

    internal override TimeProvider TimeProvider => _connection.Options.TimeProvider;

    internal override RpcOptions Options => _connection.Options;

    internal override TimeSpan? Timeout => (_connection.Options as ClientOptions)?.Timeout;

    internal override string? Alpn => _target == 0 ? _connection.Alpn : _objectsAlpn;

    internal override bool Supports(MethodDescriptor method) => Alpn is not { } alpn || method.Contract.Has(method, alpn);

    internal long Target => _target;

    internal override void Send(OutgoingCall call)
    {
        if (_target != 0)
        {
            if (call.NeedsStream)
            {
                Interlocked.Increment(ref _streamCalls);
            }

            if (Volatile.Read(ref _released) != 0)
            {
                StreamCallEnded();
                call.Failed(new ObjectDisposedException(call.Method.Contract.Name, Volatile.Read(ref _endedWithCall)
                    ? $"The object was passed for the time of its call, which has ended. A handler that uses it longer says {nameof(RemoteObject)}.{nameof(RemoteObject.Keep)}(…) before it returns."
                    : "The proxy of a peer's object was disposed of."));
                return;
            }
        }

        _connection.Send(call, _target);
    }

    internal override void StreamCallEnded()
    {
        if (_target != 0 && Interlocked.Decrement(ref _streamCalls) == 0 && Volatile.Read(ref _released) == Disposed)
        {
            ReleaseTarget();
        }
    }

    public override bool Equals(object? obj) => obj is BoundInvoker other && other._connection == _connection && other._target == _target;

    public override int GetHashCode() => HashCode.Combine(_connection, _target);

    internal override void CompletionFailed(MethodDescriptor method, Exception failure) => _connection.LogCompletionFailed(failure);

    internal override void Release()
    {
        // A call on a stream may still be on its way: the release, which travels on the lane, must not overtake it.
        if (_target != 0 && Interlocked.CompareExchange(ref _released, Disposed, 0) == 0 && Volatile.Read(ref _streamCalls) == 0)
        {
            ReleaseTarget();
        }
    }

    /// <summary>The handler keeps the object after its call.</summary>
    /// <exception cref="ObjectDisposedException">It was released already.</exception>
    internal void Keep()
    {
        Volatile.Write(ref _isKept, true);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _released) != 0 && _target != 0, typeof(RemoteObject));
    }

    /// <summary>The call that passed the object has ended.</summary>
    internal ValueTask ReleaseUnlessKeptAsync()
    {
        if (!Volatile.Read(ref _isKept))
        {
            Volatile.Write(ref _endedWithCall, true);
            Release();
        }

        return ValueTask.CompletedTask;
    }

    private void ReleaseTarget()
    {
        if (Interlocked.CompareExchange(ref _released, ReleaseSent, Disposed) == Disposed)
        {
            _connection.Release(_target);
        }
    }
}
