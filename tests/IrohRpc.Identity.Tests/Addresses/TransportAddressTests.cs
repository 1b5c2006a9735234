using System.Net;
using CsCheck;

namespace IrohRpc.Tests;

public sealed class TransportAddressTests
{
    [Fact]
    public void Addresses_sort_as_iroh_sorts_them()
    {
        TransportAddress[] sorted =
        [
            TransportAddress.Relay("https://a./"),
            TransportAddress.Relay("https://b./"),
            TransportAddress.Relay("https://\uFF5E./"),
            TransportAddress.Relay("https://\U0001F600./"),
            Ip("1.2.3.4:9"),
            Ip("1.2.3.4:10"),
            Ip("10.0.0.1:1"),
            Ip("[::1]:1"),
            Ip("[2001:db8::1]:1"),
            TransportAddress.Custom(1, [9, 9]),
            TransportAddress.Custom(2, []),
            TransportAddress.Custom(2, [9]),
            TransportAddress.Custom(2, [1, 1]),
            TransportAddress.Custom(2, [.. Enumerable.Repeat((byte)9, 30)]),
            TransportAddress.Custom(2, [.. Enumerable.Repeat((byte)1, 32)]),
            TransportAddress.Custom(2, [.. Enumerable.Repeat((byte)2, 31)]),
            TransportAddress.Custom(10, []),
            TransportAddress.Unknown(1, [3]),
        ];

        for (int i = 0; i < sorted.Length; i++)
        {
            for (int j = 0; j < sorted.Length; j++)
            {
                Assert.Equal(Math.Sign(i.CompareTo(j)), Math.Sign(sorted[i].CompareTo(sorted[j])));
                Assert.Equal(i < j, sorted[i] < sorted[j]);
                Assert.Equal(i >= j, sorted[i] >= sorted[j]);
            }
        }
    }

    [Fact]
    public void Order_and_equality_agree()
        => Gen.Select(AddressGenerators.Known, AddressGenerators.Known).Sample((left, right) =>
        {
            Assert.Equal(left == right, left.CompareTo(right) == 0);
            Assert.Equal(-Math.Sign(left.CompareTo(right)), Math.Sign(right.CompareTo(left)));
            Assert.Equal(0, left.CompareTo(left));
            Assert.True(left.CompareTo(null) > 0);
        });

    [Theory]
    [InlineData("")]
    [InlineData("https://a./\n2026-01-01 forged line")]
    [InlineData("https://a./\u001b[2J")]
    [InlineData("https://a./\u0085")]
    public void Relay_urls_that_could_forge_a_log_line_are_refused(string url)
        => Assert.Throws<ArgumentException>(() => TransportAddress.Relay(url));

    [Fact]
    public void Relay_urls_that_would_not_survive_a_ticket_are_refused()
    {
        Assert.Throws<ArgumentException>(() => TransportAddress.Relay("https://a./\uD800"));
        Assert.Throws<ArgumentException>(() => TransportAddress.Relay("https://a./\uFFFD\uDC00"));
        Assert.Equal("https://a./\uFFFD", TransportAddress.Relay("https://a./\uFFFD").RelayUrl);
    }

    [Fact]
    public void Prints_as_iroh_prints()
    {
        Assert.Equal("relay:https://a./", TransportAddress.Relay("https://a./").ToString());
        Assert.Equal("ip:127.0.0.1:1024", Ip("127.0.0.1:1024").ToString());
        Assert.Equal("ip:[::1]:1024", Ip("[::1]:1024").ToString());
        Assert.Equal("custom:544f52_01ff", TransportAddress.Custom(0x544F52, [1, 255]).ToString());
        Assert.Equal("unknown:2_0304", TransportAddress.Unknown(2, [3, 4]).ToString());
    }

    [Fact]
    public void Address_keeps_a_copy_of_what_it_was_given()
    {
        byte[] data = [1];
        IPEndPoint endPoint = IPEndPoint.Parse("1.2.3.4:5");
        TransportAddress custom = TransportAddress.Custom(1, data);
        TransportAddress ip = TransportAddress.Ip(endPoint);

        data[0] = 2;
        endPoint.Port = 6;

        Assert.Equal(TransportAddress.Custom(1, [1]), custom);
        Assert.Equal(Ip("1.2.3.4:5"), ip);
    }

    private static TransportAddress Ip(string text) => TransportAddress.Ip(IPEndPoint.Parse(text));
}
