using System.Security.Cryptography;
using CsCheck;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Protection;

namespace IrohRpc.Quic.Tests.Protection;

public class HeaderProtectionTests
{
    [Fact]
    public void ChaCha20_packets_are_sealed_as_RFC_9001_shows()
    {
        byte[] packet = [.. Rfc9001Vectors.Hex("4200bff401"), .. new byte[16]];
        var keys = new SealingKeys(CipherSuite.ChaCha20Poly1305, Rfc9001Vectors.ChaCha20Secret);
        keys.Seal(packet, 1, 3, 654360564);
        Assert.Equal(Rfc9001Vectors.ChaCha20Packet, packet);
    }

    [Fact]
    public void AES_by_instructions_gives_the_block_of_the_class_library()
    {
        Assert.SkipUnless(AesBlockHeaderProtection.IsSupported, "This processor has no AES instructions.");
        Gen.Select(Gen.Bool.SelectMany(is256 => Gen.Byte.Array[is256 ? 32 : 16]), Gen.Byte.Array[16]).Sample((key, sample) =>
        {
            byte[] packet = [0xc3, 0, 0, 0, 0, .. sample];
            byte[] other = [.. packet];
            using var instructions = new AesBlockHeaderProtection(key);
            using var library = new AesHeaderProtection(key);
            instructions.Protect(packet, 1);
            library.Protect(other, 1);
            Assert.Equal(other, packet);

            using var aes = Aes.Create();
            aes.Key = key;
            byte[] block = aes.EncryptEcb(sample, PaddingMode.None);
            Assert.Equal((byte)(0xc3 ^ (block[0] & 0x0f)), packet[0]);
            Assert.Equal(block[1..5], packet[1..5]);
        });
    }

    [Fact]
    public void Unprotecting_gives_the_header_back_whatever_its_form_and_the_length_of_its_number()
    {
        CipherSuite[] suites = [CipherSuite.Aes128Gcm, CipherSuite.Aes256Gcm, CipherSuite.ChaCha20Poly1305];
        Gen.Select(Gen.Int[0, 2], Gen.Byte, Gen.Byte.Array[40], Gen.Int[1, 15]).Sample((suite, first, rest, offset) =>
        {
            using HeaderProtection protection = HeaderProtection.Create(suites[suite], new byte[suites[suite].HashLength]);
            byte[] packet = [first, .. rest];
            protection.Protect(packet, offset);
            Assert.Equal((first & 3) + 1, protection.Unprotect(packet, offset));
            Assert.Equal([first, .. rest], packet);
        });
    }
}
