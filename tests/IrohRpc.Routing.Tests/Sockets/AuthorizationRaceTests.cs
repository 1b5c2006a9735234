using System.Collections.Concurrent;
using System.Net;
using IrohRpc.Transports;

namespace IrohRpc.Tests.Sockets;

/// <summary>A peer that comes back over and over, while the rule on who is admitted changes its mind.</summary>
public sealed class AuthorizationRaceTests : IAsyncDisposable
{
    private const string Alpn = "a/1";
    private const int Peers = 8;
    private const int Rounds = 25;

    private readonly SocketPeers _peers = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _peers.DisposeAsync();

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task No_handler_runs_for_a_connection_that_was_not_admitted_however_often_its_peer_comes_back(string transport)
    {
        // Of one peer no two connections are judged at once, so that the last verdict is that of the connection that is served.
        var verdicts = new ConcurrentDictionary<EndpointId, bool>();
        var served = new ConcurrentBag<bool>();
        var random = new Random(1);
        PeerEndpoint acceptor = await _peers.BindAsync(transport, options =>
        {
            options.ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)];
            options.AdmitPeer = peer =>
            {
                lock (random)
                {
                    return verdicts[peer] = random.Next(2) == 0;
                }
            };
        });
        await acceptor.Route().Map(Alpn, async (connection, stop) =>
        {
            served.Add(verdicts[connection.PeerId]);
            await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(stop);
            await stream.CopyToAsync(stream, stop);
            stream.CompleteWrites();
            await connection.Closed.WaitAsync(stop);
        }).StartAsync(Cancellation);
        int answered = 0;
        int refused = 0;
        await Task.WhenAll(Enumerable.Range(0, Peers).Select(async _ =>
        {
            PeerEndpoint dialler = await _peers.BindAsync(transport, static options => options.ListenOn = []);
            for (int round = 0; round < Rounds; round++)
            {
                try
                {
                    // What is asked leaves before anybody has said that the peer is admitted.
                    await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, Alpn, Cancellation);
                    await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(Cancellation);
                    await stream.WriteAsync(new byte[] { 7 }, completeWrites: true, Cancellation);
                    byte[] answer = new byte[1];
                    await stream.ReadExactlyAsync(answer, Cancellation);
                    Assert.True(verdicts[dialler.Id]);
                    Interlocked.Increment(ref answered);
                }
                catch (PeerException exception)
                {
                    Assert.Equal(PeerErrorKind.Refused, exception.Kind);
                    Assert.False(verdicts[dialler.Id]);
                    Interlocked.Increment(ref refused);
                }
            }
        }));
        Assert.DoesNotContain(false, served);
        Assert.Equal((answered, Peers * Rounds), (served.Count, answered + refused));
        Assert.True(answered > 0 && refused > 0);
    }
}
