using IrohRpc.CompilerServices;
using IrohRpc.Interceptors;

namespace IrohRpc;

// A connection as the place where the peer's calls arrive.
public abstract partial class RpcConnection : ICallHost
{
    RpcOptions ICallHost.Options => Options;

    InterceptorPipeline? ICallHost.Interceptors => Interceptors;

    RpcConnection ICallHost.Connection => this;

    CancellationToken ICallHost.Ending => Ending;

    LaunchQueue ICallHost.Signals => LazyInitializer.EnsureInitialized(ref _signals, static () => new LaunchQueue());

    void ICallHost.HandlerEnded() => HandlerEnded();

    void ICallHost.RunEndings(List<Func<ValueTask>> endings) => RunEndings(endings);

    void ICallHost.LogHandlerFailed(MethodDescriptor method, Exception exception) => LogHandlerFailed(method, exception);

    void ICallHost.LogCompletionFailed(Exception exception) => LogCompletionFailed(exception);

    void ICallHost.LogRejected(RpcStatusCode status, string message) => LogRejected(status, message);
}
