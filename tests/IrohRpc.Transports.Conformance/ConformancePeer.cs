using IrohRpc.Identity;

namespace IrohRpc.Transports.Conformance;

/// <summary>Somebody who dials or accepts in a test.</summary>
public sealed class ConformancePeer : IDisposable
{
    private readonly SecretKey _key = SecretKey.Generate();

    public ConformancePeer() => Certificates = new PeerCertificateSource(_key);

    public PeerCertificateSource Certificates { get; }

    public EndpointId Id => Certificates.Id;

    public void Dispose()
    {
        Certificates.Dispose();
        _key.Dispose();
    }
}
