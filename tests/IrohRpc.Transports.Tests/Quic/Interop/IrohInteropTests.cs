using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Transport.Internal;
using IrohRpc.Tests.Shared.Iroh;

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>Our QUIC and real iroh, each dialling the other, in a network that holds nothing but loopback.</summary>
[Collection<RunsAlone>]
public sealed class IrohInteropTests : IClassFixture<IrohInteropTests.BothVersions>, IAsyncDisposable
{
    private const string Iroh1 = IrohInstallation.Iroh1;
    private const string Iroh035 = IrohInstallation.Iroh035;

    private readonly BothVersions _installation;
    private readonly NetworkNamespace _network;
    private readonly List<IAsyncDisposable> _owned = [];
    private (string Peer, string Case) _row = ("", "");

    public IrohInteropTests(BothVersions installation)
    {
        _installation = installation;
        Assert.SkipWhen(installation.Unavailable is not null, installation.Unavailable ?? "");
        _network = NetworkNamespace.TryCreate(out string reason) ?? throw new InvalidOperationException(reason);
    }

    public enum Dialler
    {
        Ours,
        Iroh,
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_row.Case.Length > 0 && TestContext.Current.TestState is { } state)
        {
            InteropResults.Record(_row.Peer, _row.Case, state.Result);
        }

        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        _network.Dispose();
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.Iroh)]
    public async Task Handshake_tells_each_side_who_the_other_is(Dialler dialler)
    {
        _row = (Column(dialler), "handshake");
        (NamespacedPeer ours, IrohPeer iroh, PeerConnection connection, JsonElement told) = await ConnectAsync(dialler);
        Assert.Equal(iroh.Id, connection.PeerId);
        Assert.Equal(ours.Id.ToString(), told.GetProperty("remote").GetString());
        Assert.Equal(IrohPeer.Alpn, connection.Alpn);
    }

    [Theory]
    [InlineData(Dialler.Ours, 0)]
    [InlineData(Dialler.Ours, 5_000_000)]
    [InlineData(Dialler.Iroh, 1)]
    [InlineData(Dialler.Iroh, 5_000_000)]
    public async Task Our_bidirectional_stream_is_echoed(Dialler dialler, int length)
    {
        _row = (Column(dialler), "transfer of 5 MB");
        (_, _, PeerConnection connection, _) = await ConnectAsync(dialler);
        byte[] data = RandomNumberGenerator.GetBytes(length);
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(Token);
        Task write = stream.WriteAsync(data, completeWrites: true, Token).AsTask();
        byte[] hash = await SHA256.HashDataAsync(stream, Token).AsTask().WaitAsync(IrohPeer.Patience, Token);
        await write;
        Assert.Equal(SHA256.HashData(data), hash);
    }

    [Theory]
    [InlineData(Dialler.Ours, 0x1301)]
    [InlineData(Dialler.Ours, 0x1302)]
    [InlineData(Dialler.Ours, 0x1303)]
    [InlineData(Dialler.Iroh, 0x1301)]
    [InlineData(Dialler.Iroh, 0x1302)]
    [InlineData(Dialler.Iroh, 0x1303)]
    public async Task Each_cipher_suite_carries_data(Dialler dialler, int code)
    {
        CipherSuite suite = TlsOptions.DefaultSuites.Single(suite => suite.Code == code);
        _row = (Column(dialler), suite.Name);
        (_, _, PeerConnection connection, _) = await ConnectAsync(dialler, new QuicTransportOptions { CipherSuites = [suite] });
        Assert.Equal(suite, ((QuicPeerConnection)connection).Io.Core.Tls.Suite);
        await EchoAsync(connection, new string('z', 200_000));
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.Iroh)]
    public async Task Our_unidirectional_stream_comes_back_as_one(Dialler dialler)
    {
        _row = (Column(dialler), "unidirectional streams");
        (_, _, PeerConnection connection, _) = await ConnectAsync(dialler);
        byte[] data = RandomNumberGenerator.GetBytes(2_000_000);
        await using PeerStream there = await connection.OpenUnidirectionalStreamAsync(Token);
        await there.WriteAsync(data, completeWrites: true, Token).AsTask().WaitAsync(IrohPeer.Patience, Token);
        await using PeerStream back = await connection.AcceptUnidirectionalStreamAsync(Token).AsTask().WaitAsync(IrohPeer.Patience, Token);
        Assert.Equal(SHA256.HashData(data), await SHA256.HashDataAsync(back, Token).AsTask().WaitAsync(IrohPeer.Patience, Token));
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.Iroh)]
    public async Task Their_bidirectional_stream_is_echoed(Dialler dialler)
    {
        _row = (Column(dialler), "its bidirectional streams");
        (_, IrohPeer iroh, PeerConnection connection, JsonElement told) = await ConnectAsync(dialler);
        Task<JsonElement> asked = iroh.DoAsync("bidirectional", new() { ["index"] = IndexOf(told), ["length"] = 3_000_000 });
        await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(Token).AsTask().WaitAsync(IrohPeer.Patience, Token);
        await stream.CopyToAsync(stream, Token).WaitAsync(IrohPeer.Patience, Token);
        stream.CompleteWrites();
        Assert.True((await asked).GetProperty("same").GetBoolean());
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.Iroh)]
    public async Task Their_unidirectional_stream_arrives(Dialler dialler)
    {
        _row = (Column(dialler), "its unidirectional streams");
        (_, IrohPeer iroh, PeerConnection connection, JsonElement told) = await ConnectAsync(dialler);
        Task<JsonElement> sent = iroh.DoAsync("unidirectional", new() { ["index"] = IndexOf(told), ["length"] = 1_000_000 });
        await using PeerStream stream = await connection.AcceptUnidirectionalStreamAsync(Token).AsTask().WaitAsync(IrohPeer.Patience, Token);
        byte[] hash = await SHA256.HashDataAsync(stream, Token).AsTask().WaitAsync(IrohPeer.Patience, Token);
        Assert.Equal((await sent).GetProperty("sum").GetString(), Convert.ToHexStringLower(hash));
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.Iroh)]
    public async Task Datagrams_go_both_ways(Dialler dialler)
    {
        _row = (Column(dialler), "datagrams");
        (_, _, PeerConnection connection, _) = await ConnectAsync(dialler);
        Assert.InRange(connection.MaxDatagramLength!.Value, 1100, 1500);
        connection.SendDatagram("there and back"u8);
        ReadOnlyMemory<byte> back = await connection.ReceiveDatagramAsync(Token).AsTask().WaitAsync(IrohPeer.Patience, Token);
        Assert.Equal("there and back", Encoding.ASCII.GetString(back.Span));
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.Iroh)]
    public async Task Their_reset_and_stop_arrive_with_their_codes(Dialler dialler)
    {
        _row = (Column(dialler), "reset and stop with codes");
        (_, IrohPeer iroh, PeerConnection connection, JsonElement told) = await ConnectAsync(dialler);
        await iroh.DoAsync("reset", new() { ["index"] = IndexOf(told), ["code"] = 77 });
        await using PeerStream cut = await connection.AcceptBidirectionalStreamAsync(Token).AsTask().WaitAsync(IrohPeer.Patience, Token);
        PeerException failure = await Assert.ThrowsAsync<PeerException>(() => cut.CopyToAsync(Stream.Null, Token).WaitAsync(IrohPeer.Patience, Token));
        Assert.Equal((PeerErrorKind.StreamAborted, 77L), (failure.Kind, failure.ErrorCode!.Value));

        await iroh.DoAsync("stop", new() { ["index"] = IndexOf(told), ["code"] = 78 });
        await using PeerStream stopped = await connection.AcceptBidirectionalStreamAsync(Token).AsTask().WaitAsync(IrohPeer.Patience, Token);
        failure = await Assert.ThrowsAsync<PeerException>(() => stopped.WritesClosed.WaitAsync(IrohPeer.Patience, Token));
        Assert.Equal((PeerErrorKind.StreamAborted, 78L), (failure.Kind, failure.ErrorCode!.Value));
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.Iroh)]
    public async Task Our_abort_ends_a_stream_and_nothing_else(Dialler dialler)
    {
        _row = (Column(dialler), "our reset with a code");
        (_, IrohPeer iroh, PeerConnection connection, _) = await ConnectAsync(dialler);
        PeerStream stream = await connection.OpenBidirectionalStreamAsync(Token);
        await stream.WriteAsync("cut"u8.ToArray(), Token);
        stream.AbortWrite(79);
        stream.AbortRead(80);
        Assert.Contains("79", (await iroh.EventAsync("streamError")).GetProperty("error").GetString());
        await EchoAsync(connection, "still there");
    }

    [Theory]
    [InlineData(Dialler.Ours, true)]
    [InlineData(Dialler.Ours, false)]
    [InlineData(Dialler.Iroh, true)]
    [InlineData(Dialler.Iroh, false)]
    public async Task Close_code_and_reason_reach_the_other_side(Dialler dialler, bool weClose)
    {
        _row = (Column(dialler), "close code and reason");
        (_, IrohPeer iroh, PeerConnection connection, JsonElement told) = await ConnectAsync(dialler);
        await EchoAsync(connection, "before the end");
        if (weClose)
        {
            await connection.CloseAsync(4711, "that was it", Token);
            string reason = (await iroh.EventAsync("closed")).GetProperty("reason").GetString()!;
            Assert.Contains("4711", reason);
            Assert.Contains("that was it", reason);
        }
        else
        {
            await iroh.DoAsync("close", new() { ["index"] = IndexOf(told), ["code"] = 4712, ["reason"] = "enough" });
            ConnectionEnd end = await connection.Closed.WaitAsync(IrohPeer.Patience, Token);
            Assert.Equal((PeerErrorKind.ClosedByPeer, 4712L, "enough"), (end.Kind, end.ErrorCode!.Value, end.Reason));
        }
    }

    [Fact]
    public async Task Wrong_peer_is_refused_by_our_dial_and_iroh_sees_it()
    {
        _row = (Column(Dialler.Ours), "wrong peer");
        NamespacedPeer ours = OwnPeer();
        IrohPeer iroh = await StartAsync(Iroh1);
        using SecretKey other = SecretKey.Generate();
        PeerException failure = await Assert.ThrowsAsync<PeerException>(() => ours.DialAsync(iroh, other.Id));
        Assert.Equal(PeerErrorKind.WrongPeer, failure.Kind);
        Assert.Contains(iroh.Id.ToString(), failure.Message);
        Assert.NotEmpty((await iroh.EventAsync("refused")).GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task Wrong_peer_is_refused_by_iroh()
    {
        _row = (Column(Dialler.Iroh), "wrong peer");
        NamespacedPeer ours = OwnPeer();
        IrohPeer iroh = await StartAsync(Iroh1);
        using SecretKey other = SecretKey.Generate();
        IrohException failure = await Assert.ThrowsAsync<IrohException>(
            () => iroh.DoAsync("connect", new() { ["id"] = other.Id.ToString(), ["address"] = ours.Address.ToString() }));
        Assert.Contains("UnknownIssuer", failure.Message);
    }

    [Fact]
    public async Task Wrong_ALPN_is_refused_on_both_sides()
    {
        _row = (Column(Dialler.Ours), "wrong ALPN");
        NamespacedPeer ours = OwnPeer();
        IrohPeer iroh = await StartAsync(Iroh1);
        PeerException failure = await Assert.ThrowsAsync<PeerException>(() => ours.DialAsync(iroh, alpn: "other/1"));
        Assert.Equal(PeerErrorKind.NoCommonAlpn, failure.Kind);
        Assert.Contains("other/1", failure.Message);

        IrohException theirs = await Assert.ThrowsAsync<IrohException>(() => iroh.DoAsync(
            "connect", new() { ["id"] = ours.Id.ToString(), ["address"] = ours.Address.ToString(), ["alpn"] = "other/1" }));
        Assert.Contains("120", theirs.Message);
    }

    [Fact]
    public async Task Retry_of_iroh_is_answered()
    {
        _row = (Column(Dialler.Ours), "Retry");
        NamespacedPeer ours = OwnPeer();
        IrohPeer iroh = await StartAsync(Iroh1, retry: true);
        PeerConnection connection = Own(await ours.DialAsync(iroh));
        await iroh.EventAsync("retried");
        await EchoAsync(connection, "after a retry");
    }

    [Fact]
    public async Task Iroh_answers_our_Retry()
    {
        _row = (Column(Dialler.Iroh), "Retry");
        NamespacedPeer ours = OwnPeer(new QuicTransportOptions { AlwaysRetries = true });
        IrohPeer iroh = await StartAsync(Iroh1);
        Task<PeerConnection> accepting = ours.AcceptAsync();
        await iroh.DoAsync("connect", new() { ["id"] = ours.Id.ToString(), ["address"] = ours.Address.ToString() });
        await EchoAsync(Own(await accepting), "after a retry");
    }

    [Fact]
    public async Task Sessions_of_iroh_are_resumed()
    {
        _row = (Column(Dialler.Ours), "resumption");
        NamespacedPeer ours = OwnPeer();
        IrohPeer iroh = await StartAsync(Iroh1);
        PeerConnection first = Own(await ours.DialAsync(iroh));
        await EchoAsync(first, "first");
        await first.CloseAsync(0, "", Token);
        PeerConnection second = Own(await ours.DialAsync(iroh));
        await EchoAsync(second, "second");
        Assert.False(((QuicPeerConnection)first).Io.Core.Tls.IsResumed);
        Assert.True(((QuicPeerConnection)second).Io.Core.Tls.IsResumed);
    }

    [Fact]
    public async Task Iroh_resumes_our_sessions()
    {
        _row = (Column(Dialler.Iroh), "resumption");
        NamespacedPeer ours = OwnPeer();
        IrohPeer iroh = await StartAsync(Iroh1);
        for (int i = 0; i < 2; i++)
        {
            Task<PeerConnection> accepting = ours.AcceptAsync();
            JsonElement told = await iroh.DoAsync("connect", new() { ["id"] = ours.Id.ToString(), ["address"] = ours.Address.ToString() });
            PeerConnection connection = Own(await accepting);
            await EchoAsync(connection, "echo");
            Assert.Equal(i == 1, ((QuicPeerConnection)connection).Io.Core.Tls.IsResumed);
            Assert.Equal(iroh.Id, connection.PeerId);
            await iroh.DoAsync("close", new() { ["index"] = IndexOf(told), ["code"] = 0, ["reason"] = "" });
            await connection.Closed.WaitAsync(IrohPeer.Patience, Token);
        }
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.Iroh)]
    public async Task Keys_are_updated_on_the_way(Dialler dialler)
    {
        _row = (Column(dialler), "key update");
        (_, _, PeerConnection connection, _) = await ConnectAsync(dialler);
        await EchoAsync(connection, "before");
        for (int i = 0; i < 3; i++)
        {
            QuicPeerConnection quic = (QuicPeerConnection)connection;
            bool updated = false;
            long start = TimeProvider.System.GetTimestamp();

            // The next update has to wait until three probe time-outs after the last (RFC 9001, section 6.5).
            while (!updated && TimeProvider.System.GetElapsedTime(start) < IrohPeer.Patience)
            {
                lock (quic.Gate)
                {
                    updated = quic.Io.Core.TryUpdateKeys(quic.Io.Now);
                }

                await EchoAsync(connection, $"after {i}");
            }

            Assert.True(updated);
            await EchoAsync(connection, new string('x', 200_000));
        }
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.Iroh)]
    public async Task Idle_connection_lives_for_40_seconds_by_keep_alives(Dialler dialler)
    {
        _row = (Column(dialler), "keep-alive over 40 s");
        (_, _, PeerConnection connection, _) = await ConnectAsync(dialler);
        await Assert.ThrowsAsync<TimeoutException>(() => connection.Closed.WaitAsync(TimeSpan.FromSeconds(40), Token));
        await EchoAsync(connection, "still there");
    }

    [Fact]
    public async Task Two_hundred_connections_of_ours_at_once()
    {
        _row = (Column(Dialler.Ours), "200 connections at once");
        NamespacedPeer ours = OwnPeer();
        IrohPeer iroh = await StartAsync(Iroh1);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            await using PeerConnection connection = await ours.DialAsync(iroh);
            await EchoAsync(connection, $"connection {i}");
        }));
    }

    [Fact]
    public async Task Two_hundred_connections_of_iroh_at_once()
    {
        _row = (Column(Dialler.Iroh), "200 connections at once");
        NamespacedPeer ours = OwnPeer();
        IrohPeer iroh = await StartAsync(Iroh1);
        Task<JsonElement> asked = iroh.DoAsync(
            "connectMany", new() { ["id"] = ours.Id.ToString(), ["address"] = ours.Address.ToString(), ["count"] = 200 });
        for (int i = 0; i < 200; i++)
        {
            PeerConnection connection = Own(await ours.AcceptAsync());
            _ = AnswerOneAsync(connection);
        }

        Assert.Equal(200, (await asked).GetProperty("count").GetInt32());
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.Iroh)]
    public async Task Megabytes_survive_loss_and_reordering(Dialler dialler)
    {
        _row = (Column(dialler), "loss and reordering");
        NamespacedPeer ours = OwnPeer();
        IrohPeer iroh = await StartAsync(Iroh1);
        IPEndPoint target = dialler == Dialler.Ours ? iroh.Address : ours.Address;
        LossyProxy proxy = Own(new LossyProxy(_network, target));
        PeerConnection connection;
        if (dialler == Dialler.Ours)
        {
            connection = Own(await ours.DialAsync(iroh, address: proxy.Address));
        }
        else
        {
            Task<PeerConnection> accepting = ours.AcceptAsync();
            await iroh.DoAsync("connect", new() { ["id"] = ours.Id.ToString(), ["address"] = proxy.Address.ToString() });
            connection = Own(await accepting);
        }

        byte[] data = RandomNumberGenerator.GetBytes(1_000_000);
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(Token);
        Task write = stream.WriteAsync(data, completeWrites: true, Token).AsTask();
        byte[] hash = await SHA256.HashDataAsync(stream, Token).AsTask().WaitAsync(IrohPeer.Patience * 3, Token);
        await write;
        Assert.Equal(SHA256.HashData(data), hash);
        Assert.True(proxy.Lost > 10);
    }

    [Fact]
    public async Task Version_that_nobody_speaks_is_answered_with_those_that_are()
    {
        _row = (Column(Dialler.Ours), "version negotiation");
        NamespacedPeer ours = OwnPeer();
        IrohPeer iroh = await StartAsync(Iroh1);
        foreach (IPEndPoint target in (IPEndPoint[])[ours.Address, iroh.Address])
        {
            byte[] answer = _network.Run(() => VersionProbe.Send(target));
            Assert.Equal(0u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(1)));
            Assert.Contains("00000001", Convert.ToHexString(answer));
        }
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.Iroh)]
    public async Task The_diallers_port_may_change_on_the_way(Dialler dialler)
    {
        _row = (Column(dialler), "rebinding of the port");
        await RebindAsync(dialler, static (proxy, _) => proxy.Rebind());
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.Iroh)]
    public async Task The_diallers_address_may_change_on_the_way(Dialler dialler)
    {
        _row = (Column(dialler), "rebinding of the address");
        await RebindAsync(dialler, static (proxy, time) => proxy.Rebind(IPAddress.Parse($"127.0.0.{time + 2}")));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task We_move_to_another_address_and_iroh_follows(bool isOldPathGone)
    {
        _row = (Column(Dialler.Ours), "migration");
        NamespacedPeer ours = Own(new NamespacedPeer(_network, address: IPAddress.Any));
        IrohPeer iroh = await StartAsync(Iroh1);
        PeerConnection connection = Own(await ours.DialAsync(iroh));
        await EchoAsync(connection, new string('a', 50_000));
        var quic = (QuicPeerConnection)connection;
        var elsewhere = UdpAddress.From(new IPEndPoint(IPAddress.Parse("127.0.0.2"), ours.Address.Port));
        lock (quic.Gate)
        {
            Assert.True(quic.Io.Core.TryMigrate(new NetworkPath(quic.Io.Core.Path.Remote, elsewhere), isOldPathGone));
        }

        quic.Io.RequestFlush();
        long changes = 0;
        for (int i = 0; i < 50 && changes == 0; i++)
        {
            // A path that is tried first is taken once iroh has answered there.
            await EchoAsync(connection, new string('b', 50_000));
            lock (quic.Gate)
            {
                changes = quic.Io.Core.Statistics.PathChanges;
            }
        }

        await EchoAsync(connection, new string('c', 50_000));
        lock (quic.Gate)
        {
            Assert.Equal((1, elsewhere, true), (quic.Io.Core.Statistics.PathChanges, quic.Io.Core.Path.Local, quic.Io.Core.Paths.First().IsValidated));
        }
    }

    private async Task RebindAsync(Dialler dialler, Action<LossyProxy, int> rebind)
    {
        NamespacedPeer ours = OwnPeer();
        IrohPeer iroh = await StartAsync(Iroh1);
        LossyProxy proxy = Own(new LossyProxy(_network, dialler == Dialler.Ours ? iroh.Address : ours.Address, isLossy: false));
        PeerConnection connection;
        if (dialler == Dialler.Ours)
        {
            connection = Own(await ours.DialAsync(iroh, address: proxy.Address));
        }
        else
        {
            Task<PeerConnection> accepting = ours.AcceptAsync();
            await iroh.DoAsync("connect", new() { ["id"] = ours.Id.ToString(), ["address"] = proxy.Address.ToString() });
            connection = Own(await accepting);
        }

        await EchoAsync(connection, new string('a', 50_000));
        for (int i = 0; i < 3; i++)
        {
            rebind(proxy, i);

            // Only what the dialler says shows where it is now.
            await EchoAsync(connection, new string('b', 50_000));
        }
    }

    [Fact]
    public async Task Iroh_035_answers_our_Retry()
    {
        _row = ("iroh 0.35 dials us", "Retry");
        NamespacedPeer ours = OwnPeer(new QuicTransportOptions { AlwaysRetries = true });
        IrohPeer iroh = await StartAsync(Iroh035);
        Task<JsonElement> asked = iroh.DoAsync(
            "echo", new() { ["id"] = ours.Id.ToString(), ["address"] = ours.Address.ToString(), ["length"] = 1_000 });
        await AnswerOneAsync(Own(await ours.AcceptAsync()));
        Assert.True((await asked).GetProperty("same").GetBoolean());
    }

    [Fact]
    public async Task Iroh_035_says_which_versions_it_speaks()
    {
        _row = ("we dial iroh 0.35", "version negotiation");
        NamespacedPeer ours = OwnPeer();
        IrohPeer iroh = await StartAsync(Iroh035);
        using System.Net.Sockets.Socket socket = _network.Run(VersionProbe.Bind);
        await iroh.DoAsync("expect", new() { ["id"] = ours.Id.ToString(), ["address"] = socket.LocalEndPoint!.ToString() });
        byte[] answer = _network.Run(() => VersionProbe.Send(socket, iroh.Address));
        Assert.Equal(0u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(1)));
        Assert.Contains("00000001", Convert.ToHexString(answer));
    }

    [Fact]
    public async Task Iroh_035_is_dialled()
    {
        _row = ("we dial iroh 0.35", "handshake");
        NamespacedPeer ours = OwnPeer();
        IrohPeer iroh = await StartAsync(Iroh035);
        await iroh.DoAsync("expect", new() { ["id"] = ours.Id.ToString(), ["address"] = ours.Address.ToString() });
        PeerConnection connection = Own(await ours.DialAsync(iroh));
        await EchoAsync(connection, new string('y', 100_000));
    }

    [Fact]
    public async Task Iroh_035_dials()
    {
        _row = ("iroh 0.35 dials us", "handshake");
        NamespacedPeer ours = OwnPeer();
        IrohPeer iroh = await StartAsync(Iroh035);
        Task<JsonElement> asked = iroh.DoAsync(
            "echo", new() { ["id"] = ours.Id.ToString(), ["address"] = ours.Address.ToString(), ["length"] = 100_000 });
        PeerConnection connection = Own(await ours.AcceptAsync());
        await AnswerOneAsync(connection);
        JsonElement answer = await asked;
        Assert.True(answer.GetProperty("same").GetBoolean());
        Assert.Equal(ours.Id.ToString(), answer.GetProperty("remote").GetString());
        ConnectionEnd end = await connection.Closed.WaitAsync(IrohPeer.Patience, Token);
        Assert.Equal((3L, "done"), (end.ErrorCode!.Value, end.Reason));
    }

    private static string Column(Dialler dialler) => dialler == Dialler.Ours ? "we dial iroh 1.1.0" : "iroh 1.1.0 dials us";

    private static int IndexOf(JsonElement told) => told.GetProperty("index").GetInt32();

    private static async Task EchoAsync(PeerConnection connection, string text)
    {
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(Token).AsTask().WaitAsync(IrohPeer.Patience, Token);
        Task write = stream.WriteAsync(Encoding.ASCII.GetBytes(text), completeWrites: true, Token).AsTask();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.Equal(text, await reader.ReadToEndAsync(Token).WaitAsync(IrohPeer.Patience, Token));
        await write;
    }

    private static async Task AnswerOneAsync(PeerConnection connection)
    {
        await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(Token).AsTask().WaitAsync(IrohPeer.Patience, Token);
        await stream.CopyToAsync(stream, Token).WaitAsync(IrohPeer.Patience, Token);
        stream.CompleteWrites();
        await stream.WritesClosed.WaitAsync(IrohPeer.Patience, Token);
    }

    private async Task<(NamespacedPeer Ours, IrohPeer Iroh, PeerConnection Connection, JsonElement Told)> ConnectAsync(
        Dialler dialler, QuicTransportOptions? options = null)
    {
        NamespacedPeer ours = OwnPeer(options);
        IrohPeer iroh = await StartAsync(Iroh1);
        if (dialler == Dialler.Ours)
        {
            PeerConnection dialled = Own(await ours.DialAsync(iroh));
            return (ours, iroh, dialled, await iroh.EventAsync("accepted"));
        }

        Task<PeerConnection> accepting = ours.AcceptAsync();
        JsonElement told = await iroh.DoAsync("connect", new() { ["id"] = ours.Id.ToString(), ["address"] = ours.Address.ToString() });
        return (ours, iroh, Own(await accepting), told);
    }

    private NamespacedPeer OwnPeer(QuicTransportOptions? options = null) => Own(new NamespacedPeer(_network, options));

    private async Task<IrohPeer> StartAsync(string version, bool retry = false)
        => Own(await IrohPeer.StartAsync(_installation, _network, new IrohPeerSettings { Version = version, Retry = retry }));

    private T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Real iroh of both protocols' time.</summary>
    public sealed class BothVersions() : IrohInstallation(Iroh1, Iroh035);
}
