namespace IrohRpc.Transports.Internal;

/// <summary>One attempt to reach a peer at one address, within the handshake time-out. What the transports with certificates have in common.</summary>
/// <typeparam name="TFailure">Says what went wrong.</typeparam>
internal abstract class DialAttempt<TFailure>
    where TFailure : DialAttemptFailure
{
    private protected DialAttempt(TransportAddress address, DialRequest request, string stage, Func<string, EndpointId, AlpnList, TFailure> failure)
    {
        string where = address.Describe();
        Address = address;
        Request = request;
        Stage = stage;
        Alpns = AlpnList.ForDialler(request.Alpns);
        Failure = failure(where, request.PeerId, Alpns);
        Authentication = PeerAuthentication.ForDialler(request.Settings, request.PeerId, where);
    }

    /// <summary>Where the peer is dialled.</summary>
    protected TransportAddress Address { get; }

    protected DialRequest Request { get; }

    protected AlpnList Alpns { get; }

    protected TFailure Failure { get; }

    protected PeerAuthentication Authentication { get; }

    /// <summary>What the dial waits for, in words that follow "while".</summary>
    protected string Stage { get; set; }

    public Task<PeerConnection> RunAsync(CancellationToken cancellationToken) => DialDeadline.RunAsync(
        Request.Settings, ConnectAsync, exception => Failure.TimedOut(Request.Settings.HandshakeTimeout, Stage, exception), cancellationToken);

    protected abstract Task<PeerConnection> ConnectAsync(CancellationToken cancellationToken);
}
