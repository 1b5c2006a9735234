using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests;

public sealed class GreeterTests
{
    [Fact]
    public async Task Without_arguments_both_peers_show_every_kind_of_call()
    {
        string[] lines = (await ChildProcess.RunAsync(SampleProgram.Greeter)).Split('\n');

        Assert.Equal("transport: quic", lines[0]);
        Assert.Matches("^we are:    [0-9a-f]{64}$", lines[1]);
        Assert.Matches("^the peer:  [0-9a-f]{64}$", lines[2]);
        Assert.NotEqual(lines[1][^64..], lines[2][^64..]);
        GreeterTranscript.AssertShownBy(lines);
        Assert.Single(lines, GreeterTranscript.Remark);
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("any")]
    public async Task A_second_process_calls_with_the_ticket(string listen)
    {
        await using ChildProcess serve = ChildProcess.Start(SampleProgram.Greeter, "serve", "--listen", listen);
        string ticket = await serve.Output.LineAsync("endpoint");

        string[] lines = (await ChildProcess.RunAsync(SampleProgram.Greeter, "call", ticket)).Split('\n');

        GreeterTranscript.AssertShownBy(lines);
        await serve.Output.LineAsync(GreeterTranscript.Remark);
        serve.Interrupt();
        Assert.Equal(0, await serve.ExitAsync());
        Assert.Equal([ticket, GreeterTranscript.Remark], serve.Output.Lines);
        Assert.Empty(serve.Errors.Lines);
    }

    [Fact]
    public async Task A_peer_that_has_gone_gives_an_error_and_not_a_stack_trace()
    {
        await using ChildProcess serve = ChildProcess.Start(SampleProgram.Greeter, "serve");
        string ticket = await serve.Output.LineAsync("endpoint");
        await serve.KillAsync();

        await using ChildProcess call = ChildProcess.Start(SampleProgram.Greeter, "call", ticket);

        Assert.Equal(1, await call.ExitAsync());
        Assert.Contains("error: ", call.Errors.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", call.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_arguments_print_the_usage()
    {
        await using ChildProcess greeter = ChildProcess.Start(SampleProgram.Greeter, "shout");

        Assert.Equal(2, await greeter.ExitAsync());
        Assert.StartsWith("usage: greeter", greeter.Errors.Text, StringComparison.Ordinal);
    }
}
