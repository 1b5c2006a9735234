using System.Net.Sockets;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;

namespace IrohRpc.Samples.Tests;

/// <summary>What TCP promises to each end of one connection holds through the tunnel.</summary>
public sealed class TunnelConnectionTests
{
    public static TheoryData<string> Transports => Programs.Transports.All;

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_client_that_has_said_all_still_hears_the_answer(string transport)
    {
        await using TcpService service = TcpService.ByHand();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, transport);
        using Socket client = await tunnel.OpenAsync();
        Socket server = await service.AcceptAsync();

        await client.SendAsync("question");
        client.Shutdown(SocketShutdown.Send);
        await server.ExpectAsync("question");
        await server.ExpectEndAsync();
        await server.SendAsync("answer");
        server.Shutdown(SocketShutdown.Send);

        await client.ExpectAsync("answer");
        await client.ExpectEndAsync();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_server_that_speaks_first_and_has_said_all_still_hears_the_client(string transport)
    {
        await using TcpService service = TcpService.ByHand();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, transport);
        using Socket client = await tunnel.OpenAsync();
        Socket server = await service.AcceptAsync();

        await server.SendAsync("welcome");
        server.Shutdown(SocketShutdown.Send);
        await client.ExpectAsync("welcome");
        await client.ExpectEndAsync();
        await client.SendAsync("thanks");
        client.Shutdown(SocketShutdown.Send);

        await server.ExpectAsync("thanks");
        await server.ExpectEndAsync();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_reset_by_the_client_resets_the_service(string transport)
    {
        await using TcpService service = TcpService.ByHand();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, transport);
        using Socket client = await tunnel.OpenAsync();
        Socket server = await service.AcceptAsync();
        await client.SendAsync("x");
        await server.ExpectAsync("x");

        client.Reset();

        await server.ExpectResetAsync();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_reset_by_the_service_resets_the_client(string transport)
    {
        await using TcpService service = TcpService.ByHand();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, transport);
        using Socket client = await tunnel.OpenAsync();
        Socket server = await service.AcceptAsync();
        await server.SendAsync("x");
        await client.ExpectAsync("x");

        server.Reset();

        await client.ExpectResetAsync();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_client_learns_that_the_service_left_after_its_last_word(string transport)
    {
        await using TcpService service = TcpService.ByHand();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, transport);
        using Socket client = await tunnel.OpenAsync();
        Socket server = await service.AcceptAsync();

        // The service says goodbye and is gone; what the client then sends meets a closed port, and TCP answers with a reset.
        await server.SendAsync("bye");
        server.Dispose();
        await client.ExpectAsync("bye");
        await client.ExpectEndAsync();

        await client.SendUntilBrokenAsync();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_service_that_is_down_is_named_at_the_connecting_side(string transport)
    {
        int port = Tcp.FreePort();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(port, transport);
        using Socket client = await tunnel.OpenAsync();

        await client.ExpectResetAsync();

        string line = await tunnel.Connecting.Errors.LineAsync($"127.0.0.1:{port} refused");
        Assert.Contains("is the service running", line, StringComparison.Ordinal);
        await tunnel.Listening.Errors.LineAsync($"cannot reach 127.0.0.1:{port}");
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_reader_that_stops_slows_its_own_sender_and_nobody_else(string transport)
    {
        const int Chunk = 64 * 1024;
        const int Chunks = 2048;
        await using TcpService service = TcpService.ByHand();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, transport);
        using Socket slowClient = await tunnel.OpenAsync();
        Socket slowServer = await service.AcceptAsync();
        int sent = 0;
        Task sending = SendAllAsync();

        // The others talk all the time while 128 MiB wait for a reader.
        using Socket client = await tunnel.OpenAsync();
        Socket server = await service.AcceptAsync();
        for (int round = 0; round < 1000; round++)
        {
            await client.SendAsync("ping");
            await server.ExpectAsync("ping");
            await server.SendAsync("pong");
            await client.ExpectAsync("pong");
        }

        Assert.False(sending.IsCompleted, "all was taken in although nobody read");
        Assert.Equal((long)Chunk * Chunks, await slowClient.CountToEndAsync());
        await sending;

        async Task SendAllAsync()
        {
            byte[] chunk = new byte[Chunk];
            for (; sent < Chunks; sent++)
            {
                await slowServer.SendAsync(chunk, TestContext.Current.CancellationToken);
            }

            slowServer.Shutdown(SocketShutdown.Send);
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Two_thousand_connections_talk_at_once(string transport)
    {
        const int Count = 2000;
        await using TcpService service = TcpService.Echo();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, transport);
        Socket[] clients = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => tunnel.OpenAsync()));
        try
        {
            // Nobody leaves before everybody was served, twice, so that all are open at once.
            for (int round = 0; round < 2; round++)
            {
                await Task.WhenAll(clients.Select(async (client, index) =>
                {
                    await client.SendAsync($"{round} {index:0000}");
                    await client.ExpectAsync($"{round} {index:0000}");
                }));
            }

            await Task.WhenAll(clients.Select(async client =>
            {
                client.Shutdown(SocketShutdown.Send);
                await client.ExpectEndAsync();
            }));
        }
        finally
        {
            foreach (Socket client in clients)
            {
                client.Dispose();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Much_data_goes_both_ways_at_once_unharmed(string transport)
    {
        const int Length = 32 * 1024 * 1024;
        await using TcpService service = TcpService.Echo();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, transport);
        byte[] sent = new byte[Length];
        new Random(1).NextBytes(sent);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using Socket client = await tunnel.OpenAsync();
            await using var stream = new NetworkStream(client);
            Task sending = SendAsync();
            byte[] received = new byte[Length];
            await stream.ReadExactlyAsync(received, TestContext.Current.CancellationToken).AsTask().WaitAsync(ChildProcess.Patience);
            await sending;
            await client.ExpectEndAsync();
            Assert.True(sent.AsSpan().SequenceEqual(received));

            async Task SendAsync()
            {
                await stream.WriteAsync(sent, TestContext.Current.CancellationToken);
                client.Shutdown(SocketShutdown.Send);
            }
        }));
    }
}
