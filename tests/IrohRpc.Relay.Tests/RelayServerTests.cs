using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using IrohRpc.Reach.Relay;
using IrohRpc.Reach.Relay.Protocol;

namespace IrohRpc.Relay.Tests;

public sealed class RelayServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Datagrams_reach_the_peer_that_they_name_with_their_sender_and_mark()
    {
        await using RelayServer relay = await RelayServer.StartAsync(cancellationToken: Cancel);
        await using TestClient alice = await TestClient.ConnectAsync(relay.Url);
        await using TestClient bob = await TestClient.ConnectAsync(relay.Url);

        Assert.True(alice.Send(bob.Id, [1, 2, 3], ecn: RelayEcn.Ect0));
        TestClient.Received received = await bob.ReceiveAsync();
        Assert.Equal((alice.Id, RelayEcn.Ect0, 3), (received.Peer, received.Ecn, received.SegmentSize));
        Assert.Equal([1, 2, 3], received.Bytes);

        byte[] batch = RandomNumberGenerator.GetBytes(60_000);
        Assert.True(bob.Send(alice.Id, batch, segmentSize: 1200));
        received = await alice.ReceiveAsync();
        Assert.Equal((bob.Id, 1200), (received.Peer, received.SegmentSize));
        Assert.Equal(batch, received.Bytes);
    }

    [Fact]
    public async Task Datagrams_for_somebody_who_is_not_there_are_dropped_and_harm_nothing()
    {
        await using RelayServer relay = await RelayServer.StartAsync(cancellationToken: Cancel);
        await using TestClient alice = await TestClient.ConnectAsync(relay.Url);
        using SecretKey nobody = SecretKey.Generate();
        alice.Send(nobody.Id, [1]);
        alice.Send(alice.Id, [2]);
        Assert.Equal([2], (await alice.ReceiveAsync()).Bytes);
    }

    [Fact]
    public async Task Who_was_sent_datagrams_is_told_that_the_sender_has_left()
    {
        await using RelayServer relay = await RelayServer.StartAsync(cancellationToken: Cancel);
        await using TestClient alice = await TestClient.ConnectAsync(relay.Url);
        await using TestClient bob = await TestClient.ConnectAsync(relay.Url);
        bob.Send(alice.Id, [1]);
        await alice.ReceiveAsync();
        await bob.Session.DisposeAsync();
        Assert.Equal(bob.Id, await alice.GoneAsync());
    }

    [Fact]
    public async Task A_second_session_of_one_id_takes_the_place_of_the_first_and_gives_it_back()
    {
        await using RelayServer relay = await RelayServer.StartAsync(cancellationToken: Cancel);
        using SecretKey key = SecretKey.Generate();
        await using TestClient alice = await TestClient.ConnectAsync(relay.Url);
        await using TestClient first = await TestClient.ConnectAsync(relay.Url, Copy(key));
        await first.StateAsync(RelaySessionState.Connected);
        var second = await TestClient.ConnectAsync(relay.Url, Copy(key));
        Assert.Contains("same endpoint id", await first.StateAsync(RelaySessionState.Superseded), StringComparison.Ordinal);

        alice.Send(key.Id, [1]);
        Assert.Equal([1], (await second.ReceiveAsync()).Bytes);
        await second.DisposeAsync();
        Assert.Null(await first.StateAsync(RelaySessionState.Connected));
        alice.Send(key.Id, [2]);
        Assert.Equal([2], (await first.ReceiveAsync()).Bytes);
    }

    [Fact]
    public async Task Who_is_not_on_the_list_or_not_admitted_is_told_so()
    {
        using SecretKey friend = SecretKey.Generate();
        using SecretKey stranger = SecretKey.Generate();
        using SecretKey banned = SecretKey.Generate();
        await using RelayServer relay = await RelayServer.StartAsync(
            configure: options =>
            {
                options.AllowedEndpoints = new HashSet<EndpointId> { friend.Id, banned.Id };
                options.Admit = (client, _) => new ValueTask<string?>(client.Id == banned.Id ? "come back tomorrow" : null);
            },
            cancellationToken: Cancel);
        await using TestClient allowed = await TestClient.ConnectAsync(relay.Url, Copy(friend));
        await using var unknown = new TestClient(relay.Url, Copy(stranger));
        Assert.Contains("not authorized", await unknown.StateAsync(RelaySessionState.Connecting), StringComparison.Ordinal);
        await using var turnedAway = new TestClient(relay.Url, Copy(banned));
        Assert.Contains("come back tomorrow", await turnedAway.StateAsync(RelaySessionState.Connecting), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_admission_throws_is_not_told_to_the_stranger()
    {
        await using RelayServer relay = await RelayServer.StartAsync(
            configure: static options => options.Admit = static (_, _) => throw new InvalidOperationException("the password is 1234"),
            cancellationToken: Cancel);
        await using var client = new TestClient(relay.Url);
        string? problem = await client.StateAsync(RelaySessionState.Connecting);
        Assert.Contains("not authorized", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("1234", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("right", true)]
    [InlineData("wrong", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task A_relay_with_a_token_lets_in_who_shows_it(string? token, bool isLetIn)
    {
        await using RelayServer relay = await RelayServer.StartAsync(
            configure: static options => options.AccessTokens = ["other", "right"], cancellationToken: Cancel);
        await using var client = new TestClient(relay.Url, options: new RelaySessionOptions { AccessToken = token });
        if (isLetIn)
        {
            await client.Session.WaitConnectedAsync(Cancel).Soon();
        }
        else
        {
            Assert.Contains("401", await client.StateAsync(RelaySessionState.Connecting), StringComparison.Ordinal);
        }

        using var browser = new ClientWebSocket();
        browser.Options.AddSubProtocol(RelayProtocol.V1Name);
        Task connecting = browser.ConnectAsync(new Uri(RelayUrl.ToWebSocket(relay.Url) + $"?token={token}"), Cancel);
        if (isLetIn)
        {
            await connecting.Soon();
        }
        else
        {
            await Assert.ThrowsAsync<WebSocketException>(() => connecting.Soon());
        }
    }

    [Fact]
    public async Task A_relay_that_stops_tells_its_clients_when_to_come_back_and_they_do()
    {
        RelayServer relay = await RelayServer.StartAsync(
            configure: static options => options.RestartDelay = TimeSpan.FromMilliseconds(20), cancellationToken: Cancel);
        await using TestClient client = await TestClient.ConnectAsync(
            relay.Url, options: new RelaySessionOptions { MinBackoff = TimeSpan.FromMilliseconds(5), MaxBackoff = TimeSpan.FromMilliseconds(50) });
        await client.StateAsync(RelaySessionState.Connected);
        await relay.DisposeAsync().AsTask().Soon();
        await client.StateAsync(RelaySessionState.Connecting);
        await using RelayServer next = await RelayServer.StartAsync(new IPEndPoint(IPAddress.Loopback, relay.Url.Port), cancellationToken: Cancel);
        await client.StateAsync(RelaySessionState.Connected);
        client.Send(client.Id, [3]);
        Assert.Equal([3], (await client.ReceiveAsync()).Bytes);
    }

    [Fact]
    public async Task A_flooding_client_does_not_keep_another_from_the_same_receiver()
    {
        await using RelayServer relay = await RelayServer.StartAsync(cancellationToken: Cancel);
        await using TestClient receiver = await TestClient.ConnectAsync(relay.Url);
        await using TestClient flooder = await TestClient.ConnectAsync(relay.Url);
        await using TestClient honest = await TestClient.ConnectAsync(relay.Url);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task flood = Task.Run(
            async () =>
            {
                byte[] bytes = new byte[1200];
                while (!stop.IsCancellationRequested)
                {
                    if (!flooder.Send(receiver.Id, bytes))
                    {
                        await Task.Yield();
                    }
                }
            },
            Cancel);

        for (int i = 0; i < 200; i++)
        {
            honest.Send(receiver.Id, [(byte)i]);
            TestClient.Received received;
            do
            {
                received = await receiver.ReceiveAsync();
            }
            while (received.Peer != honest.Id);
            Assert.Equal([(byte)i], received.Bytes);
        }

        await stop.CancelAsync();
        await flood;
    }

    public static TheoryData<string, byte[]> BrokenMessages() => new()
    {
        { "a datagram without a receiver", [4, 1, 2, 3] },
        { "a datagram without bytes", [4, .. new byte[32], 0] },
        { "an unknown mark", [4, .. new byte[32], 9, 1] },
        { "segments of no bytes", [5, .. new byte[32], 0, 0, 0, 1] },
        { "a short ping", [9, 1] },
        { "a message over the limit", new byte[RelayProtocol.MaxMessageLength + 1] },
    };

    [Theory]
    [MemberData(nameof(BrokenMessages))]
    public async Task Who_breaks_the_protocol_is_cut_off_and_nobody_else(string what, byte[] message)
    {
        Assert.NotEmpty(what);
        await using RelayServer relay = await RelayServer.StartAsync(cancellationToken: Cancel);
        await using TestClient bystander = await TestClient.ConnectAsync(relay.Url);
        using ClientWebSocket attacker = await RawClientAsync(relay.Url);
        await attacker.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, Cancel);
        await EndsAsync(attacker).Soon();
        bystander.Send(bystander.Id, [1]);
        Assert.Equal([1], (await bystander.ReceiveAsync()).Bytes);
    }

    [Fact]
    public async Task Frames_that_a_later_version_may_know_are_skipped()
    {
        await using RelayServer relay = await RelayServer.StartAsync(cancellationToken: Cancel);
        using ClientWebSocket client = await RawClientAsync(relay.Url);
        await client.SendAsync((byte[])[60, 1, 2, 3], WebSocketMessageType.Binary, endOfMessage: true, Cancel);
        await client.SendAsync("text"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Cancel);
        await client.SendAsync((byte[])[9, 1, 2, 3, 4, 5, 6, 7, 8], WebSocketMessageType.Binary, endOfMessage: true, Cancel);
        var answer = new byte[100];
        ValueWebSocketReceiveResult result = await client.ReceiveAsync(answer.AsMemory(), Cancel).AsTask().Soon();
        Assert.Equal([10, 1, 2, 3, 4, 5, 6, 7, 8], answer[..result.Count]);
    }

    [Fact]
    public async Task Who_does_not_prove_its_id_in_time_is_cut_off()
    {
        await using RelayServer relay = await RelayServer.StartAsync(
            configure: static options => options.AuthenticationTimeout = TimeSpan.FromMilliseconds(50), cancellationToken: Cancel);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(RelayProtocol.V2Name);
        await socket.ConnectAsync(RelayUrl.ToWebSocket(relay.Url), Cancel);
        await EndsAsync(socket).Soon();
    }

    [Fact]
    public async Task Who_does_not_answer_a_ping_is_cut_off()
    {
        await using RelayServer relay = await RelayServer.StartAsync(
            configure: static options =>
            {
                options.PingInterval = TimeSpan.FromMilliseconds(20);
                options.PingTimeout = TimeSpan.FromMilliseconds(20);
            },
            cancellationToken: Cancel);
        using ClientWebSocket silent = await RawClientAsync(relay.Url);
        await EndsAsync(silent).Soon();
    }

    [Fact]
    public async Task The_paths_beside_the_socket_answer_as_iroh_expects()
    {
        await using RelayServer relay = await RelayServer.StartAsync(cancellationToken: Cancel);
        using var http = new HttpClient { BaseAddress = relay.Url };
        using HttpResponseMessage ping = await http.GetAsync("/ping", Cancel);
        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
        Assert.Equal("", await ping.Content.ReadAsStringAsync(Cancel));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/generate_204") { Headers = { { "X-Iroh-Challenge", "ts_relay.example" } } };
        using HttpResponseMessage portal = await http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, portal.StatusCode);
        Assert.Equal("response ts_relay.example", Assert.Single(portal.Headers.GetValues("X-Iroh-Response")));

        using var bad = new HttpRequestMessage(HttpMethod.Get, "/generate_204");
        bad.Headers.TryAddWithoutValidation("X-Iroh-Challenge", "<script>");
        using HttpResponseMessage refused = await http.SendAsync(bad, Cancel);
        Assert.False(refused.Headers.Contains("X-Iroh-Response"));

        Assert.Equal("""{"status":"ok","clients":0}""", await http.GetStringAsync("/healthz", Cancel));
        using HttpResponseMessage plain = await http.GetAsync("/relay", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, plain.StatusCode);
    }

    [Fact]
    public async Task A_full_relay_says_so()
    {
        await using RelayServer relay = await RelayServer.StartAsync(configure: static options => options.MaxClients = 1, cancellationToken: Cancel);
        await using TestClient first = await TestClient.ConnectAsync(relay.Url);
        await using var second = new TestClient(relay.Url);
        Assert.Contains("503", await second.StateAsync(RelaySessionState.Connecting), StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = relay.Url };
        using HttpResponseMessage health = await http.GetAsync("/healthz", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
    }

    private static SecretKey Copy(SecretKey key)
    {
        Span<byte> bytes = stackalloc byte[SecretKey.Size];
        key.Export(bytes);
        return SecretKey.FromBytes(bytes);
    }

    private static async Task<ClientWebSocket> RawClientAsync(Uri url)
    {
        using SecretKey key = SecretKey.Generate();
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(RelayProtocol.V2Name);
        await socket.ConnectAsync(RelayUrl.ToWebSocket(url), Cancel);
        var buffer = new byte[100];
        await socket.ReceiveAsync(buffer.AsMemory(), Cancel);
        byte[] proof = RelayAuthentication.Prove(key, buffer.AsSpan(1, RelayProtocol.ChallengeLength));
        await socket.SendAsync(proof, WebSocketMessageType.Binary, endOfMessage: true, Cancel);
        ValueWebSocketReceiveResult confirmed = await socket.ReceiveAsync(buffer.AsMemory(), Cancel);
        Assert.Equal([2], buffer[..confirmed.Count]);
        return socket;
    }

    // Reads until the relay has ended the connection, in whatever way.
    private static async Task EndsAsync(ClientWebSocket socket)
    {
        var buffer = new byte[1000];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), Cancel)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
        }
    }
}
