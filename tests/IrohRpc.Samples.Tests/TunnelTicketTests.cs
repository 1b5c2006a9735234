using System.Net.Sockets;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;

namespace IrohRpc.Samples.Tests;

/// <summary>The ticket is what opens a tunnel: whoever has only its address, or its id, gets nothing.</summary>
public sealed class TunnelTicketTests
{
    public static TheoryData<string> Transports => Programs.Transports.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Who_has_the_address_and_no_secret_learns_nothing_and_reaches_nothing(string transport)
    {
        await using TcpService service = TcpService.ByHand();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, transport);
        string address = tunnel.Ticket.Split('.')[0];
        foreach (byte[]? shown in (byte[]?[])[null, [], new byte[16], new byte[17], new byte[4096]])
        {
            await using PeerEndpoint stranger = await PeerEndpoint.BindAsync(new PeerEndpointOptions { ListenOn = [] }, Cancellation);
            await using PeerConnection connection = await stranger.DialAsync(EndpointTicket.Parse(address), "tunnel/2", Cancellation);
            Task<PeerStream> hello = connection.AcceptUnidirectionalStreamAsync(Cancellation).AsTask();
            await using PeerStream forwarded = await connection.OpenBidirectionalStreamAsync(Cancellation);
            await forwarded.WriteAsync(new byte[] { 0 }, Cancellation);
            if (shown is not null)
            {
                await using PeerStream proof = await connection.OpenUnidirectionalStreamAsync(Cancellation);
                await proof.WriteAsync(shown, completeWrites: true, Cancellation);
            }

            ConnectionEnd end = await connection.Closed.Soon();
            Assert.Equal((PeerErrorKind.ClosedByPeer, 0x20L), (end.Kind, end.ErrorCode));
            Assert.DoesNotContain($"{service.Port}", end.Reason, StringComparison.Ordinal);
            await Assert.ThrowsAsync<PeerException>(() => hello);
        }

        // Nothing of theirs has reached the service: the first connection is the ticket's.
        using Socket client = await tunnel.OpenAsync();
        Socket server = await service.AcceptAsync();
        await client.SendAsync("question");
        await server.ExpectAsync("question");
    }

    [Fact]
    public async Task Ticket_without_its_secret_is_no_ticket()
    {
        await using TcpService service = TcpService.ByHand();
        (ChildProcess listening, string ticket) = await TunnelPair.ListenAsync(service.Port, "tls");
        await using (listening)
        {
            await using ChildProcess connecting = TunnelPair.Connect(ticket.Split('.')[0], "tls");
            await connecting.Errors.LineAsync("is not a ticket");
        }
    }
}
