using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>Where quiche's peer is, once npm has installed it.</summary>
internal static class Quiche
{
    public const string Alpn = "echo/1";

    private static readonly Lazy<Task<string?>> Installed = new(InstallAsync);

    /// <summary>The program and its arguments.</summary>
    /// <exception cref="Xunit.Sdk.SkipException">Node or the package is absent.</exception>
    public static async Task<InteropProcess> StartAsync(params string[] arguments)
    {
        string? folder = await Installed.Value;
        Assert.SkipWhen(folder is null, "Node or @matrixai/quic is not to be had.");
        return InteropProcess.Start(InteropProcess.Find("node")!, [Path.Combine(folder!, "peer.mjs"), .. arguments]);
    }

    private static async Task<string?> InstallAsync()
    {
        if (InteropProcess.Find("node") is null || InteropProcess.Find("npm") is not { } npm || !OperatingSystem.IsLinux())
        {
            return null;
        }

        // One folder for all runs: what it holds is fixed by the version in package.json.
        string folder = Path.Combine(Path.GetTempPath(), "irohrpc-interop-quiche-2.0.9");
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(Source()))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        if (Directory.Exists(Path.Combine(folder, "node_modules/@matrixai/quic-linux-x64")))
        {
            return folder;
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using InteropProcess install = InteropProcess.Start(npm, "install", "--prefix", folder, "--no-audit", "--no-fund");
        try
        {
            return await install.WaitAsync(timeout.Token) == 0 ? folder : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static string Source([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "quiche");
}

/// <summary>The client of quiche (npm package @matrixai/quic, TLS by BoringSSL) against our listener.</summary>
public sealed class QuicheClientTests() : InteropTest("quiche dials us")
{
    [Theory]
    [InlineData("handshake", 1, 100, false)]
    [InlineData("echo of 1 MB", 1, 1_000_000, false)]
    [InlineData("multiplexing", 50, 10_000, false)]
    [InlineData("unidirectional streams", 5, 20_000, true)]
    public Task It_gets_its_echo(string name, int streams, int length, bool oneWay)
        => EchoAsync(name, QuicTransport.Instance, streams, length, oneWay);

    [Fact]
    public Task It_shows_where_it_is_when_we_ask_with_a_Retry()
        => EchoAsync("Retry", new QuicTransport(new QuicTransportOptions { AlwaysRetries = true }), 1, 10_000, oneWay: false);

    private async Task EchoAsync(string name, QuicTransport transport, int streams, int length, bool oneWay)
    {
        Case = name;
        await using ITransportListener listener = await transport.ListenAsync(
            new ListenRequest(new IPEndPoint(IPAddress.Loopback, 0), [Quiche.Alpn], Ours.Settings), Timeout.Token);
        string port = listener.LocalAddress.ToEndPoint()!.Port.ToString(CultureInfo.InvariantCulture);
        await using InteropProcess client = await Quiche.StartAsync(
            [
                "client", Theirs.KeyFile, Theirs.CertificateFile, port, streams.ToString(CultureInfo.InvariantCulture),
                length.ToString(CultureInfo.InvariantCulture), .. oneWay ? ["one-way"] : Array.Empty<string>(),
            ]);
        try
        {
            await using PeerConnection connection = await listener.AcceptAsync(Timeout.Token);
            Assert.Equal(Theirs.Id, connection.PeerId);
            await Task.WhenAll(Echo.AnswerBidirectionalAsync(connection, Timeout.Token), Echo.AnswerUnidirectionalAsync(connection, Timeout.Token));
            int code = await client.WaitAsync(Timeout.Token);
            Assert.True(code == 0, $"{name}: exit code {code}\n{client.Output}");
            ConnectionEnd end = await connection.Closed;
            Assert.Equal((PeerErrorKind.ClosedByPeer, 7), (end.Kind, end.ErrorCode));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{name}: no end in sight\n{client.Output}");
        }
    }
}

/// <summary>Our dialler against the server of quiche, which asks everybody with a Retry.</summary>
public sealed class QuicheServerTests() : InteropTest("we dial quiche")
{
    [Theory]
    [InlineData("handshake", 1, 100)]
    [InlineData("Retry", 1, 100)]
    [InlineData("echo of 1 MB", 1, 1_000_000)]
    [InlineData("multiplexing", 50, 10_000)]
    public async Task We_get_our_echo(string name, int streams, int length)
    {
        Case = name;
        byte[] body = MinimalHttp3.Body(length);
        await using InteropProcess server = await Quiche.StartAsync("server", Theirs.KeyFile, Theirs.CertificateFile);
        try
        {
            int port = int.Parse(await server.WaitForLineAsync("listening ", Timeout.Token), CultureInfo.InvariantCulture);
            await using PeerConnection connection = await QuicTransport.Instance.DialAsync(
                TransportAddress.Ip(new IPEndPoint(IPAddress.Loopback, port)),
                new DialRequest(Theirs.Id, [Quiche.Alpn], Ours.Settings),
                Timeout.Token);
            await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Echo.AskAsync(connection, body, Timeout.Token)));
            await connection.CloseAsync(7, "done", Timeout.Token);
        }
        catch (Exception failure) when (failure is PeerException or OperationCanceledException)
        {
            Assert.Fail($"{name}: {failure.Message}\n{server.Output}");
        }
    }

    [Fact]
    public async Task Unidirectional_streams_pass_both_ways()
    {
        Case = "unidirectional streams";
        byte[] body = MinimalHttp3.Body(20_000);
        await using InteropProcess server = await Quiche.StartAsync("server", Theirs.KeyFile, Theirs.CertificateFile);
        int port = int.Parse(await server.WaitForLineAsync("listening ", Timeout.Token), CultureInfo.InvariantCulture);
        await using PeerConnection connection = await QuicTransport.Instance.DialAsync(
            TransportAddress.Ip(new IPEndPoint(IPAddress.Loopback, port)), new DialRequest(Theirs.Id, [Quiche.Alpn], Ours.Settings), Timeout.Token);
        await using (PeerStream there = await connection.OpenUnidirectionalStreamAsync(Timeout.Token))
        {
            await there.WriteAsync(body, completeWrites: true, Timeout.Token);
        }

        await using PeerStream back = await connection.AcceptUnidirectionalStreamAsync(Timeout.Token);
        using var received = new MemoryStream();
        await back.CopyToAsync(received, Timeout.Token);
        Assert.Equal(body, received.ToArray());
    }
}

/// <summary>What our side of an echo does.</summary>
internal static class Echo
{
    /// <summary>Sends each bidirectional stream's bytes back, until the connection ends.</summary>
    public static Task AnswerBidirectionalAsync(PeerConnection connection, CancellationToken cancellationToken)
        => AnswerAsync(() => connection.AcceptBidirectionalStreamAsync(cancellationToken), async stream =>
        {
            await stream.CopyToAsync(stream, cancellationToken);
            stream.CompleteWrites();
            await stream.WritesClosed;
        });

