using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>The two paths of one connection, as the network sees them: what it delays, holds and cuts.</summary>
internal sealed class MemoryLink
{
    private readonly MemoryNetwork _network;
    private int _endsOpen = 2;

    public MemoryLink(MemoryNetwork network, EndpointId dialler, EndpointId acceptor, TransportAddress diallerAddress, TransportAddress acceptorAddress)
    {
        _network = network;
        Dialler = dialler;
        Acceptor = acceptor;
        DiallerAddress = diallerAddress;
        AcceptorAddress = acceptorAddress;
        ToAcceptor = new MemoryPath(network.Clock);
        ToDialler = new MemoryPath(network.Clock);
        ToAcceptor.Connect(ToDialler);
        ToDialler.Connect(ToAcceptor);
    }

    public EndpointId Dialler { get; }

    public EndpointId Acceptor { get; }

    public TransportAddress DiallerAddress { get; }

    public TransportAddress AcceptorAddress { get; }

    public MemoryPath ToAcceptor { get; }

    public MemoryPath ToDialler { get; }

    /// <summary>Takes the connection away from both ends at once.</summary>
    public void Cut()
    {
        _network.Forget(this);
        ToAcceptor.Cut();
        ToDialler.Cut();
    }

    /// <summary>
    /// One end has ended and sends nothing more. After both the network lets go of the link, and the end that closed first hears that the
    /// other knows.
    /// </summary>
    public void EndClosed()
    {
        if (Interlocked.Decrement(ref _endsOpen) == 0)
        {
            _network.Forget(this);
            ToAcceptor.Cut();
            ToDialler.Cut();
        }
    }
}
