using System.Numerics;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Authentication;
using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tests.Tls;

/// <summary>Signatures that a lenient verifier takes and a strict one, such as iroh's, does not.</summary>
public class StrictSignatureTests
{
    // 2^252 + 27742317777372353535851937790883648493 (RFC 8032, section 5.1)
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", null);

    public static TheoryData<string> SmallOrderKeys =>
    [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0100000000000000000000000000000000000000000000000000000000000080",
    ];

    [Theory]
    [MemberData(nameof(SmallOrderKeys))]
    public void A_key_of_small_order_or_of_a_second_encoding_proves_nothing(string key)
    {
        // With S = 0 and R = identity, [S]B = R + [k]A holds for the identity as key, and for the others with a chance of at least 1 in 8.
        byte[] signature = new byte[64];
        signature[0] = 1;
        for (byte i = 0; i < 64; i++)
        {
            TlsAlertException failure = Assert.Throws<TlsAlertException>(() => Verify(Convert.FromHexString(key), [i], signature));
            Assert.Equal(AlertDescription.DecryptError, failure.Alert);
        }
    }

    [Theory]
    [MemberData(nameof(SmallOrderKeys))]
    public void A_commitment_of_small_order_is_refused(string commitment)
    {
        using SecretKey key = SecretKey.Generate();
        byte[] signature = key.Sign([1]);
        Convert.FromHexString(commitment).CopyTo(signature, 0);
        Assert.Throws<TlsAlertException>(() => Verify(key.Id.ToByteArray(), [1], signature));
    }

    [Fact]
    public void A_signature_whose_scalar_is_not_reduced_is_refused()
    {
        using SecretKey key = SecretKey.Generate();
        byte[] signature = key.Sign([1]);
        Verify(key.Id.ToByteArray(), [1], signature);
        var scalar = new BigInteger(signature.AsSpan(32), isUnsigned: true);
        byte[] second = new byte[64];
        signature.AsSpan(0, 32).CopyTo(second);
        (scalar + Order).ToByteArray(isUnsigned: true).CopyTo(second, 32);
        Assert.Throws<TlsAlertException>(() => Verify(key.Id.ToByteArray(), [1], second));
    }

    [Fact]
    public void A_signature_made_for_the_other_side_proves_nothing()
    {
        using SecretKey key = SecretKey.Generate();
        byte[] transcript = new byte[32];
        byte[] signature = key.Sign(CertificateVerifyMessage.SignedContent(isServer: true, transcript));
        Verify(key.Id.ToByteArray(), CertificateVerifyMessage.SignedContent(isServer: true, transcript), signature);
        Assert.Throws<TlsAlertException>(
            () => Verify(key.Id.ToByteArray(), CertificateVerifyMessage.SignedContent(isServer: false, transcript), signature));
    }

    private static void Verify(byte[] key, byte[] content, byte[] signature)
    {
        byte[] info = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00, .. key];
        PeerCredential.Read(CertificateType.RawPublicKey, info, default).Verify(SignatureScheme.Ed25519, content, signature);
    }
}
