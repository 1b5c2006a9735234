using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests;

public sealed class EchoTests
{
    [Fact]
    public async Task Without_arguments_both_peers_meet_in_one_process()
    {
        string output = await ChildProcess.RunAsync(SampleProgram.Echo);

        string[] lines = output.Split('\n');
        Assert.Equal("transport: quic", lines[0]);
        Assert.Matches("^we are:    [0-9a-f]{64}$", lines[1]);
        Assert.Matches("^the peer:  [0-9a-f]{64}$", lines[2]);
        Assert.NotEqual(lines[1][^64..], lines[2][^64..]);
        Assert.Equal("echoed:    hello, peer", lines[3]);
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("any")]
    public async Task A_second_process_calls_with_the_ticket(string listen)
    {
        await using ChildProcess serve = ChildProcess.Start(SampleProgram.Echo, "serve", "--listen", listen);
        string ticket = await serve.Output.LineAsync("endpoint");

        for (int call = 1; call <= 2; call++)
        {
            string output = await ChildProcess.RunAsync(SampleProgram.Echo, "call", ticket, $"grüße {call}");
            Assert.Contains($"echoed:    grüße {call}", output, StringComparison.Ordinal);
        }

        serve.Interrupt();
        Assert.Equal(0, await serve.ExitAsync());
        Assert.Equal([ticket], serve.Output.Lines);
        Assert.Empty(serve.Errors.Lines);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("endpointaaaa")]
    public async Task A_wrong_ticket_gives_an_error_and_not_a_stack_trace(string ticket)
    {
        await using ChildProcess call = ChildProcess.Start(SampleProgram.Echo, "call", ticket, "hello");

        Assert.Equal(1, await call.ExitAsync());
        string error = Assert.Single(call.Errors.Lines);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Contains("ticket", error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_peer_that_has_gone_gives_an_error_and_not_a_stack_trace()
    {
        await using ChildProcess serve = ChildProcess.Start(SampleProgram.Echo, "serve");
        string ticket = await serve.Output.LineAsync("endpoint");
        await serve.KillAsync();

        await using ChildProcess call = ChildProcess.Start(SampleProgram.Echo, "call", ticket, "hello");

        Assert.Equal(1, await call.ExitAsync());
        string first = call.Errors.Lines.First(line => !line.StartsWith("note: QUIC needs", StringComparison.Ordinal));
        Assert.StartsWith("error: ", first, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", call.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_arguments_print_the_usage()
    {
        await using ChildProcess echo = ChildProcess.Start(SampleProgram.Echo, "shout");

        Assert.Equal(2, await echo.ExitAsync());
        Assert.StartsWith("usage: echo", echo.Errors.Text, StringComparison.Ordinal);
    }
}
