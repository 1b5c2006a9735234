using System.Net;
using System.Runtime.CompilerServices;
using IrohRpc.Identity;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Authentication;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Quic.Tests.Endpoints;

public sealed class EndpointConnectionTests : IDisposable
{
    private readonly SecretKey _key = SecretKey.Generate();
    private readonly PeerCertificateSource _certificates;

    public EndpointConnectionTests() => _certificates = new PeerCertificateSource(_key);

    public void Dispose()
    {
        _certificates.Dispose();
        _key.Dispose();
    }

    [Fact]
    public async Task An_error_of_its_own_while_sending_ends_that_connection_and_reaches_no_caller()
    {
        QuicEndpoint endpoint = QuicEndpoint.Bind(
            new IPEndPoint(IPAddress.Loopback, 0), new QuicEndpointOptions { StatelessResetKey = new byte[32], TokenKey = new byte[32] });
        var faulty = new Owner();
        EndpointConnection connection = Connect(endpoint, faulty);
        faulty.Throws = true;
        lock (faulty.Gate)
        {
            Assert.True(connection.TryClaimSending());
        }

        connection.SendNow();
        Assert.Equal(ConnectionState.Closed, connection.Core.State);
        lock (faulty.Gate)
        {
            Assert.True(connection.TryClaimSending());
        }

        // The endpoint serves others as before, and closes when they are gone.
        var sound = new Owner();
        EndpointConnection other = Connect(endpoint, sound);
        lock (sound.Gate)
        {
            Assert.True(other.TryClaimSending());
        }

        other.SendNow();
        Assert.Equal(1, other.Core.Statistics.DatagramsSent);
        other.Abandon();
        await endpoint.ReleaseNow().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal((0, 0), (endpoint.ConnectionCount, endpoint.RouteCount));
    }

    /// <summary>Its timers stay until they are due, which may be for as long as the idle time-out; whoever makes connections without end would have them all kept for that long.</summary>
    [Fact]
    public async Task A_connection_that_is_over_is_let_go_of_before_its_timers_are_due()
    {
        // A clock that stands still: nothing is due however long the test takes.
        QuicEndpoint endpoint = QuicEndpoint.Bind(
            new IPEndPoint(IPAddress.Loopback, 0),
            new QuicEndpointOptions { StatelessResetKey = new byte[32], TokenKey = new byte[32], TimeProvider = new FakeTimeProvider() });
        EndpointConnection other = Connect(endpoint, new Owner());
        WeakReference over = ConnectAndAbandon(endpoint);

        // The endpoint's thread may be in the midst of something with the connection, and off the processor.
        Assert.True(SpinWait.SpinUntil(() => IsCollected(over), TimeSpan.FromSeconds(30)));
        Assert.NotEqual(0, endpoint.TimerCount);
        other.Abandon();
        await endpoint.ReleaseNow().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private static bool IsCollected(WeakReference reference)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return !reference.IsAlive;
    }

    // By itself, so that no variable of the test holds the connection.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference ConnectAndAbandon(QuicEndpoint endpoint)
    {
        var owner = new Owner();
        EndpointConnection connection = Connect(endpoint, owner);
        lock (owner.Gate)
        {
            Assert.True(connection.TryClaimSending());
        }

        connection.SendNow();
        connection.Abandon();
        return new WeakReference(connection);
    }

    private EndpointConnection Connect(QuicEndpoint endpoint, Owner owner) => endpoint.Connect(
        owner,
        UdpAddress.From(new IPEndPoint(IPAddress.Loopback, 9)),
        new QuicConnectionOptions { Limits = new StreamLimits() },
        (sink, parameters) => TlsHandshake.CreateClient(
            new TlsClientOptions
            {
                Identity = new TlsIdentity(_key, _certificates),
                ExpectedPeer = _key.Id,
                Alpns = ["test/1"],
                TransportParameters = parameters,
            },
            sink),
        []);

    private sealed class Owner : IConnectionOwner
    {
        public Lock Gate { get; } = new();

        public bool Throws { get; set; }

        public void HandleEvents(ConnectionEvents events, bool isMoreComing)
        {
            if (Throws)
            {
                Throws = false;
                throw new InvalidOperationException("made by the test");
            }
        }

        public bool TakeExpectsAnswer() => false;

        public void HandleUnreachable()
        {
        }
    }
}
