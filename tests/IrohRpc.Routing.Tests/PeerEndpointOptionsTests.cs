using System.Net;
using System.Net.Sockets;
using IrohRpc.Identity;
using IrohRpc.Routing.Internal.Accepting;
using IrohRpc.Reach.Relay;
using IrohRpc.Tests.Support;
using IrohRpc.Transports;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests;

public sealed class PeerEndpointOptionsTests
{
    [Fact]
    public void A_bad_value_is_refused_when_it_is_assigned()
    {
        var options = new PeerEndpointOptions();
        Assert.Throws<ArgumentOutOfRangeException>(() => options.DialTimeout = TimeSpan.Zero);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.StaggerDelay = TimeSpan.FromTicks(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.DrainTimeout = TimeSpan.FromSeconds(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.HandshakeTimeout = TimeSpan.FromDays(25));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.IdleTimeout = TimeSpan.FromMilliseconds(999));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.KeepAliveInterval = TimeSpan.Zero);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.MaxInboundBidirectionalStreams = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.MaxInboundUnidirectionalStreams = 65_535);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.StreamReceiveWindow = 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.ConnectionReceiveWindow = 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.MaxBufferedBytes = 1024 * 1024);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.MaxBufferedBytes = long.MaxValue);
        Assert.Throws<ArgumentException>(() => options.Alpns = ["a/1", "a/1"]);
        Assert.Throws<ArgumentException>(() => options.AddressLookups = [null!]);
        Assert.Throws<ArgumentException>(() => options.AddressLookupFactories = [null!]);
        Assert.Throws<ArgumentException>(() => options.Transports = []);
        Assert.Throws<ArgumentException>(() => options.Transports = [TlsTransport.Instance, new TlsTransport()]);
        Assert.Throws<ArgumentException>(() => options.ListenOn = [null!]);
        Assert.Throws<ArgumentException>(() => options.ExternalAddresses = [null!]);
        Assert.Throws<ArgumentException>(() => options.ExternalAddresses = [new IPEndPoint(IPAddress.Any, 4001)]);
        Assert.Throws<ArgumentException>(() => options.ExternalAddresses = [IPEndPoint.Parse("203.0.113.5:0")]);
        Assert.Throws<ArgumentNullException>(() => options.Limits = null!);
        Assert.Throws<ArgumentNullException>(() => options.TimeProvider = null!);
        Assert.Throws<ArgumentNullException>(() => options.LoggerFactory = null!);
    }

    [Fact]
    public void A_limit_is_at_least_one()
    {
        var limits = new ConnectionLimits();
        Assert.Throws<ArgumentOutOfRangeException>(() => limits.MaxConnections = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => limits.MaxConnectionsPerAddress = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => limits.MaxConnectionsPerPeer = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => limits.MaxHandshakes = 0);
        limits.MaxConnections = int.MaxValue;
    }

    [Fact]
    public void The_defaults_of_the_endpoint_are_those_of_the_transports()
    {
        using var key = SecretKey.Generate();
        using var certificates = new PeerCertificateSource(key);
        var expected = new TransportSettings { Certificates = certificates };
        TransportSettings actual = new PeerEndpointOptions().ToTransportSettings(certificates);
        Assert.Equal(expected.MaxInboundBidirectionalStreams, actual.MaxInboundBidirectionalStreams);
        Assert.Equal(expected.MaxInboundUnidirectionalStreams, actual.MaxInboundUnidirectionalStreams);
        Assert.Equal(expected.StreamReceiveWindow, actual.StreamReceiveWindow);
        Assert.Equal(expected.ConnectionReceiveWindow, actual.ConnectionReceiveWindow);
        Assert.Equal(expected.HandshakeTimeout, actual.HandshakeTimeout);
        Assert.Equal(expected.IdleTimeout, actual.IdleTimeout);
        Assert.Equal(expected.KeepAliveInterval, actual.KeepAliveInterval);
        Assert.Equal(expected.AcceptBacklog, actual.AcceptBacklog);
    }

    [Fact]
    public void Whatever_the_options_allow_the_transports_allow()
    {
        using var key = SecretKey.Generate();
        using var certificates = new PeerCertificateSource(key);
        var longest = TimeSpan.FromDays(24);
        new PeerEndpointOptions
        {
            HandshakeTimeout = longest,
            IdleTimeout = longest,
            KeepAliveInterval = longest,
            MaxInboundBidirectionalStreams = 65_535,
            MaxInboundUnidirectionalStreams = 65_534,
            Limits = { MaxHandshakes = int.MaxValue },
        }.ToTransportSettings(certificates);
    }

    [Fact]
    public void A_copy_has_every_property()
    {
        using var key = SecretKey.Generate();
        using var loggers = new LogCollector();
        var options = new PeerEndpointOptions
        {
            SecretKey = key,
            ListenOn = [],
            Transports = [new ScriptedTransport("a", 1)],
            Alpns = ["a/1"],
            Limits = { MaxConnections = 1, MaxConnectionsPerAddress = 2, MaxConnectionsPerPeer = 3, MaxHandshakes = 4, MaxHandshakesPerAddress = 5, IdleToGiveWay = TimeSpan.FromSeconds(7) },
            AdmitAddress = _ => true,
            AdmitPeer = _ => true,
            Relays = [new RelayConfig("https://relay.example/")],
            AddressLookups = [new GatedLookup()],
            AddressLookupFactories = [_ => new GatedLookup()],
            Publishing = AddressPublishing.RelayOnly,
            DialTimeout = TimeSpan.FromSeconds(1),
            TraversesNats = false,
            MapsPorts = true,
            ExternalAddresses = [IPEndPoint.Parse("203.0.113.5:4001")],
            StaggerDelay = TimeSpan.FromSeconds(2),
            DrainTimeout = TimeSpan.FromSeconds(3),
            HandshakeTimeout = TimeSpan.FromSeconds(4),
            IdleTimeout = TimeSpan.FromSeconds(5),
            KeepAliveInterval = TimeSpan.FromSeconds(6),
            MaxInboundBidirectionalStreams = 7,
            MaxInboundUnidirectionalStreams = 8,
            StreamReceiveWindow = 20_000,
            ConnectionReceiveWindow = 200_000,
            MaxBufferedBytes = 70_000_000,
            TimeProvider = new FakeTimeProvider(),
            LoggerFactory = loggers,
        };
        PeerEndpointOptions copy = options.Copy();
        foreach (System.Reflection.PropertyInfo property in typeof(PeerEndpointOptions).GetProperties())
        {
            Assert.NotEqual(property.GetValue(new PeerEndpointOptions()), property.GetValue(options));
            Assert.Equivalent(property.GetValue(options), property.GetValue(copy));
        }

        Assert.NotSame(options.Limits, copy.Limits);
    }

    [Fact]
    public async Task What_was_added_to_a_list_is_checked_when_the_endpoint_is_bound()
    {
        var options = new PeerEndpointOptions();
        options.Alpns.Add("");
        await Assert.ThrowsAsync<ArgumentException>(
            () => PeerEndpoint.BindAsync(options, TestContext.Current.CancellationToken).AsTask());
    }

    [Theory]
    [InlineData("192.168.1.1", true)]
    [InlineData("203.0.113.5", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("169.254.3.4", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("ff02::1", false)]
    public void Only_addresses_that_others_could_use_are_given_out(string address, bool usable)
        => Assert.Equal(usable, MachineAddresses.IsUsable(IPAddress.Parse(address)));

    [Fact]
    public void Temporary_and_deprecated_addresses_are_known_by_their_flags()
    {
        HashSet<IPAddress> unfit = MachineAddresses.ParseUnfit(
        [
            "20010db8000000000000000000000001 02 40 00 80   eth0",
            "20010db8000000000000000000000002 02 40 00 01   eth0",
            "20010db8000000000000000000000003 02 40 00 20   eth0",
            "nonsense",
            "20010db800000000000000000000000x 02 40 00 20   eth0",
        ]);
        Assert.Equal([IPAddress.Parse("2001:db8::2"), IPAddress.Parse("2001:db8::3")], unfit.Order(Comparer<IPAddress>.Create(
            (one, other) => one.GetAddressBytes().AsSpan().SequenceCompareTo(other.GetAddressBytes()))));
    }

    [Fact]
    public void There_is_always_an_address_to_name()
    {
        Assert.NotEmpty(MachineAddresses.Usable(AddressFamily.InterNetwork));
        Assert.NotEmpty(MachineAddresses.Usable(AddressFamily.InterNetworkV6));
    }
}
