using System.Net;
using IrohRpc.Routing.Internal.Accepting;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Tests.Accepting;

/// <summary>The counting of <see cref="ConnectionAdmission"/>, without a network.</summary>
public sealed class AdmissionTests
{
    private static readonly EndpointId Peer = new(new byte[32]);

    [Fact]
    public void A_lease_counts_as_a_handshake_then_as_a_connection_then_not_at_all()
    {
        ConnectionAdmission admission = Admission(new());
        IHandshakeLease lease = admission.TryAdmit(Udp("192.0.2.1:1"))!;
        Assert.Equal((1, 1), (admission.Connections, admission.Handshakes));
        lease.HandshakeCompleted(Peer);
        lease.HandshakeCompleted(Peer);
        Assert.Equal((1, 0), (admission.Connections, admission.Handshakes));
        lease.Dispose();
        Assert.Equal((0, 0), (admission.Connections, admission.Handshakes));
        Assert.Equal((0, 0), admission.Keys);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_lease_is_given_back_once_however_often_it_is_disposed(bool completed)
    {
        ConnectionAdmission admission = Admission(new());
        using IHandshakeLease other = admission.TryAdmit(Udp("192.0.2.1:1"))!;
        IHandshakeLease lease = admission.TryAdmit(Udp("192.0.2.1:2"))!;
        if (completed)
        {
            lease.HandshakeCompleted(Peer);
        }

        lease.Dispose();
        lease.Dispose();
        lease.HandshakeCompleted(Peer);
        Assert.Equal((1, 1), (admission.Connections, admission.Handshakes));
    }

    [Fact]
    public void The_limit_on_handshakes_frees_up_when_one_completes()
    {
        ConnectionAdmission admission = Admission(new() { MaxHandshakes = 2 });
        IHandshakeLease first = admission.TryAdmit(Udp("192.0.2.1:1"))!;
        Assert.NotNull(admission.TryAdmit(Udp("192.0.2.2:1")));
        Assert.Null(admission.TryAdmit(Udp("192.0.2.3:1")));
        first.HandshakeCompleted(Peer);
        Assert.NotNull(admission.TryAdmit(Udp("192.0.2.3:1")));
    }

    [Fact]
    public void The_limit_on_connections_frees_up_when_one_ends()
    {
        ConnectionAdmission admission = Admission(new() { MaxConnections = 2 });
        IHandshakeLease first = admission.TryAdmit(Udp("192.0.2.1:1"))!;
        first.HandshakeCompleted(Peer);
        Assert.NotNull(admission.TryAdmit(Udp("192.0.2.2:1")));
        Assert.Null(admission.TryAdmit(Udp("192.0.2.3:1")));
        Assert.Equal((2, 1), (admission.Connections, admission.Handshakes));
        first.Dispose();
        Assert.NotNull(admission.TryAdmit(Udp("192.0.2.3:1")));
    }

    [Theory]
    [InlineData("192.0.2.1:1", "192.0.2.1:2", true)]
    [InlineData("192.0.2.1:1", "192.0.2.2:1", false)]
    [InlineData("[2001:db8:1:2::1]:1", "[2001:db8:1:2:ffff::9]:2", true)]
    [InlineData("[2001:db8:1:2::1]:1", "[2001:db8:1:3::1]:1", false)]
    [InlineData("192.0.2.1:1", "[::ffff:192.0.2.1]:1", true)]
    [InlineData("0.0.0.1:1", "[::1]:1", false)]
    public void Addresses_count_by_host_and_ipv6_ones_by_their_network(string one, string other, bool same)
    {
        foreach (TransportAddress second in (TransportAddress[])[Udp(other), TlsAddress.Create(IPEndPoint.Parse(other))])
        {
            ConnectionAdmission admission = Admission(new() { MaxConnectionsPerAddress = 1 });
            Assert.NotNull(admission.TryAdmit(Udp(one)));
            Assert.Equal(same, admission.TryAdmit(second) is null);
        }
    }

    [Fact]
    public void A_refusal_by_one_limit_leaves_the_others_as_they_were()
    {
        ConnectionAdmission admission = Admission(new() { MaxConnectionsPerAddress = 1 });
        using IHandshakeLease held = admission.TryAdmit(Udp("192.0.2.1:1"))!;
        for (int i = 0; i < 1_000; i++)
        {
            Assert.Null(admission.TryAdmit(Udp("192.0.2.1:1")));
        }

        Assert.Equal((1, 1), (admission.Connections, admission.Handshakes));
        Assert.Equal((1, 0), admission.Keys);
    }

    [Fact]
    public async Task Counts_are_exact_when_many_come_and_go_at_once()
    {
        ConnectionAdmission admission = Admission(new() { MaxConnections = 50, MaxConnectionsPerAddress = 20, MaxHandshakes = 30 });
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            var held = new Queue<IHandshakeLease>();
            for (int i = 0; i < 20_000; i++)
            {
                if (admission.TryAdmit(Udp($"192.0.2.{random.Next(5)}:1")) is { } lease)
                {
                    held.Enqueue(lease);
                    int now = admission.Connections;
                    InterlockedMax(ref most, now);
                    if (random.Next(2) == 0)
                    {
                        lease.HandshakeCompleted(Peer);
                    }
                }

                if (held.Count > random.Next(12))
                {
                    held.Dequeue().Dispose();
                }
            }

            while (held.TryDequeue(out IHandshakeLease? lease))
            {
                lease.Dispose();
            }
        })));
        Assert.InRange(most, 1, 50);
        Assert.Equal((0, 0), (admission.Connections, admission.Handshakes));
        Assert.Equal((0, 0), admission.Keys);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen = Volatile.Read(ref most);
        while (value > seen)
        {
            seen = Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private static TransportAddress Udp(string at) => TransportAddress.Ip(IPEndPoint.Parse(at));

    private static ConnectionAdmission Admission(ConnectionLimits limits) => new(limits, null, null, new RefusalLog(NullLogger.Instance, TimeProvider.System), TimeProvider.System, NullLogger.Instance);
}
