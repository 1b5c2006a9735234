using System.Net;
using System.Net.Sockets;
using IrohRpc.Identity;

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>An identity of the test's own, with the files that other programs need to show it.</summary>
internal sealed class InteropIdentity : IDisposable
{
    private readonly SecretKey _key = SecretKey.Generate();

    public InteropIdentity()
    {
        Folder = Directory.CreateTempSubdirectory("irohrpc-interop-").FullName;
        Certificates = new PeerCertificateSource(_key);
        File.WriteAllText(CertificateFile, Certificates.Current.ExportCertificatePem());
        using System.Security.Cryptography.ECDsa key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions
            .GetECDsaPrivateKey(Certificates.Current)!;
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public string Folder { get; }

    public string CertificateFile => Path.Combine(Folder, "certificate.pem");

    public string KeyFile => Path.Combine(Folder, "key.pem");

    public PeerCertificateSource Certificates { get; }

    public EndpointId Id => Certificates.Id;

    public TransportSettings Settings => new() { Certificates = Certificates };

    /// <summary>A UDP port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public void Dispose()
    {
        Certificates.Dispose();
        _key.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
