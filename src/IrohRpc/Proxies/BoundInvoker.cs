using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>Calls one object at the other end of one connection, for as long as that lives.</summary>
internal sealed class BoundInvoker(RpcConnection connection, long target) : CallInvoker
{
    private int _released;

    ~BoundInvoker() => ReleaseOnce();

    internal RpcConnection Connection => connection;

    internal override TimeProvider TimeProvider => connection.Options.TimeProvider;

    internal override TimeSpan? Timeout => (connection.Options as ClientOptions)?.Timeout;

    internal override string? Alpn => target == 0 ? connection.Alpn : null;

    internal override bool Supports(MethodDescriptor method) => target != 0 || method.Contract.Has(method, connection.Alpn);

    internal override void Send(OutgoingCall call)
    {
        ObjectDisposedException.ThrowIf(_released != 0, this);
        connection.Send(call, target);
    }

    internal override ValueTask<CallTarget> ConnectAsync(OutgoingCall call, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_released != 0, this);
        return ValueTask.FromResult(new CallTarget(connection, target));
    }

    internal override void Forget(OutgoingCall call) => connection.Forget(call.Objects);

    internal override void PostFailed(OutgoingCall call, Exception failure) => connection.LogPostFailed(call.Method, failure);

    internal override void Release()
    {
        if (target != 0)
        {
            ReleaseOnce();
        }
    }

    private void ReleaseOnce()
    {
        if (target != 0 && Interlocked.Exchange(ref _released, 1) == 0)
        {
            connection.Release(target);
        }
    }
}
