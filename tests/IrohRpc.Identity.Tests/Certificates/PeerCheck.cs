using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using IrohRpc.Identity;

namespace IrohRpc.Tests;

/// <summary>A validation callback that judges by <see cref="PeerCertificate"/> and keeps the outcome.</summary>
internal sealed class PeerCheck
{
    public EndpointId? Id { get; private set; }

    public PeerCertificateException? Refusal { get; private set; }

    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        try
        {
            Id = PeerCertificate.Verify(certificate, chain, TimeProvider.System.GetUtcNow());
            return true;
        }
        catch (PeerCertificateException refusal)
        {
            Refusal = refusal;
            return false;
        }
    }
}
