using CsCheck;
using IrohRpc.Reach.Lookup;

namespace IrohRpc.Reach.Tests.Lookup;

public sealed class ZBase32Tests
{
    [Fact]
    public void An_id_of_zeros_is_a_row_of_y()
        => Assert.Equal(new string('y', 52), ZBase32.Encode(new EndpointId(new byte[32])));

    [Fact]
    public void The_key_of_a_secret_of_zeros_is_written_as_pkarr_writes_it()
    {
        // 3b6a27bc…: the same 260 bits as iroh's base32hex name 7dl2ff6emqi2…, in the other alphabet.
        using SecretKey key = SecretKey.FromBytes(new byte[32]);
        const string Hex = "0123456789abcdefghijklmnopqrstuv";
        const string Z = "ybndrfg8ejkmcpqxot1uwisza345h769";
        string expected = string.Concat("7dl2ff6emqi2qol3l382krodedij45bn3nh479hqo14a32qpr8kg".Select(c => Z[Hex.IndexOf(c, StringComparison.Ordinal)]));
        Assert.Equal(expected, ZBase32.Encode(key.Id));
    }

    [Fact]
    public void Every_id_is_read_as_it_was_written_in_either_case()
        => Gen.Byte.Array[32].Sample(static bytes =>
        {
            var id = new EndpointId(bytes);
            string text = ZBase32.Encode(id);
            Assert.Equal(52, text.Length);
            Assert.True(ZBase32.TryDecode(text, out EndpointId read));
            Assert.Equal(id, read);
            Assert.True(ZBase32.TryDecode(text.ToUpperInvariant(), out read));
            Assert.Equal(id, read);
        });

    [Theory]
    [InlineData("")]
    [InlineData("yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")]
    [InlineData("yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")]
    [InlineData("0yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")]
    [InlineData("yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyb")]
    public void What_is_no_id_is_refused(string text) => Assert.False(ZBase32.TryDecode(text, out _));
}
