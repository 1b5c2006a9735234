namespace IrohRpc.Hashing.Tests;

public sealed class Blake3KeyDerivationTests
{
    [Fact]
    public void The_value_that_a_relay_challenge_of_zeros_gives_is_derived()
    {
        var key = new byte[Blake3.HashSize];
        Blake3KeyDerivation.DeriveKey("iroh-relay handshake v1 challenge signature", new byte[16], key);
        Assert.Equal("8105e7bd9963194e6d6d80225a3f1b071da3b6e65edcd12531e16233f33de9d6", Convert.ToHexStringLower(key));
    }

    [Fact]
    public void Each_length_of_one_chunk_gives_what_another_implementation_derives()
    {
        for (int length = 0; length <= Blake3KeyDerivation.MaxMaterialLength; length++)
        {
            byte[] material = [.. Enumerable.Range(0, length).Select(static i => (byte)(i % 251))];
            var key = new byte[Blake3.HashSize];
            Blake3KeyDerivation.DeriveKey("IrohRpc test context, éß", material, key);

            using global::Blake3.Hasher other = global::Blake3.Hasher.NewDeriveKey("IrohRpc test context, éß");
            other.Update(material);
            Assert.Equal(Convert.ToHexStringLower(other.Finalize().AsSpan()), Convert.ToHexStringLower(key));
        }
    }

    [Fact]
    public void What_is_longer_than_a_chunk_is_refused()
    {
        var key = new byte[Blake3.HashSize];
        Assert.Throws<ArgumentException>(() => Blake3KeyDerivation.DeriveKey("context", new byte[1025], key));
        Assert.Throws<ArgumentException>(() => Blake3KeyDerivation.DeriveKey(new string('c', 1025), [], key));
        Assert.Throws<ArgumentException>(() => Blake3KeyDerivation.DeriveKey("context", [], new byte[31]));
    }
}
