using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>Calls one object at the other end of one connection, for as long as that lives.</summary>
internal sealed class BoundInvoker : CallInvoker
{
    private readonly RpcConnection _connection;
    private readonly long _target;
    private int _released;

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
        if (IsFirstRelease())
        {
            _connection.ReleaseFromFinalizer(_target);
        }
    }

    internal RpcConnection Connection => _connection;

    internal override TimeProvider TimeProvider => _connection.Options.TimeProvider;

    internal override int MessageLimit => _connection.Options.MessageLimit;

    internal override TimeSpan? Timeout => (_connection.Options as ClientOptions)?.Timeout;

    internal override string? Alpn => _target == 0 ? _connection.Alpn : null;

    internal override bool Supports(MethodDescriptor method) => _target != 0 || method.Contract.Has(method, _connection.Alpn);

    internal override void Send(OutgoingCall call)
    {
        ObjectDisposedException.ThrowIf(_released != 0, this);
        _connection.Send(call, _target);
    }

    internal override ValueTask<CallTarget> ConnectAsync(OutgoingCall call, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_released != 0, this);
        return ValueTask.FromResult(new CallTarget(_connection, _target));
    }

    internal override void Forget(OutgoingCall call) => _connection.Forget(call.Objects);

    internal override void PostFailed(OutgoingCall call, Exception failure) => _connection.LogPostFailed(call.Method, failure);

    internal override void Release()
    {
        if (IsFirstRelease())
        {
            _connection.Release(_target);
        }
    }

    private bool IsFirstRelease() => _target != 0 && Interlocked.Exchange(ref _released, 1) == 0;
}
