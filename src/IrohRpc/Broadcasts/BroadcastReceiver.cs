using IrohRpc.CompilerServices;
using IrohRpc.Interceptors;
using IrohRpc.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Broadcasts;

/// <summary>Runs one-way calls that arrive as messages, one after the other on the thread that delivers them.</summary>
/// <typeparam name="T">The contract.</typeparam>
/// <remarks>Not safe for several threads at once.</remarks>
internal sealed partial class BroadcastReceiver<T> : ICallHost
    where T : class, IContract<T>
{
    private readonly ServiceBinding<T> _binding;
    private readonly DiscardedResponse _responder;
    private readonly ILogger _log;
    private readonly TaskSet _endings;
    private LaunchQueue? _signals;
    private EndpointId? _origin;
    private string _alpn = "";

    /// <param name="service">Whom to call.</param>
    /// <param name="options">The limits of this side.</param>
    /// <param name="ending">Fires when no more calls are delivered.</param>
    public BroadcastReceiver(T service, RpcOptions options, CancellationToken ending)
    {
        _binding = new ServiceBinding<T>(service);
        Options = options;
        Interceptors = InterceptorPipeline.Of(options.Interceptors);
        Ending = ending;
        _log = options.LoggerFactory.CreateLogger("IrohRpc.Calls");
        _responder = new DiscardedResponse(exception => BrokenOff(_log, T.Descriptor.Name, exception));
        _endings = new TaskSet(new Lock(), this, static (receiver, exception) => BrokenOff(((BroadcastReceiver<T>)receiver)._log, T.Descriptor.Name, exception));
    }

    public RpcOptions Options { get; }

    public InterceptorPipeline? Interceptors { get; }

    public RpcConnection? Connection => null;

    public EndpointId PeerId => _origin
        ?? throw new InvalidOperationException("The call is not signed, so that nobody knows who made it.");

    public string Alpn => _alpn;

    public CancellationToken Stopping => Ending;

    public CancellationToken Ending { get; }

    /// <summary>Runs a call.</summary>
    /// <param name="origin">Who made it; null where nobody knows.</param>
    /// <param name="alpn">The newest of the contract's ALPNs that the caller named.</param>
    /// <param name="request">The body of the request.</param>
    /// <returns>Why it did not run; null where it did, whatever its handler made of it.</returns>
    public string? Deliver(EndpointId? origin, string alpn, ReadOnlySpan<byte> request)
    {
        if (!RequestFrame.TryParse(request, out long number, out RequestFrame frame) || number != 0 || frame.Target != 0)
        {
            return "its request cannot be read";
        }

        if (T.Descriptor.Find(frame.NameId) is not { } method)
        {
            return $"{T.Descriptor.Name} has no method whose wire name has the id {frame.NameId:x8}";
        }

        if (method.SignatureId != frame.SignatureId)
        {
            return $"{method} has another signature here: {method.Signature}";
        }

        if (CallResolver.Check(Options, method, frame, isOneWay: true, out RequestFields fields) is { } rejection)
        {
            return rejection.Message;
        }

        _origin = origin;
        _alpn = alpn;
        ExecutionContext? context = CleanContext.Enter();
        try
        {
            IncomingCall.Rent(_responder, this, _binding, method, 0, isOneWay: true, frame, fields).Run();
        }
        finally
        {
            CleanContext.Leave(context);
        }

        return null;
    }

    /// <summary>Completes when everything has ended that is to happen at the end of calls.</summary>
    public Task WhenEndedAsync() => _endings.WhenEmptyAsync();

    LaunchQueue ICallHost.Signals => LazyInitializer.EnsureInitialized(ref _signals, static () => new LaunchQueue());

    void ICallHost.HandlerEnded()
    {
    }

    void ICallHost.RunEndings(List<Func<ValueTask>> endings)
        => _endings.Add(CallEndings.RunAsync(endings, exception => BrokenOff(_log, T.Descriptor.Name, exception)));

    void ICallHost.LogHandlerFailed(MethodDescriptor method, Exception exception) => HandlerFailed(_log, method, _origin?.ToShortString() ?? "somebody", exception);

    void ICallHost.LogCompletionFailed(Exception exception) => BrokenOff(_log, T.Descriptor.Name, exception);

    void ICallHost.LogRejected(RpcStatusCode status, string message) => Rejected(_log, _origin?.ToShortString() ?? "somebody", status, message);

    [LoggerMessage(40, LogLevel.Error, "The handler of {Method}, called by {Origin} over a topic, threw.")]
    private static partial void HandlerFailed(ILogger logger, MethodDescriptor method, string origin, Exception exception);

    [LoggerMessage(41, LogLevel.Debug, "A call of {Origin} over a topic did not run ({Status}): {Message}")]
    private static partial void Rejected(ILogger logger, string origin, RpcStatusCode status, string message);

    [LoggerMessage(42, LogLevel.Error, "The end of a call of {Contract} over a topic failed.")]
    private static partial void BrokenOff(ILogger logger, string contract, Exception exception);
}
