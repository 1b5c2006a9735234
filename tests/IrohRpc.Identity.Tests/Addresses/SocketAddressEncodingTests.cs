using System.Net;
using System.Net.Sockets;
using CsCheck;
using IrohRpc.Identity;

namespace IrohRpc.Tests;

public sealed class SocketAddressEncodingTests
{
    [Theory]
    [InlineData("127.0.0.1:1024", "007f0000018008")]
    [InlineData("0.0.0.0:0", "000000000000")]
    [InlineData("255.255.255.255:65535", "00ffffffffffff03")]
    [InlineData("[::1]:127", "01000000000000000000000000000000017f")]
    [InlineData("[2001:db8::1]:65535", "0120010db8000000000000000000000001ffff03")]
    [InlineData("[::ffff:1.2.3.4]:128", "0100000000000000000000ffff010203048001")]
    public void Bytes_are_those_of_a_ticket(string text, string hex)
    {
        IPEndPoint endPoint = IPEndPoint.Parse(text);

        Assert.Equal(hex, Convert.ToHexStringLower(SocketAddressEncoding.Encode(endPoint)));
        Assert.True(SocketAddressEncoding.TryDecode(Convert.FromHexString(hex), out IPEndPoint? decoded));
        Assert.Equal(endPoint, decoded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("02")]
    [InlineData("007f000001")]
    [InlineData("007f00000180")]
    [InlineData("007f00000180088008")]
    [InlineData("007f0000018000")]
    [InlineData("007f000001808004")]
    [InlineData("80007f0000018008")]
    [InlineData("010000")]
    public void Malformed_bytes_are_refused(string hex)
    {
        Assert.False(SocketAddressEncoding.TryDecode(Convert.FromHexString(hex), out IPEndPoint? endPoint));
        Assert.Null(endPoint);
    }

    [Fact]
    public void What_can_be_decoded_encodes_to_the_same_bytes()
        => Gen.Byte.Array[0, 24].Sample(bytes =>
        {
            if (SocketAddressEncoding.TryDecode(bytes, out IPEndPoint? endPoint))
            {
                Assert.Equal(bytes, SocketAddressEncoding.Encode(endPoint));
            }
        });

    [Fact]
    public void A_scope_is_left_out()
    {
        var scoped = new IPEndPoint(new IPAddress(IPAddress.Parse("fe80::1").GetAddressBytes(), 7), 5);

        Assert.True(SocketAddressEncoding.TryDecode(SocketAddressEncoding.Encode(scoped), out IPEndPoint? decoded));
        Assert.Equal(IPEndPoint.Parse("[fe80::1]:5"), decoded);
    }

    [Fact]
    public void Another_family_is_refused()
        => Assert.Throws<ArgumentException>(() => SocketAddressEncoding.Encode(new OtherFamily()));

    private sealed class OtherFamily() : IPEndPoint(0, 0)
    {
        public override AddressFamily AddressFamily => AddressFamily.AppleTalk;
    }
}
