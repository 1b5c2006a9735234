using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.Tests.Tls;

/// <summary>
/// The TLS transport against the npm package @moq/qmux over Node's TLS: nothing at the other end is ours. The role is that of the script.
/// </summary>
public sealed class QMuxInteropTests : IClassFixture<NodeInstallation>, IDisposable
{
    private readonly NodeInstallation _installation;
    private readonly TlsPeer _ours = new();

    public QMuxInteropTests(NodeInstallation installation)
    {
        _installation = installation;
        Assert.SkipWhen(installation.Unavailable is not null, installation.Unavailable ?? string.Empty);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _ours.Dispose();

    [Theory, InlineData("dial"), InlineData("accept")]
    public async Task Our_bidirectional_stream_is_echoed(string role)
    {
        await using NodePeer node = await NodePeer.ConnectAsync(_installation, _ours, role);
        await using PeerStream stream = await node.CommandAsync("echo");
        await stream.WriteAsync("to and fro"u8.ToArray(), completeWrites: true, Token);
        Assert.Equal("to and fro", await ReadTextAsync(stream));
        await stream.ReadsClosed.WaitAsync(TlsPeer.Patience, Token);
        await stream.WritesClosed.WaitAsync(TlsPeer.Patience, Token);
    }

    [Theory, InlineData("dial"), InlineData("accept")]
    public async Task Their_bidirectional_stream_is_answered(string role)
    {
        await using NodePeer node = await NodePeer.ConnectAsync(_installation, _ours, role);
        await using PeerStream command = await node.CommandAsync("call is anybody there");
        await using PeerStream call = await node.Connection.AcceptBidirectionalStreamAsync(Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        Assert.Equal("is anybody there", await ReadTextAsync(call));
        await call.WriteAsync("yes"u8.ToArray(), completeWrites: true, Token);
        Assert.Equal("yes", await ReadTextAsync(command));
    }

    [Theory, InlineData("dial"), InlineData("accept")]
    public async Task Our_unidirectional_stream_arrives(string role)
    {
        await using NodePeer node = await NodePeer.ConnectAsync(_installation, _ours, role);
        await using PeerStream stream = await node.Connection.OpenUnidirectionalStreamAsync(Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        byte[] data = RandomNumberGenerator.GetBytes(3_000_000);
        await stream.WriteAsync(data, completeWrites: true, Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        JsonElement uni = (await node.NextAsync()).GetProperty("uni");
        Assert.Equal(data.Length, uni.GetProperty("bytes").GetInt32());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(data)), uni.GetProperty("sha256").GetString());
    }

    [Theory, InlineData("dial"), InlineData("accept")]
    public async Task Their_unidirectional_stream_arrives(string role)
    {
        await using NodePeer node = await NodePeer.ConnectAsync(_installation, _ours, role);
        await using PeerStream command = await node.CommandAsync("push 5000000");
        await using PeerStream push = await node.Connection.AcceptUnidirectionalStreamAsync(Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        byte[] hash = await SHA256.HashDataAsync(push, Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        Assert.Equal(Convert.ToHexStringLower(hash), await ReadTextAsync(command));
    }

    [Theory, InlineData("dial"), InlineData("accept")]
    public async Task Megabytes_go_both_ways_at_once(string role)
    {
        await using NodePeer node = await NodePeer.ConnectAsync(_installation, _ours, role);
        await using PeerStream stream = await node.CommandAsync("echo");
        byte[] data = RandomNumberGenerator.GetBytes(8_000_000);
        Task write = stream.WriteAsync(data, completeWrites: true, Token).AsTask();
        byte[] hash = await SHA256.HashDataAsync(stream, Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        await write.WaitAsync(TlsPeer.Patience, Token);
        Assert.Equal(SHA256.HashData(data), hash);
    }

    [Theory, InlineData("dial"), InlineData("accept")]
    public async Task More_streams_than_the_limit_allows_at_once_are_served(string role)
    {
        await using NodePeer node = await NodePeer.ConnectAsync(_installation, _ours, role);

        // The package allows a hundred at a time: the rest waits for MAX_STREAMS.
        await Task.WhenAll(Enumerable.Range(0, 500).Select(async i =>
        {
            string text = i.ToString(CultureInfo.InvariantCulture);
            await using PeerStream stream = await node.CommandAsync("echo");
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), completeWrites: true, Token);
            Assert.Equal(text, await ReadTextAsync(stream));
        }));
    }

    [Theory, InlineData("dial"), InlineData("accept")]
    public async Task Their_reset_carries_its_code(string role)
    {
        await using NodePeer node = await NodePeer.ConnectAsync(_installation, _ours, role);
        await using PeerStream stream = await node.CommandAsync("reset 26");
        PeerException failure = await Assert.ThrowsAsync<PeerException>(() => ReadTextAsync(stream));
        Assert.Equal((PeerErrorKind.StreamAborted, 26), (failure.Kind, failure.ErrorCode));
    }

    [Theory, InlineData("dial"), InlineData("accept")]
    public async Task Their_stop_sending_carries_its_code(string role)
    {
        await using NodePeer node = await NodePeer.ConnectAsync(_installation, _ours, role);
        await using PeerStream stream = await node.CommandAsync("stop 27");
        PeerException failure = await Assert.ThrowsAsync<PeerException>(() => stream.WritesClosed.WaitAsync(TlsPeer.Patience, Token));
        Assert.Equal((PeerErrorKind.StreamAborted, 27), (failure.Kind, failure.ErrorCode));
        Assert.Equal("stopped", await ReadTextAsync(stream));
    }

    [Theory, InlineData("dial"), InlineData("accept")]
    public async Task Our_reset_carries_its_code(string role)
    {
        await using NodePeer node = await NodePeer.ConnectAsync(_installation, _ours, role);
        await using PeerStream stream = await node.CommandAsync("watch-reset");
        var ready = new byte[5];
        await stream.ReadExactlyAsync(ready, Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        stream.AbortWrite(33);
        Assert.Equal("|reset 33", await ReadTextAsync(stream));
    }

    [Theory, InlineData("dial"), InlineData("accept")]
    public async Task Our_stop_sending_carries_its_code(string role)
    {
        await using NodePeer node = await NodePeer.ConnectAsync(_installation, _ours, role);
        await using PeerStream stream = await node.CommandAsync("watch-stop");

        // The package counts a write only once it is through, so that stopping it in the middle of one makes it declare too small a final size.
        await using PeerStream written = await node.Connection.AcceptUnidirectionalStreamAsync(Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        Assert.Equal("written", await ReadTextAsync(written));
        stream.AbortRead(34);
        await using PeerStream told = await node.Connection.AcceptUnidirectionalStreamAsync(Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        Assert.Equal("stopped 34", await ReadTextAsync(told));
    }

    [Theory, InlineData("dial"), InlineData("accept")]
    public async Task Their_close_arrives_with_code_and_reason(string role)
    {
        await using NodePeer node = await NodePeer.ConnectAsync(_installation, _ours, role);
        await using PeerStream stream = await node.CommandAsync("close 7 that is all");
        ConnectionEnd end = await node.Connection.Closed.WaitAsync(TlsPeer.Patience, Token);
        Assert.Equal((PeerErrorKind.ClosedByPeer, 7, "that is all"), (end.Kind, end.ErrorCode, end.Reason));
    }

    [Theory, InlineData("dial"), InlineData("accept")]
    public async Task Our_close_arrives_with_code_and_reason(string role)
    {
        await using NodePeer node = await NodePeer.ConnectAsync(_installation, _ours, role);
        await node.Connection.CloseAsync(8, "good night", Token);
        JsonElement closed = (await node.NextAsync()).GetProperty("closed");
        Assert.Equal(8, closed.GetProperty("code").GetInt32());
        Assert.Equal("good night", closed.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_dialler_that_sends_two_certificates_is_refused()
    {
        var admission = new RecordingAdmission();
        await using ITransportListener listener = await _ours.ListenAsync(admission);
        using var dialler = new TlsPeer();
        using X509Certificate2 second = Stranger.UnboundCertificate();
        using Process script = NodePeer.Start(
            _installation, "peer.mjs dial", listener.LocalAddress, dialler, second.ExportCertificatePem() + "\n");
        LogLine line = await _ours.Log.WhenAsync(static line => line.Text.Contains("2 certificates", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Debug, line.Level);
        await admission.Leases[0].Released;
        await dialler.MeetAsync(listener, _ours.Id);
        script.Kill();
        await script.WaitForExitAsync(Token);
    }

    [Fact]
    public async Task Sessions_are_not_resumed()
    {
        // A resumed session would carry over the authentication of the one before.
        await using ITransportListener listener = await _ours.ListenAsync();
        using var dialler = new TlsPeer();
        using Process script = NodePeer.Start(_installation, "resume.mjs", listener.LocalAddress, dialler);
        string output = await script.StandardOutput.ReadToEndAsync(Token).WaitAsync(TlsPeer.Patience, Token);
        Assert.Equal("{\"reused\":false}", output.Trim());
        await script.WaitForExitAsync(Token);
    }

    private static async Task<string> ReadTextAsync(PeerStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync(Token).WaitAsync(TlsPeer.Patience, Token);
    }
}
