using CsCheck;
using IrohRpc.Identity;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Tests;

/// <summary>Whatever the bytes are, the answer is an identity that is really proved, or a refusal.</summary>
public sealed class PeerCertificateFuzzTests
{
    private const int Samples = 3_000;

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Arbitrary_bytes_are_refused()
        => Gen.Byte.Array[0, 400].Sample(bytes => Assert.Null(Judge(bytes)), iter: Samples);

    [Fact]
    public void Mutated_certificate_proves_its_own_identity_or_nothing()
    {
        using var forge = new CertificateForge();
        byte[] der = forge.Build();

        Mutations.Any.Sample(mutation => AssertOwnOrNothing(forge, mutation.ApplyTo(der)), iter: Samples);
    }

    [Fact]
    public void Published_certificates_mutated_prove_no_other_identity()
    {
        byte[][] certificates = [.. TestVectors.Libp2pTls.Select(v => Convert.FromHexString(v.GetProperty("certificate").GetString()!))];
        EndpointId?[] ids = [.. certificates.Select(Judge)];

        Gen.Select(Gen.Int[0, certificates.Length - 1], Mutations.Any).Sample((which, mutation) =>
        {
            EndpointId? proved = Judge(mutation.ApplyTo(certificates[which]));
            Assert.True(proved is null || proved == ids[which]);
        }, iter: Samples);
    }

    [Fact]
    public void Mutated_and_signed_again_it_proves_its_own_identity_or_nothing()
    {
        // Signed again it gets past the self-signature, so that what lies behind is reached.
        using var honest = new CertificateForge();

        Mutations.Any.Sample(mutation =>
        {
            var forge = new CertificateForge { Key = honest.Key, ChangeToBeSigned = mutation.ApplyTo };
            using SecretKey identity = forge.Identity;
            AssertOwnOrNothing(forge, forge.Build());
        }, iter: Samples);
    }

    [Fact]
    public void Mutated_identity_extension_proves_its_own_identity_or_nothing()
    {
        using var honest = new CertificateForge();

        Mutations.Any.Sample(mutation =>
        {
            var forge = new CertificateForge
            {
                Key = honest.Key, Binding = (id, key) => mutation.ApplyTo(HostKeyBinding.Create(id, key)),
            };
            using SecretKey identity = forge.Identity;
            AssertOwnOrNothing(forge, forge.Build());
        }, iter: Samples);
    }

    private static void AssertOwnOrNothing(CertificateForge forge, byte[] der)
    {
        EndpointId? proved = Judge(der);
        Assert.True(proved is null || proved == forge.Identity.Id);
    }

    // Any other exception fails the sample.
    private static EndpointId? Judge(byte[] der)
    {
        try
        {
            return PeerCertificate.Verify(der, Now);
        }
        catch (PeerCertificateException)
        {
            return null;
        }
    }
}
