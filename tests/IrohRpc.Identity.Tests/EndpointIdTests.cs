using CsCheck;

namespace IrohRpc.Tests;

public sealed class EndpointIdTests
{
    private const string Hex = "ae58ff8833241ac82d6ff7611046ed67b5072d142c588d0063e942d9a75502b6";

    private static readonly Gen<EndpointId> AnyId = Gen.Byte.Array[EndpointId.Size].Select(bytes => new EndpointId(bytes));

    [Fact]
    public void Prints_as_lower_case_hex_and_a_short_form()
    {
        EndpointId id = EndpointId.Parse(Hex);
        Span<char> written = stackalloc char[64];

        Assert.Equal(Hex, id.ToString());
        Assert.Equal(Hex, $"{id}");
        Assert.Equal("ae58ff8833", id.ToShortString());
        Assert.True(((ISpanFormattable)id).TryFormat(written, out int count, default, null));
        Assert.Equal(Hex, new string(written[..count]));
        Assert.False(((ISpanFormattable)id).TryFormat(written[..63], out count, default, null));
        Assert.Equal(0, count);
    }

    [Fact]
    public void Every_text_form_reads_back()
        => AnyId.Sample(id =>
        {
            string base32 = Identity.Internal.Base32.Encode(id.ToByteArray());
            Assert.Equal(52, base32.Length);
            foreach (string text in new[] { id.ToString(), id.ToString().ToUpperInvariant(), base32, base32.ToUpperInvariant() })
            {
                Assert.Equal(id, EndpointId.Parse(text));
                Assert.True(EndpointId.TryParse(text, out EndpointId tried));
                Assert.Equal(id, tried);
            }
        });

    [Theory]
    [InlineData("")]
    [InlineData("ae58ff8833")]
    [InlineData("ge58ff8833241ac82d6ff7611046ed67b5072d142c588d0063e942d9a75502b6")]
    [InlineData("ae58ff8833241ac82d6ff7611046ed67b5072d142c588d0063e942d9a75502b ")]
    [InlineData("ae58ff8833241ac82d6ff7611046ed67b5072d142c588d0063e942d9a75502b60")]
    [InlineData("1xfr74igmsbvsbnn73wcecg5vt3kbzncqwfrdiampuufwnhkublma")]
    [InlineData("vzmp7cbtequmqllp65qragdxnm5va4wrifrmi2agh2kc3gtvkafw")]
    [InlineData("vzmp7cbtequmqllp65qra=====================dxnm5va4wr")]
    public void Malformed_text_is_refused(string text)
    {
        // The last base32 character of 32 bytes carries one bit only: an "a" or a "q" at its end.
        Assert.Throws<FormatException>(() => EndpointId.Parse(text));
        Assert.False(EndpointId.TryParse(text, out EndpointId id));
        Assert.Equal(default, id);
    }

    [Fact]
    public void Hostile_text_gives_a_format_exception_and_nothing_else()
        => Gen.Char.Array[0, 70].Select(chars => new string(chars)).Sample(text =>
        {
            bool read = EndpointId.TryParse(text, out _);
            if (!read)
            {
                Assert.Throws<FormatException>(() => EndpointId.Parse(text));
            }
        });

    [Fact]
    public void Digits_of_other_scripts_are_not_digits()
    {
        Assert.False(EndpointId.TryParse(new string('\uFF11', 64), out _));
        Assert.False(EndpointId.TryParse(new string('\u0430', 52), out _));
    }

    [Fact]
    public void Null_text_is_no_id()
    {
        Assert.Throws<ArgumentNullException>(() => EndpointId.Parse(null!));
        Assert.False(EndpointId.TryParse((string?)null, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Bytes_of_another_length_are_refused(int length)
        => Assert.Throws<ArgumentException>(() => new EndpointId(new byte[length]));

    [Fact]
    public void Order_is_that_of_the_bytes()
        => Gen.Select(AnyId, AnyId).Sample((left, right) =>
        {
            int order = string.CompareOrdinal(left.ToString(), right.ToString());
            Assert.Equal(Math.Sign(order), Math.Sign(left.CompareTo(right)));
            Assert.Equal(order < 0, left < right);
            Assert.Equal(order <= 0, left <= right);
            Assert.Equal(order > 0, left > right);
            Assert.Equal(order >= 0, left >= right);
            Assert.Equal(order == 0, left == right);
            Assert.Equal(order != 0, left != right);
        });

    [Fact]
    public void Equality_is_that_of_the_bytes()
    {
        EndpointId id = EndpointId.Parse(Hex);
        var same = new EndpointId(Convert.FromHexString(Hex));
        byte[] bytes = id.ToByteArray();
        bytes[31] ^= 1;

        Assert.Equal(id, same);
        Assert.Equal(id.GetHashCode(), same.GetHashCode());
        Assert.True(id.Equals((object)same));
        Assert.False(id.Equals(null));
        Assert.NotEqual(id, new EndpointId(bytes));
        Assert.Equal(EndpointId.Parse(Hex), id);
    }

    [Fact]
    public void Signature_of_the_key_over_the_message_verifies_and_no_other_does()
    {
        using SecretKey key = SecretKey.Generate();
        using SecretKey other = SecretKey.Generate();
        byte[] signature = key.Sign("message"u8);

        Assert.True(key.Id.Verify("message"u8, signature));
        Assert.False(key.Id.Verify("massage"u8, signature));
        Assert.False(other.Id.Verify("message"u8, signature));
        for (int i = 0; i < signature.Length; i++)
        {
            byte[] forged = [.. signature];
            forged[i] ^= 1;
            Assert.False(key.Id.Verify("message"u8, forged));
        }
    }

    [Fact]
    public void Signature_and_id_of_any_shape_are_safe_to_verify()
        => Gen.Select(AnyId, Gen.Byte.Array[0, 80]).Sample((id, signature) => Assert.False(id.Verify("message"u8, signature)));

    [Fact]
    public void Ids_that_are_weak_points_verify_nothing()
    {
        // A key of small order would accept a signature of zeros over about any message (RFC 8032, section 5.1.7, cofactored).
        var identityPoint = new byte[EndpointId.Size];
        identityPoint[0] = 1;
        byte[] signature = new byte[SecretKey.SignatureSize];
        signature[0] = 1;

        Assert.False(new EndpointId(identityPoint).Verify("message"u8, signature));
        Assert.False(default(EndpointId).Verify("message"u8, new byte[SecretKey.SignatureSize]));
    }
}
