using System.Net.Security;

namespace IrohRpc.Relay;

/// <summary>What a relay allows its clients. All limits hold for each client by itself.</summary>
/// <remarks>Set before the relay starts; later changes have no effect.</remarks>
public sealed class RelayOptions
{
    /// <summary>
    /// Decides who is let in once it has proved its id: null lets a client in, a sentence turns it away and is told to it. By default
    /// everybody is let in.
    /// </summary>
    /// <remarks>The token fires when the client leaves. What the callback throws turns the client away without its text.</remarks>
    public Func<RelayClientInfo, CancellationToken, ValueTask<string?>>? Admit { get; set; }

    /// <summary>The ids that are let in; null for everybody. Checked before <see cref="Admit"/>.</summary>
    public IReadOnlySet<EndpointId>? AllowedEndpoints { get; set; }

    /// <summary>
    /// Secrets of which a client must show one, as <c>Authorization: Bearer …</c> or <c>?token=…</c>; empty where none is needed. They are compared in
    /// constant time.
    /// </summary>
    public IReadOnlyCollection<string> AccessTokens { get; set; } = [];

    /// <summary>How many clients there may be at once. 65,536 by default; further ones are answered with status 503.</summary>
    public int MaxClients { get; set => field = Positive(value); } = 65_536;

    /// <summary>How many datagram messages wait for a client that reads slowly; 512 by default, as in iroh's relay.</summary>
    /// <remarks>A message beyond it takes the place of the oldest one of the sender that has most of them waiting.</remarks>
    public int MaxQueuedMessages { get; set => field = Positive(value); } = 512;

    /// <summary>How many bytes of datagrams wait for a client that reads slowly; 1 MiB by default.</summary>
    public int MaxQueuedBytes { get; set => field = AtLeast(value, 65_536 + 64); } = 1 << 20;

    /// <summary>How many bytes a second a client may send, on average; null for no limit, which is the default.</summary>
    /// <remarks>A client beyond it is read from later, so that it is slowed down and loses nothing.</remarks>
    public int? MaxBytesPerSecond { get; set => field = value is { } rate ? Positive(rate) : null; }

    /// <summary>How many bytes a client may send at once where <see cref="MaxBytesPerSecond"/> is set; 1 MiB by default.</summary>
    public int MaxBurstBytes { get; set => field = AtLeast(value, 65_536 + 1); } = 1 << 20;

    /// <summary>How long a client has for proving its id; 10 seconds by default.</summary>
    public TimeSpan AuthenticationTimeout { get; set => field = Positive(value); } = TimeSpan.FromSeconds(10);

    /// <summary>After how long a silence a client is pinged, with up to 5 seconds more by chance; 15 seconds by default.</summary>
    public TimeSpan PingInterval { get; set => field = Positive(value); } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client has for answering a ping; 5 seconds by default.</summary>
    public TimeSpan PingTimeout { get; set => field = Positive(value); } = TimeSpan.FromSeconds(5);

    /// <summary>How long one message may take to leave before the client is taken for dead; 2 seconds by default.</summary>
    public TimeSpan WriteTimeout { get; set => field = Positive(value); } = TimeSpan.FromSeconds(2);

    /// <summary>When clients are asked to come back as the relay stops; they spread over as much again. 1 second by default.</summary>
    public TimeSpan RestartDelay { get; set => field = NotNegative(value); } = TimeSpan.FromSeconds(1);

    /// <summary>For how long clients are asked to try to come back as the relay stops; 30 seconds by default.</summary>
    public TimeSpan RestartPatience { get; set => field = NotNegative(value); } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The UDP port at which the relay tells endpoints how it sees them (QUIC address discovery), which is how they find direct paths through NATs; null, the default, for none.
    /// iroh's relays use 7842.
    /// </summary>
    public int? AddressDiscoveryPort { get; set => field = value is null or (>= 0 and <= ushort.MaxValue) ? value : throw new ArgumentOutOfRangeException(nameof(value)); }

    /// <summary>
    /// The certificate that is shown at <see cref="AddressDiscoveryPort"/>, with its private key of RSA, P-256 or P-384. iroh's endpoints ask only where an authority that they know
    /// has signed it for the relay's name; those of IrohRpc ask anybody. Null, the default, for one that nobody has signed.
    /// </summary>
    public SslStreamCertificateContext? AddressDiscoveryCertificate { get; set; }

    private static int Positive(int value) => AtLeast(value, 1);

    private static int AtLeast(int value, int least)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        return value;
    }

    private static TimeSpan Positive(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        return value;
    }

    private static TimeSpan NotNegative(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
        return value;
    }
}
