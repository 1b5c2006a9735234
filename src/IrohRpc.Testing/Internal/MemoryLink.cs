namespace IrohRpc.Testing.Internal;

/// <summary>The two directions of one connection, as the network sees them: what it delays, holds and cuts.</summary>
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
        ToAcceptor = new MemoryPath(network.Clock, () => network.NextDelay(dialler, acceptor));
        ToDialler = new MemoryPath(network.Clock, () => network.NextDelay(acceptor, dialler));
        DiallerEnd = new MemoryStreamEnd(ToDialler, ToAcceptor, EndClosed);
        AcceptorEnd = new MemoryStreamEnd(ToAcceptor, ToDialler, EndClosed);
    }

    public EndpointId Dialler { get; }

    public EndpointId Acceptor { get; }

    public TransportAddress DiallerAddress { get; }

    public TransportAddress AcceptorAddress { get; }

    public MemoryPath ToAcceptor { get; }

    public MemoryPath ToDialler { get; }

    public MemoryStreamEnd DiallerEnd { get; }

    public MemoryStreamEnd AcceptorEnd { get; }

    /// <summary>Called once, when the connection is taken away from both ends.</summary>
    public Action? WasCut { get; set; }

    /// <summary>The connection of an end, once there is one.</summary>
    public PeerConnection? DiallerConnection { get; set; }

    /// <summary>The connection of the other.</summary>
    public PeerConnection? AcceptorConnection { get; set; }

    /// <summary>Takes the connection away from both ends at once.</summary>
    public void Cut()
    {
        _network.Forget(this);
        ToAcceptor.Cut();
        ToDialler.Cut();
        WasCut?.Invoke();
    }

    /// <summary>The same, complete when both ends know.</summary>
    public Task CutAsync()
    {
        Cut();
        return Task.WhenAll(DiallerConnection?.Closed ?? Task.CompletedTask, AcceptorConnection?.Closed ?? Task.CompletedTask);
    }

    private void EndClosed()
    {
        if (Interlocked.Decrement(ref _endsOpen) == 0)
        {
            _network.Forget(this);
        }
    }
}