    /// <summary>Sends each unidirectional stream's bytes back on one of our own, until the connection ends.</summary>
    public static Task AnswerUnidirectionalAsync(PeerConnection connection, CancellationToken cancellationToken)
        => AnswerAsync(() => connection.AcceptUnidirectionalStreamAsync(cancellationToken), async stream =>
        {
            using var received = new MemoryStream();
            await stream.CopyToAsync(received, cancellationToken);
            await using PeerStream back = await connection.OpenUnidirectionalStreamAsync(cancellationToken);
            await back.WriteAsync(received.ToArray(), completeWrites: true, cancellationToken);
            await back.WritesClosed;
        });

    /// <summary>Sends bytes and expects them back.</summary>
    public static async Task AskAsync(PeerConnection connection, byte[] body, CancellationToken cancellationToken)
    {
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(cancellationToken);
        using var received = new MemoryStream();
        Task reading = stream.CopyToAsync(received, cancellationToken);
        await stream.WriteAsync(body, completeWrites: true, cancellationToken);
        await reading;
        Assert.Equal(body, received.ToArray());
    }

    private static async Task AnswerAsync(Func<ValueTask<PeerStream>> accept, Func<PeerStream, Task> answer)
    {
        List<Task> answers = [];
        try
        {
            while (true)
            {
                answers.Add(RunAsync(await accept(), answer));
            }
        }
        catch (PeerException)
        {
        }

        await Task.WhenAll(answers);
    }

    private static async Task RunAsync(PeerStream stream, Func<PeerStream, Task> answer)
    {
        await using (stream)
        {
            try
            {
                await answer(stream);
            }
            catch (PeerException)
            {
                // The connection may end before the last bytes are known to have arrived.
            }
        }
    }
}
