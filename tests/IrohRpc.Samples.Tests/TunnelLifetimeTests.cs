using System.Net.Sockets;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;

namespace IrohRpc.Samples.Tests;

/// <summary>Starting, stopping, losing the peer and finding it again.</summary>
public sealed class TunnelLifetimeTests
{
    public static TheoryData<string> Transports => Programs.Transports.All;

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Standard_output_holds_the_ticket_and_nothing_else(string transport)
    {
        await using TcpService service = TcpService.Echo();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, transport);
        using Socket client = await tunnel.OpenAsync();
        await client.SendAsync("x");
        await client.ExpectAsync("x");
        client.Dispose();

        tunnel.Connecting.Interrupt();
        Assert.Equal(0, await tunnel.Connecting.ExitAsync());
        tunnel.Listening.Interrupt();
        Assert.Equal(0, await tunnel.Listening.ExitAsync());

        Assert.Equal([tunnel.Ticket], tunnel.Listening.Output.Lines);
        Assert.Empty(tunnel.Connecting.Output.Lines);
        Assert.Contains($"over {transport}", tunnel.Connecting.Errors.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_killed_peer_that_comes_back_is_found_again(string transport)
    {
        using var folder = new TemporaryFolder();
        string[] identity =
        [
            "--secret-key-file", folder.File("key"), "--listen", $"127.0.0.1:{Tcp.FreePort()}",
        ];
        await using TcpService service = TcpService.Echo();
        (ChildProcess first, string ticket) = await TunnelPair.ListenAsync(service.Port, transport, identity);
        await using ChildProcess firstOwned = first;
        await using ChildProcess connecting = TunnelPair.Connect(ticket, transport);
        int port = PortOf(await connecting.Errors.LineAsync("listening at "));
        using Socket lost = await Tcp.OpenAsync(port);
        await lost.SendAsync("before");
        await lost.ExpectAsync("before");

        await first.KillAsync();
        await lost.ExpectResetAsync();
        await connecting.Errors.LineAsync("The next client makes it dial again.");
        (ChildProcess second, string sameTicket) = await TunnelPair.ListenAsync(service.Port, transport, identity);
        await using ChildProcess secondOwned = second;
        using Socket client = await Tcp.OpenAsync(port);
        await client.SendAsync("after");
        await client.ExpectAsync("after");

        Assert.Equal(ticket, sameTicket);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_peer_that_stays_away_costs_the_client_and_not_the_tunnel(string transport)
    {
        await using TcpService service = TcpService.Echo();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, transport);
        tunnel.Listening.Interrupt();
        Assert.Equal(0, await tunnel.Listening.ExitAsync());
        await tunnel.Connecting.Errors.LineAsync("The next client makes it dial again.");
        int seen = tunnel.Connecting.Errors.Lines.Length;

        using Socket client = await tunnel.OpenAsync();
        await client.ExpectResetAsync();

        await tunnel.Connecting.Errors.LineAsync("warning: ", seen);
        tunnel.Connecting.Interrupt();
        Assert.Equal(0, await tunnel.Connecting.ExitAsync());
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Stopping_lets_a_connection_under_way_finish(string transport)
    {
        foreach (bool stopListening in new[] { true, false })
        {
            await using TcpService service = TcpService.ByHand();
            await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, transport);
            using Socket client = await tunnel.OpenAsync();
            Socket server = await service.AcceptAsync();
            await client.SendAsync("begun");
            await server.ExpectAsync("begun");
            ChildProcess stopped = stopListening ? tunnel.Listening : tunnel.Connecting;

            stopped.Interrupt();
            await stopped.Errors.LineAsync("stopping: 1 connections");
            await server.SendAsync("finished");
            server.Shutdown(SocketShutdown.Send);
            await client.ExpectAsync("finished");
            await client.ExpectEndAsync();
            client.Shutdown(SocketShutdown.Send);

            Assert.Equal(0, await stopped.ExitAsync());
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Stopping_delivers_what_was_said_last(string transport)
    {
        const int Length = 16 * 1024 * 1024;
        await using TcpService service = TcpService.ByHand();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, transport);
        using Socket client = await tunnel.OpenAsync();
        Socket server = await service.AcceptAsync();
        client.Shutdown(SocketShutdown.Send);
        await server.ExpectEndAsync();

        // From here on only the listening side speaks, and it is the one that is told to stop: with its last byte written, nothing of its own
        // keeps it.
        tunnel.Listening.Interrupt();
        await tunnel.Listening.Errors.LineAsync("stopping: 1 connections");
        Task sending = SendAsync();
        Assert.Equal(Length, await client.CountToEndAsync());
        await sending;

        Assert.Equal(0, await tunnel.Listening.ExitAsync());

        async Task SendAsync()
        {
            await server.SendAsync(new byte[Length], TestContext.Current.CancellationToken);
            server.Dispose();
        }
    }

    [Fact]
    public async Task Idle_connections_outlive_the_idle_time_out()
    {
        // The claim is about real time: nothing may happen for longer than the tunnel's idle time-out of 10 seconds.
        var quiet = TimeSpan.FromSeconds(13);
        await Task.WhenAll(Programs.Transports.Names.Select(async transport =>
        {
            await using TcpService service = TcpService.Echo();
            await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, transport);
            Socket[] clients = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => tunnel.OpenAsync()));
            try
            {
                await Assert.ThrowsAsync<TimeoutException>(() => clients[0].ExpectAsync("nothing").WaitAsync(quiet, TestContext.Current.CancellationToken));
                await Task.WhenAll(clients.Skip(1).Select(async client =>
                {
                    await client.SendAsync("still here");
                    await client.ExpectAsync("still here");
                }));
            }
            finally
            {
                foreach (Socket client in clients)
                {
                    client.Dispose();
                }
            }
        }));
    }

    [Fact]
    public async Task A_wrong_ticket_gives_an_error_and_a_failing_exit_code()
    {
        await using ChildProcess connect = ChildProcess.Start(SampleProgram.Tunnel, "connect", "nonsense", "--at", "0");

        Assert.NotEqual(0, await connect.ExitAsync());
        Assert.StartsWith("'nonsense' is not a ticket", connect.Errors.Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--to", "localhost", "<host:port>")]
    [InlineData("--to", "localhost:99999", "<host:port>")]
    [InlineData("--listen", "everywhere", "<ip:port>")]
    [InlineData("--transport", "pigeon", "pigeon")]
    public async Task A_wrong_option_is_named(string option, string value, string part)
    {
        await using ChildProcess listen = ChildProcess.Start(
            SampleProgram.Tunnel, option == "--to" ? ["listen", option, value] : ["listen", "--to", "localhost:1", option, value]);

        Assert.NotEqual(0, await listen.ExitAsync());
        Assert.Contains(part, listen.Errors.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", listen.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_local_port_that_is_taken_gives_an_error_and_a_failing_exit_code()
    {
        await using TcpService service = TcpService.Echo();
        await using TunnelPair tunnel = await TunnelPair.StartAsync(service.Port, "tls");

        await using ChildProcess second = ChildProcess.Start(
            SampleProgram.Tunnel, "connect", tunnel.Ticket, "--at", $"{tunnel.Port}", "--transport", "tls");

        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains($"{tunnel.Port}", Assert.Single(second.Errors.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Nobody_at_the_ticket_gives_an_error_and_a_failing_exit_code(string transport)
    {
        (ChildProcess listening, string ticket) = await TunnelPair.ListenAsync(Tcp.FreePort(), transport);
        await listening.DisposeAsync();

        await using ChildProcess connect = TunnelPair.Connect(ticket, transport);

        Assert.Equal(1, await connect.ExitAsync());
        Assert.Contains("error: ", connect.Errors.Lines[0], StringComparison.Ordinal);
    }

    private static int PortOf(string line) => int.Parse(line.Split("127.0.0.1:")[1].Split(';')[0], null);
}
