using IrohRpc.Transports;

namespace IrohRpc.Routing.Internal;

/// <summary>The transports of an endpoint that was given none, in order of preference: a transport that is to be tried first goes first here.</summary>
internal static class DefaultTransports
{
    public static IReadOnlyList<ITransport> All { get; } = [QuicTransport.Instance, TlsTransport.Instance];
}
