using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>Calls one object at the other end of one connection, for as long as that lives.</summary>
internal sealed class BoundInvoker : CallInvoker
{
    private readonly RpcConnection _connection;
    private readonly long _target;
    private const int Disposed = 1;
    private const int ReleaseSent = 2;

    private int _released;
    private int _streamCalls;
    private bool _isKept;

    /// <param name="connection">The connection.</param>
    /// <param name="target">The object's number; zero for the service, of which there is nothing to release.</param>
    public BoundInvoker(RpcConnection connection, long target)
    {
        _connection = connection;
        _target = target;
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

    internal override int MessageLimit => _connection.Options.MessageLimit;

    internal override TimeSpan? Timeout => (_connection.Options as ClientOptions)?.Timeout;

    internal override string? Alpn => _target == 0 ? _connection.Alpn : null;

    internal override bool Supports(MethodDescriptor method) => _target != 0 || method.Contract.Has(method, _connection.Alpn);

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
                call.Failed(new ObjectDisposedException($"{call.Method.Contract.Name}", "The proxy of a peer's object was disposed of."));
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

    internal override void PostFailed(MethodDescriptor method, Exception failure) => _connection.LogPostFailed(method, failure);

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
    internal void Keep() => Volatile.Write(ref _isKept, true);

    /// <summary>The call that passed the object has ended.</summary>
    internal ValueTask ReleaseUnlessKeptAsync()
    {
        if (!Volatile.Read(ref _isKept))
        {
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
