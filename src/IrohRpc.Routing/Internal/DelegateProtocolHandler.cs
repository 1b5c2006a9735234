namespace IrohRpc.Routing.Internal;

/// <summary>A handler that is a function.</summary>
internal sealed class DelegateProtocolHandler : IProtocolHandler
{
    private readonly Func<PeerConnection, CancellationToken, ValueTask> _handle;

    public DelegateProtocolHandler(Func<PeerConnection, CancellationToken, ValueTask> handle)
    {
        ArgumentNullException.ThrowIfNull(handle, "handler");
        _handle = handle;
    }

    public ValueTask HandleAsync(PeerConnection connection, CancellationToken cancellationToken)
        => _handle(connection, cancellationToken);
}
