using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using IrohRpc.Reach.Tests.Lookup;
using IrohRpc.Relay;
using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests;

/// <summary>The greeter's two processes with nothing but an id between them: a relay and a place to publish at belong to the test.</summary>
public sealed class GreeterByIdTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_key_alone_leads_to_the_greeter_through_the_relay_that_it_publishes()
    {
        await using RelayServer relay = await RelayServer.StartAsync(cancellationToken: Cancel);
        await using TestPkarrRelay lookup = await TestPkarrRelay.StartAsync();
        string[] reach = ["--relay", relay.Url.AbsoluteUri, "--lookup", lookup.Url.AbsoluteUri];
        await using ChildProcess serve = ChildProcess.Start(SampleProgram.Greeter, ["serve", .. reach]);
        string id = (await serve.Output.LineAsync("id: "))["id: ".Length..];
        await lookup.PublishedAsync("relay=");

        // A pkarr relay is told of the relay only, so that the two have no other path, as where UDP is blocked.
        string[] lines = (await ChildProcess.RunAsync(SampleProgram.Greeter, ["call", id, .. reach])).Split('\n');
        Assert.Equal(("the peer:  " + id, "the path:  relay:" + relay.Url.AbsoluteUri), (lines[2], lines[3]));
        GreeterTranscript.AssertShownBy([.. lines.Where(IsNotPath)]);
        serve.Interrupt();
        Assert.Equal(0, await serve.ExitAsync());
    }

    [Fact]
    public async Task A_ticket_whose_address_does_not_answer_leads_through_the_relay_in_it()
    {
        await using RelayServer relay = await RelayServer.StartAsync(cancellationToken: Cancel);
        await using ChildProcess serve = ChildProcess.Start(
            SampleProgram.Greeter, "serve", "--listen", "127.0.0.1:0", "--relay", relay.Url.AbsoluteUri);
        var ticket = EndpointTicket.Parse(await serve.Output.LineAsync("endpoint"));
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        TransportAddress home = ticket.Address.Addresses.Single(address => address.Kind == TransportAddressKind.Relay);
        var blocked = new EndpointTicket(new EndpointAddress(ticket.Address.Id, home, TransportAddress.Ip((IPEndPoint)deaf.LocalEndPoint!)));
        string[] lines = (await ChildProcess.RunAsync(
            SampleProgram.Greeter, "call", blocked.ToString(), "--relay", relay.Url.AbsoluteUri)).Split('\n');
        Assert.Equal("the path:  relay:" + relay.Url.AbsoluteUri, lines[3]);
        GreeterTranscript.AssertShownBy([.. lines.Where(IsNotPath)]);
    }

    [Theory]
    [InlineData("Nat", "Nat")]
    [InlineData("Nat", "UdpBlocked")]
    public async Task The_key_alone_leads_to_the_greeter_behind_a_NAT_directly_where_there_is_UDP(string server, string caller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Network namespaces need Linux and root.");
        using Process process = Process.Start(new ProcessStartInfo(SampleProgram.Laboratory, ["greeter", SampleProgram.Greeter, server, caller])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(Cancel);
        string transcript = await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.SkipWhen(process.ExitCode == 77, await errors);
        Assert.True(process.ExitCode == 0, transcript + await errors);
        GreeterTranscript.AssertShownBy(transcript.TrimEnd().Split('\n').Skip(1).Where(IsNotPath));
    }

    private static bool IsNotPath(string line) => !line.StartsWith("the path:", StringComparison.Ordinal);
}
