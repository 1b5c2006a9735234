using IrohRpc.Quic.Cryptography;

namespace IrohRpc.Quic.Tests.Cryptography;

public class HkdfLabelTests
{
    // RFC 9001, appendix A.1: the client's initial secret and what is derived from it.
    private static readonly byte[] ClientInitialSecret = Convert.FromHexString("c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea");

    [Theory]
    [InlineData("quic key", "1f369613dd76d5467730efcbe3b1a22d")]
    [InlineData("quic iv", "fa044b2f42a3fd3b46fb255c")]
    [InlineData("quic hp", "9f50449e04a0e810283a1e9933adedd2")]
    public void Keys_are_derived_as_RFC_9001_shows(string label, string expected)
    {
        byte[] output = new byte[expected.Length / 2];
        HkdfLabel.Expand(CipherSuite.Aes128Gcm.Hash, ClientInitialSecret, label, [], output);
        Assert.Equal(expected, Convert.ToHexStringLower(output));
    }
}
