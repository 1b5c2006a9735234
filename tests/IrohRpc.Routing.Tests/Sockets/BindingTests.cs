using System.Net;
using System.Net.Sockets;
using IrohRpc.Routing.Internal.Accepting;
using IrohRpc.Tests.Support;
using IrohRpc.Transports;

namespace IrohRpc.Tests.Sockets;

/// <summary>Where an endpoint listens, and what it says about it.</summary>
public sealed class BindingTests : IAsyncDisposable
{
    private readonly SocketPeers _peers = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _peers.DisposeAsync();

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    [InlineData("quic+tls")]
    [InlineData("msquic+tls")]
    public async Task By_default_it_listens_on_loopback_only_and_on_one_port(string transports)
    {
        PeerEndpoint endpoint = await _peers.BindAsync(transports);
        IPEndPoint[] at = [.. endpoint.Address.Addresses.Select(EndPointOf)];
        Assert.Equal(ListenAddresses.Loopback().Count * transports.Split('+').Length, at.Length);
        Assert.All(at, one => Assert.True(IPAddress.IsLoopback(one.Address)));
        Assert.Single(at.Select(one => one.Port).Distinct());
        Assert.NotEqual(0, at[0].Port);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    [InlineData("quic+tls")]
    [InlineData("msquic+tls")]
    public async Task A_ticket_of_an_endpoint_on_loopback_leads_there(string transports)
    {
        PeerEndpoint acceptor = await _peers.BindAsync(transports, options => options.Alpns = ["a/1"]);
        PeerEndpoint dialler = await _peers.BindAsync(transports, options => options.StaggerDelay = TimeSpan.FromSeconds(10));
        EndpointTicket ticket = EndpointTicket.Parse(acceptor.Ticket.ToString());
        Assert.Equal(acceptor.Address, ticket.Address);
        await using PeerConnection connection = await dialler.DialAsync(ticket, "a/1", Cancellation);
        Assert.Equal(transports.Split('+')[0], connection.Transport);
        Assert.Contains(connection.RemoteAddress, ticket.Address.Addresses);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    [InlineData("quic+tls")]
    [InlineData("msquic+tls")]
    public async Task Bound_to_all_addresses_its_ticket_names_those_of_the_machine_and_they_work(string transports)
    {
        PeerEndpoint acceptor = await _peers.BindAsync(transports, options =>
        {
            options.ListenOn = [.. ListenAddresses.Any()];
            options.Alpns = ["a/1"];
        });
        IPEndPoint[] at = [.. acceptor.Address.Addresses.Select(EndPointOf)];
        Assert.NotEmpty(at);
        Assert.All(at, one => Assert.False(one.Address.Equals(IPAddress.Any) || one.Address.Equals(IPAddress.IPv6Any)));
        Assert.All(at, one => Assert.False(one.Address.IsIPv6LinkLocal));
        foreach (IPAddress own in MachineAddresses.Usable(AddressFamily.InterNetwork))
        {
            Assert.Equal(transports.Split('+').Length, at.Count(one => one.Address.Equals(own)));
        }

        PeerEndpoint dialler = await _peers.BindAsync(transports);
        foreach (TransportAddress address in acceptor.Address.Addresses)
        {
            await using PeerConnection connection
                = await dialler.DialAsync(new EndpointAddress(acceptor.Id, address), "a/1", Cancellation);
            Assert.Equal(address, connection.RemoteAddress);
        }
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    [InlineData("quic+tls")]
    [InlineData("msquic+tls")]
    public async Task A_given_port_is_used_by_all_and_is_free_again_after_closing(string transports)
    {
        PeerEndpoint first = await _peers.BindAsync(transports);
        int port = EndPointOf(first.Address.Addresses[0]).Port;
        await first.CloseAsync(Cancellation);
        PeerEndpoint second = await _peers.BindAsync(transports, options => options.ListenOn = [new IPEndPoint(IPAddress.Loopback, port)]);
        Assert.All(second.Address.Addresses, address => Assert.Equal(port, EndPointOf(address).Port));
    }

    [Fact]
    public async Task A_given_tcp_port_that_is_taken_is_an_error_that_names_it()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var at = (IPEndPoint)taken.LocalEndPoint!;
        PeerException error = await Assert.ThrowsAsync<PeerException>(
            async () => await _peers.BindAsync("tls", options => options.ListenOn = [at]));
        Assert.Equal(PeerErrorKind.AddressInUse, error.Kind);
        Assert.Contains(at.ToString(), error.Message);
    }

    [Fact]
    public async Task A_given_udp_port_that_is_taken_is_an_error_that_names_it_and_leaves_nothing_bound()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var at = (IPEndPoint)taken.LocalEndPoint!;
        PeerException error = await Assert.ThrowsAsync<PeerException>(
            async () => await _peers.BindAsync("msquic+tls", options => options.ListenOn = [at]));
        Assert.Equal(PeerErrorKind.AddressInUse, error.Kind);
        Assert.Contains(at.ToString(), error.Message);
        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        tcp.Bind(at);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task The_port_of_another_endpoint_is_taken(string transport)
    {
        PeerEndpoint first = await _peers.BindAsync(transport);
        IPEndPoint at = EndPointOf(first.Address.Addresses[0]);
        PeerException error = await Assert.ThrowsAsync<PeerException>(
            async () => await _peers.BindAsync(transport, options => options.ListenOn = [at]));
        Assert.Equal(PeerErrorKind.AddressInUse, error.Kind);
    }

    [Fact]
    public async Task An_address_that_is_not_this_machines_cannot_be_bound()
    {
        PeerException error = await Assert.ThrowsAsync<PeerException>(async () => await _peers.BindAsync(
            "tls", options => options.ListenOn = [new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0)]));
        Assert.Equal(PeerErrorKind.AddressInUse, error.Kind);
        Assert.Contains("192.0.2.1", error.Message);
    }

    private static IPEndPoint EndPointOf(TransportAddress address)
    {
        Assert.True(address.TryGetIPEndPoint(out IPEndPoint? endPoint));
        return endPoint;
    }
}
