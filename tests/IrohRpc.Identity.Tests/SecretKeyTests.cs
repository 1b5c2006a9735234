using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace IrohRpc.Tests;

public sealed class SecretKeyTests
{
    // RFC 8032, section 7.1, TEST 2
    private const string Secret = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    private const string Public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    private const string Signature =
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

    [Fact]
    public void Id_and_signature_are_those_of_rfc_8032()
    {
        using SecretKey key = SecretKey.Parse(Secret);

        Assert.Equal(Public, key.Id.ToString());
        Assert.Equal(Signature, Convert.ToHexStringLower(key.Sign([0x72])));
    }

    [Fact]
    public void Bytes_hex_and_base32_in_either_case_name_the_same_key()
    {
        byte[] bytes = Convert.FromHexString(Secret);
        string base32 = Identity.Internal.Base32.Encode(bytes);

        using SecretKey fromBytes = SecretKey.FromBytes(bytes);
        Assert.Equal(Public, fromBytes.Id.ToString());
        foreach (string text in new[] { Secret, Secret.ToUpperInvariant(), base32, base32.ToUpperInvariant() })
        {
            using SecretKey parsed = SecretKey.Parse(text);
            Assert.Equal(fromBytes.Id, parsed.Id);
            Assert.True(SecretKey.TryParse(text, out SecretKey? tried));
            Assert.Equal(fromBytes.Id, tried.Id);
            tried.Dispose();
        }
    }

    [Fact]
    public void Exported_key_is_the_same_key()
    {
        using SecretKey key = SecretKey.Generate();
        var bytes = new byte[SecretKey.Size];

        key.Export(bytes);

        using SecretKey fromBytes = SecretKey.FromBytes(bytes);
        using SecretKey fromText = SecretKey.Parse(key.ExportText());
        Assert.Equal(key.Id, fromBytes.Id);
        Assert.Equal(key.Id, fromText.Id);
        Assert.Equal(Convert.ToHexStringLower(bytes), key.ExportText());
    }

    [Fact]
    public void Export_leaves_the_rest_of_a_larger_span_alone()
    {
        using SecretKey key = SecretKey.Parse(Secret);
        var bytes = new byte[SecretKey.Size + 1];
        bytes[^1] = 0x55;

        key.Export(bytes);

        Assert.Equal(Secret + "55", Convert.ToHexStringLower(bytes));
        Assert.Throws<ArgumentException>(() => key.Export(new byte[SecretKey.Size - 1]));
    }

    [Fact]
    public void Generated_keys_differ()
    {
        using SecretKey one = SecretKey.Generate();
        using SecretKey other = SecretKey.Generate();

        Assert.NotEqual(one.Id, other.Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public void Bytes_of_another_length_are_refused(int length)
        => Assert.Throws<ArgumentException>(() => SecretKey.FromBytes(new byte[length]));

    [Theory]
    [InlineData("")]
    [InlineData("4ccd")]
    [InlineData("zccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")]
    [InlineData(" 4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6f")]
    [InlineData("1tgqrgzi76lnvhnwynds4cd7fphzygjtl5pkjcqamuudotlyo4q2")]
    [InlineData("jtgqrgzi76lnvhnwynds4cd7fphzygjtl5pkjcqamuudotlyo4qh")]
    public void Malformed_text_is_refused_without_being_repeated(string text)
    {
        var refused = Assert.Throws<FormatException>(() => SecretKey.Parse(text));
        Assert.False(SecretKey.TryParse(text, out SecretKey? key));
        Assert.Null(key);
        if (text.Length > 0)
        {
            Assert.DoesNotContain(text[^4..], refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Null_text_is_no_key()
    {
        Assert.Throws<ArgumentNullException>(() => SecretKey.Parse(null!));
        Assert.False(SecretKey.TryParse((string?)null, out _));
    }

    [Fact]
    public void Nothing_prints_the_secret()
    {
        using SecretKey key = SecretKey.Parse(Secret);

        Assert.Equal($"SecretKey of {Public}", key.ToString());
        Assert.Equal($"SecretKey of {Public}", $"{key}");
        Assert.False(typeof(SecretKey).IsAssignableTo(typeof(IFormattable)));
        Assert.Equal("SecretKey of {Id}", typeof(SecretKey).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value);
        Assert.Equal(["Id"], typeof(SecretKey).GetProperties().Select(p => p.Name));
        Assert.DoesNotContain(typeof(SecretKey).GetFields(), f => !f.IsLiteral);
    }

    [Fact]
    public void Json_refuses_a_key_instead_of_losing_it()
    {
        using SecretKey key = SecretKey.Parse(Secret);

        Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(new { key }));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<SecretKey>($"\"{Secret}\""));
    }

    [Fact]
    public void Disposed_key_keeps_its_id_and_gives_nothing_else()
    {
        SecretKey key = SecretKey.Parse(Secret);

        key.Dispose();
        key.Dispose();

        Assert.Equal(Public, key.Id.ToString());
        Assert.Throws<ObjectDisposedException>(() => key.Sign([1]));
        Assert.Throws<ObjectDisposedException>(() => key.Export(new byte[SecretKey.Size]));
        Assert.Throws<ObjectDisposedException>(() => key.ExportText());
    }
}
