using System.Net;
using IrohRpc.Routing.Internal.Dialling;
using IrohRpc.Tests.Support;
using IrohRpc.Transports;

namespace IrohRpc.Tests.Dialling;

public sealed class DialPlanTests
{
    private static readonly ITransport Udp = new IpTransport("quic", null);
    private static readonly ITransport Tls = TlsTransport.Instance;

    [Fact]
    public void The_first_transport_leads_with_both_families_and_then_they_take_turns()
    {
        var plan = DialPlan.Create(
            [
                Quic("10.0.0.1:1"), Quic("10.0.0.2:1"), Quic("10.0.0.3:1"), Quic("[2001:db8::1]:1"),
                Tcp("10.0.0.1:1"), Tcp("10.0.0.2:1"), Tcp("[2001:db8::1]:1"),
            ],
            [Udp, Tls]);
        Assert.Equal(
            [
                "quic [2001:db8::1]:1", "quic 10.0.0.1:1", "tls [2001:db8::1]:1",
                "quic 10.0.0.2:1", "tls 10.0.0.1:1", "quic 10.0.0.3:1", "tls 10.0.0.2:1",
            ],
            plan.Candidates.Select(candidate => candidate.ToString()));
        Assert.Empty(plan.Skipped);
    }

    [Fact]
    public void Without_an_address_of_the_first_transport_the_second_goes_first()
    {
        var plan = DialPlan.Create([Tcp("10.0.0.1:1"), Tcp("[2001:db8::1]:1")], [Udp, Tls]);
        Assert.Equal(["tls [2001:db8::1]:1", "tls 10.0.0.1:1"], plan.Candidates.Select(candidate => candidate.ToString()));
    }

    [Fact]
    public void An_unsupported_transport_is_skipped_and_says_why()
    {
        var plan = DialPlan.Create([Quic("10.0.0.1:1"), Tcp("10.0.0.1:1")], [new IpTransport("quic", "libmsquic is missing"), Tls]);
        Assert.Equal(["tls 10.0.0.1:1"], plan.Candidates.Select(candidate => candidate.ToString()));
        Assert.Equal([new SkippedAddress(Quic("10.0.0.1:1"), "libmsquic is missing")], plan.Skipped);
    }

    [Fact]
    public void An_address_that_no_transport_understands_is_skipped()
    {
        TransportAddress relay = TransportAddress.Relay("https://relay.example/");
        var plan = DialPlan.Create([relay], [Udp, Tls]);
        Assert.Empty(plan.Candidates);
        Assert.Equal(relay, Assert.Single(plan.Skipped).Address);
    }

    [Fact]
    public void A_ticket_with_very_many_addresses_does_not_become_a_scan()
    {
        var plan = DialPlan.Create(
            [
                .. Enumerable.Range(0, 200).Select(i => Quic($"10.0.0.{i}:1")),
                .. Enumerable.Range(0, 200).Select(i => Tcp($"10.0.0.{i}:1")),
            ],
            [Udp, Tls]);
        Assert.Equal(DialPlan.MaxCandidates, plan.Candidates.Count);
        Assert.Equal(400 - DialPlan.MaxCandidates, plan.Skipped.Count);
        Assert.Contains(plan.Candidates, candidate => candidate.Transport == Tls);
    }

    [Fact]
    public void The_address_that_was_good_last_goes_first()
    {
        var plan = DialPlan.Create([Quic("10.0.0.1:1"), Tcp("10.0.0.1:1"), Tcp("10.0.0.2:1")], [Udp, Tls], Tcp("10.0.0.2:1"));
        Assert.Equal(["tls 10.0.0.2:1", "quic 10.0.0.1:1", "tls 10.0.0.1:1"], plan.Candidates.Select(candidate => candidate.ToString()));
        Assert.Equal(2, DialPlan.Create([Quic("10.0.0.1:1"), Tcp("10.0.0.1:1")], [Udp, Tls], Tcp("10.0.0.2:1")).Candidates.Count);
    }

    [Fact]
    public void Of_more_addresses_than_are_tried_each_has_its_chance()
    {
        TransportAddress[] addresses = [.. Enumerable.Range(0, 64).Select(i => Quic($"10.0.0.{i}:1"))];
        var tried = new HashSet<TransportAddress>();
        for (int i = 0; i < 200; i++)
        {
            tried.UnionWith(DialPlan.Create(addresses, [Udp, Tls]).Candidates.Select(candidate => candidate.Address));
        }

        Assert.Equal(64, tried.Count);
    }

    private static TransportAddress Quic(string at) => TransportAddress.Ip(IPEndPoint.Parse(at));

    private static TransportAddress Tcp(string at) => TlsAddress.Create(IPEndPoint.Parse(at));

    private sealed class IpTransport(string name, string? unsupportedReason) : ITransport
    {
        public string Name => name;

        public string? UnsupportedReason => unsupportedReason;

        public bool CanDial(TransportAddress address) => address.Kind == TransportAddressKind.Ip;

        public ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken)
            => throw new NotSupportedException();
    }
}
