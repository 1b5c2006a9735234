using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using IrohRpc.Identity;

namespace IrohRpc.Transports.Tests.Tls;

/// <summary>A connection of ours to the script <c>peer.mjs</c>, whose QMux and TLS are not ours, in either role.</summary>
internal sealed class NodePeer : IAsyncDisposable
{
    private readonly SecretKey _nodeKey;
    private readonly Process _process;
    private readonly Task<string> _errors;

    private NodePeer(SecretKey nodeKey, Process process)
    {
        _nodeKey = nodeKey;
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Our end.</summary>
    public PeerConnection Connection { get; private set; } = null!;

    public static async Task<NodePeer> ConnectAsync(NodeInstallation installation, TlsPeer ours, string role)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var key = SecretKey.Generate();
        if (role == "dial")
        {
            await using ITransportListener listener = await ours.ListenAsync();
            Assert.True(TlsAddress.TryGetEndPoint(listener.LocalAddress, out IPEndPoint? endPoint));
            NodePeer peer = Start(installation, key, role, endPoint.Port);
            try
            {
                peer.Connection = await listener.AcceptAsync(token).AsTask().WaitAsync(TlsPeer.Patience, token);
                Assert.Equal(key.Id, peer.Connection.PeerId);
                return peer;
            }
            catch (TimeoutException)
            {
                throw new InvalidOperationException(
                    $"{await peer.KillAsync()} {string.Join('\n', ours.Log.Lines.Select(static line => line.Text))}");
            }
        }
        else
        {
            NodePeer peer = Start(installation, key, role, 0);
            int port = (await peer.NextAsync()).GetProperty("port").GetInt32();
            TransportAddress address = TlsAddress.Create(new IPEndPoint(IPAddress.Loopback, port));
            peer.Connection = await ours.DialAsync(address, key.Id).AsTask().WaitAsync(TlsPeer.Patience, token);
            return peer;
        }
    }

    /// <summary>Runs a script of its own on the port, with the certificates of <paramref name="dialler"/>.</summary>
    /// <param name="further">More certificates, as PEM, to send along.</param>
    public static Process Start(NodeInstallation installation, string script, TransportAddress address, TlsPeer dialler, string further = "")
    {
        Assert.True(TlsAddress.TryGetEndPoint(address, out IPEndPoint? endPoint));
        using ECDsa key = dialler.Certificates.Current.GetECDsaPrivateKey()!;
        (string certificates, string privateKey) = Write(
            installation, dialler.Certificates.Current.ExportCertificatePem() + "\n" + further, key);
        return Start(installation, [.. script.Split(' '), $"{endPoint.Port}", certificates, privateKey, TlsPeer.Alpn]);
    }

    /// <summary>Opens a stream whose first line tells the script what to do with it.</summary>
    public async Task<PeerStream> CommandAsync(string command)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        PeerStream stream = await Connection.OpenBidirectionalStreamAsync(token).AsTask().WaitAsync(TlsPeer.Patience, token);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\n"), token).AsTask().WaitAsync(TlsPeer.Patience, token);
        return stream;
    }

    /// <summary>The script's next line.</summary>
    public async Task<JsonElement> NextAsync()
    {
        string? line = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TlsPeer.Patience);
        return line is null
            ? throw new InvalidOperationException($"The script ended. {await _errors}")
            : JsonDocument.Parse(line).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await KillAsync();
        _nodeKey.Dispose();
    }

    private static NodePeer Start(NodeInstallation installation, SecretKey key, string role, int port)
    {
        using var source = new PeerCertificateSource(key);
        using ECDsa own = source.Current.GetECDsaPrivateKey()!;
        (string certificate, string privateKey) = Write(installation, source.Current.ExportCertificatePem(), own);
        return new NodePeer(key, Start(installation, ["peer.mjs", role, $"{port}", certificate, privateKey, TlsPeer.Alpn]));
    }

    private static Process Start(NodeInstallation installation, IReadOnlyList<string> arguments) => Process.Start(
        new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = installation.Folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static (string Certificates, string PrivateKey) Write(NodeInstallation installation, string certificates, ECDsa key)
    {
        string prefix = Path.Combine(installation.Folder.FullName, Guid.NewGuid().ToString("n"));
        File.WriteAllText(prefix + ".crt", certificates);
        File.WriteAllText(prefix + ".key", key.ExportPkcs8PrivateKeyPem());
        return (prefix + ".crt", prefix + ".key");
    }

    private async Task<string> KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        string errors = await _errors;
        _process.Dispose();
        return errors;
    }
}
