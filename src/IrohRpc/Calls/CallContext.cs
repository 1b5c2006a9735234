namespace IrohRpc;

/// <summary>
/// What travels beside a call. A contract's method that has a parameter of this type lets the caller set a deadline and metadata and read
/// the answer's metadata, and tells the handler who calls.
/// </summary>
/// <remarks>
/// The caller makes one for each call. The handler's is valid until its call has completed. Not for use from several threads at once.
/// </remarks>
public sealed class CallContext
{
    private static readonly AsyncLocal<CallContext?> Flowing = new();

    private readonly ICallHost? _host;

    /// <summary>Makes a context for a call that is about to be made.</summary>
    public CallContext()
    {
    }

    internal CallContext(ICallHost host, DateTimeOffset? deadline, Metadata metadata)
    {
        _host = host;
        Deadline = deadline;
        Metadata = metadata;
    }

    /// <summary>
    /// On the caller's side: how long the call may take, from its beginning. Null, the default, leaves it to <see cref="Deadline"/> and the
    /// options of the proxy; the earlier of the two holds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not more than zero.</exception>
    public TimeSpan? Timeout
    {
        get;
        set => field = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The timeout must be positive; null means none.");
    }

    /// <summary>When the call is given up on both sides. Set by the caller; at the handler, the caller's, by this machine's clock. Null for none.</summary>
    public DateTimeOffset? Deadline { get; set; }

    /// <summary>What travels with the request.</summary>
    public Metadata Metadata
    {
        get => field ??= [];
        set;
    }

    /// <summary>What travels with the answer: set by the handler before it completes, there at the caller once the call has ended, also where it failed.</summary>
    public Metadata ResponseMetadata { get => field ??= []; set; }

    /// <summary>At the handler: who calls, as proved in the handshake, or by the signature of a call over a topic.</summary>
    /// <exception cref="InvalidOperationException">The context is a caller's, or the call is not signed.</exception>
    public EndpointId PeerId => Host.PeerId;

    /// <summary>At the handler: the ALPN of the connection, and so the version of the contract that the caller speaks.</summary>
    /// <exception cref="InvalidOperationException">The context is a caller's.</exception>
    public string Alpn => Host.Alpn;

    /// <summary>At the handler: the connection that the call came over.</summary>
    /// <exception cref="InvalidOperationException">The context is a caller's, or the call came over a topic.</exception>
    public PeerConnection Connection => Rpc.Connection;

    /// <summary>At the handler: the calls of that connection, in both directions.</summary>
    /// <exception cref="InvalidOperationException">The context is a caller's, or the call came over a topic.</exception>
    public RpcConnection Rpc => Host.Connection
        ?? throw new InvalidOperationException("The call came over a topic, so there is no connection to its caller.");

    /// <summary>
    /// At the handler: fires when this side begins to shut down, while there is still time to end well. A handler that runs for as long as it is wanted, such as a subscription,
    /// ends its stream then; its cancellation token fires only when the time is over.
    /// </summary>
    /// <exception cref="InvalidOperationException">The context is a caller's.</exception>
    public CancellationToken Stopping => Host.Stopping;

    /// <summary>
    /// The context of the call that the current code handles, where the service was mapped with <see cref="ServiceOptions.FlowsCallContext"/>; null elsewhere. It follows the
    /// handler's flow of control, as <see cref="AsyncLocal{T}"/> does, and is not valid any more once the call has completed.
    /// </summary>
    public static CallContext? Current => Flowing.Value;

    /// <summary>Sets <see cref="Current"/> for the code that runs from here on in this flow of control.</summary>
    internal static void Flow(CallContext context) => Flowing.Value = context;

    private ICallHost Host => _host
        ?? throw new InvalidOperationException("This context was made by a caller; who calls is known to the handler's.");

    /// <summary>A context for another attempt at the same call.</summary>
    internal CallContext Copy()
    {
        var copy = new CallContext { Timeout = Timeout, Deadline = Deadline };
        foreach ((string key, ReadOnlyMemory<byte> value) in Metadata)
        {
            copy.Metadata.Add(key, value);
        }

        return copy;
    }

    internal bool HasMetadata => Metadata.Count > 0;

    internal Metadata? ResponseMetadataOrNull => ResponseMetadata.Count > 0 ? ResponseMetadata : null;
}
