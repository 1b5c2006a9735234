using IrohRpc.Identity;
using IrohRpc.Transports;
using IrohRpc.Transports.Internal;
using IrohRpc.Transports.QMux;

namespace IrohRpc.Tests.QMux;

/// <summary>Two QMux connections over an in-process pair of byte streams.</summary>
internal sealed class QMuxPair : IAsyncDisposable
{
    public required QMuxConnection Dialler { get; init; }

    public required QMuxConnection Acceptor { get; init; }

    public required DuplexStream DiallerBytes { get; init; }

    public required DuplexStream AcceptorBytes { get; init; }

    public static TransportSettings Settings(TimeProvider? time = null, int streams = 1024) => new()
    {
        // QMux runs above authentication and never looks at certificates.
        Certificates = null!,
        TimeProvider = time ?? TimeProvider.System,
        MaxInboundBidirectionalStreams = streams,
        MaxInboundUnidirectionalStreams = streams,
    };

    public static QMuxPair Create(
        TransportSettings? dialler = null, TransportSettings? acceptor = null, IHandshakeLease? acceptorLease = null)
    {
        (DuplexStream one, DuplexStream other) = DuplexStream.CreatePair();
        return new QMuxPair
        {
            DiallerBytes = one,
            AcceptorBytes = other,
            Dialler = Start(one, true, dialler ?? Settings()),
            Acceptor = Start(other, false, acceptor ?? dialler ?? Settings(), acceptorLease),
        };
    }

    public static QMuxConnection Start(
        DuplexStream bytes, bool isDialler, TransportSettings settings, IHandshakeLease? lease = null)
        => Start(bytes, isDialler, settings, bytes.ShutdownSendAsync, lease);

    public static QMuxConnection Start(
        Stream bytes,
        bool isDialler,
        TransportSettings settings,
        Func<CancellationToken, ValueTask> shutdownSendAsync,
        IHandshakeLease? lease = null)
        => QMuxConnection.Start(bytes, new QMuxConnectionOptions
        {
            PeerId = new EndpointId(Enumerable.Repeat((byte)(isDialler ? 2 : 1), EndpointId.Size).ToArray()),
            Alpn = "test/1",
            IsDialler = isDialler,
            Transport = "pipe",
            RemoteAddress = TransportAddress.Custom(1, [2]),
            LocalAddress = TransportAddress.Custom(1, [1]),
            Settings = settings,
            Lease = lease,
            ShutdownSendAsync = shutdownSendAsync,
        });

    public async ValueTask DisposeAsync()
    {
        await Dialler.DisposeAsync();
        await Acceptor.DisposeAsync();
    }
}
