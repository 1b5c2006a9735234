using System.Net;
using System.Net.Sockets;
using IrohRpc.Tests.Support;
using IrohRpc.Transports;
using IrohRpc.Transports.Conformance;

namespace IrohRpc.Tests.Sockets;

/// <summary>Endpoints and dials cost and leave nothing: no descriptor, and little memory. Nothing here waits for the garbage collector.</summary>
[Collection<RunsAlone>]
public sealed class LeftoverTests
{
    // What the runtime and its libraries open late, once.
    private const int Slack = 16;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    [InlineData("quic+tls")]
    public async Task Endpoints_that_come_and_go_leave_no_descriptor(string transports)
    {
        await BindAsync(transports, endpoints: 5);
        int before = CountDescriptors();
        await BindAsync(transports, endpoints: 60);
        await AssertDescriptorsAsync(before);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    [InlineData("quic+tls")]
    public async Task Dials_that_are_given_up_leave_no_descriptor(string transports)
    {
        using var silent = new SilentHost();
        await GiveUpAsync(transports, silent, dials: 4);
        int before = CountDescriptors();
        await GiveUpAsync(transports, silent, dials: 60);
        await AssertDescriptorsAsync(before);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    public async Task An_endpoint_with_a_key_of_its_own_takes_little_memory(string transports)
    {
        const int count = 50;
        const long most = 96 * 1024;
        await BindAsync(transports, endpoints: 2);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await using var peers = new SocketPeers();
        for (int i = 0; i < count; i++)
        {
            await peers.BindAsync(transports);
        }

        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
        Assert.InRange(each, 0, most);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    public async Task An_endpoint_on_one_address_hears_nothing_at_another_of_the_same_host(string transports)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have no 127.0.0.2.");
        await using var peers = new SocketPeers();
        PeerEndpoint acceptor = await peers.BindAsync(transports, options =>
        {
            options.ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)];
            options.Alpns = ["a/1"];
        });
        PeerEndpoint dialler = await peers.BindAsync(transports, options => options.ListenOn = []);
        var elsewhere = new IPEndPoint(IPAddress.Parse("127.0.0.2"), BoundTo(acceptor.Address.Addresses[0]).Port);
        TransportAddress address = transports == "tls" ? TlsAddress.Create(elsewhere) : TransportAddress.Ip(elsewhere);
        PeerException error = await Assert.ThrowsAsync<PeerException>(
            () => dialler.DialAsync(new EndpointAddress(acceptor.Id, [address]), "a/1", Cancellation).AsTask().Bounded());
        Assert.Equal(PeerErrorKind.Unreachable, error.Kind);
    }

    private static IPEndPoint BoundTo(TransportAddress address)
        => address.Kind == TransportAddressKind.Ip ? address.ToIPEndPoint() : TlsAddress.TryGetEndPoint(address, out IPEndPoint? tls) ? tls : throw new InvalidOperationException();

    private static async Task BindAsync(string transports, int endpoints)
    {
        for (int i = 0; i < endpoints; i++)
        {
            await using var peers = new SocketPeers();
            await peers.BindAsync(transports);
        }
    }

    // Dials that wait for a host that never answers are cancelled, and then their endpoint is closed.
    private static async Task GiveUpAsync(string transports, SilentHost silent, int dials)
    {
        await using var peers = new SocketPeers();
        PeerEndpoint endpoint = await peers.BindAsync(transports, options =>
        {
            options.ListenOn = [];
            options.StaggerDelay = TimeSpan.Zero;
        });
        using SecretKey nobody = SecretKey.Generate();
        using var stop = new CancellationTokenSource();
        Task<PeerConnection>[] dialling =
        [
            .. Enumerable.Range(0, dials).Select(_ => endpoint.DialAsync(new EndpointAddress(nobody.Id, silent.AddressesFor(transports)), "a/1", stop.Token).AsTask()),
        ];
        await silent.WhenHeardAsync(transports, dials);
        await stop.CancelAsync();
        foreach (Task dial in dialling)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dial.Bounded());
        }
    }

    // A library may close what it used a moment later; nothing signals that.
    private static async Task AssertDescriptorsAsync(int before)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (CountDescriptors() > before + Slack && TimeProvider.System.GetElapsedTime(began) < Bounds.Generous)
        {
            await Task.Delay(50, Cancellation);
        }

        Assert.InRange(CountDescriptors(), 0, before + Slack);
    }

    private static int CountDescriptors()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "File descriptors are counted in /proc, which only Linux has.");
        return Directory.GetFiles("/proc/self/fd").Length;
    }

    /// <summary>A host that takes what comes and never answers.</summary>
    private sealed class SilentHost : IDisposable
    {
        private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly Socket _tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public SilentHost()
        {
            _udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _tcp.Listen(512);
        }

        public IReadOnlyList<TransportAddress> AddressesFor(string transports) =>
        [
            .. transports.Split('+').Select(transport => transport switch
            {
                "tls" => TlsAddress.Create((IPEndPoint)_tcp.LocalEndPoint!),
                "msquic" => MsQuicAddress.Create((IPEndPoint)_udp.LocalEndPoint!),
                _ => TransportAddress.Ip((IPEndPoint)_udp.LocalEndPoint!),
            }),
        ];

        /// <summary>Completes when so many dials have said something.</summary>
        public async Task WhenHeardAsync(string transports, int dials)
        {
            byte[] buffer = new byte[2048];
            for (int heard = 0; !transports.StartsWith("tls", StringComparison.Ordinal) && heard < dials; heard++)
            {
                await _udp.ReceiveAsync(buffer, Cancellation).AsTask().Bounded();
            }

            for (int heard = 0; transports.Contains("tls", StringComparison.Ordinal) && heard < dials; heard++)
            {
                (await _tcp.AcceptAsync(Cancellation).AsTask().Bounded()).Dispose();
            }
        }

        public void Dispose()
        {
            _udp.Dispose();
            _tcp.Dispose();
        }
    }
}
