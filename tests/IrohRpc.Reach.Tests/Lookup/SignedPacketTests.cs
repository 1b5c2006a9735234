using System.Net;
using IrohRpc.Reach.Lookup;
using IrohRpc.Reach.Lookup.Dns;
using IrohRpc.Reach.Lookup.Pkarr;

namespace IrohRpc.Reach.Tests.Lookup;

public sealed class SignedPacketTests
{
    private static readonly EndpointData Data = new(
        [TransportAddress.Relay("https://relay.example/"), TransportAddress.Ip(IPEndPoint.Parse("192.0.2.1:7000"))], "hello");

    [Fact]
    public void A_packet_is_read_as_it_was_written()
    {
        using SecretKey key = SecretKey.Generate();
        SignedPacket packet = SignedPacket.Create(key, Data, 1_700_000_000_000_000);
        Assert.True(SignedPacket.TryParse(key.Id, packet.Bytes.Span, out SignedPacket? read, out _));
        Assert.Equal(Data.Addresses, read.Data.Addresses);
        Assert.Equal("hello", read.Data.UserData);
        Assert.Equal(1_700_000_000_000_000UL, read.Timestamp);
    }

    [Fact]
    public void The_message_has_one_record_for_each_attribute_under_the_name_of_the_endpoint()
    {
        using SecretKey key = SecretKey.Generate();
        SignedPacket packet = SignedPacket.Create(key, Data, 1);
        DnsMessageReader.TryCreate(packet.Message, out DnsMessageReader reader);
        Assert.Equal((0, 0x8000), (reader.Id, reader.Flags));
        string[] expected = ["relay=https://relay.example/", "addr=192.0.2.1:7000", "user-data=hello"];
        foreach (string text in expected)
        {
            Assert.True(reader.TryReadRecord(out DnsRecord record));
            Assert.Equal(($"_iroh.{ZBase32.Encode(key.Id)}", DnsRecordType.Txt, 1, 30u), (record.Name, record.Type, record.Class, record.TimeToLive));
            Assert.Equal(text, reader.ReadText(record));
        }

        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void What_does_not_fit_loses_its_last_addresses()
    {
        using SecretKey key = SecretKey.Generate();
        var many = new EndpointData(Enumerable.Range(1, 64).Select(static i => TransportAddress.Ip(new IPEndPoint(0x01020304, i))), new string('u', 245));
        SignedPacket packet = SignedPacket.Create(key, many, 1);
        Assert.InRange(packet.Message.Length, 900, SignedPacket.MaxMessageLength);
        Assert.True(SignedPacket.TryParse(key.Id, packet.Bytes.Span, out SignedPacket? read, out _));
        Assert.InRange(read.Data.Addresses.Count, 10, 63);
        Assert.Equal(many.Addresses.Take(read.Data.Addresses.Count), read.Data.Addresses);
        Assert.Equal(many.UserData, read.Data.UserData);
    }

    [Fact]
    public void A_packet_of_another_key_or_with_any_bit_changed_is_refused()
    {
        using SecretKey key = SecretKey.Generate();
        using SecretKey other = SecretKey.Generate();
        byte[] bytes = SignedPacket.Create(key, Data, 1).Bytes.ToArray();
        Assert.False(SignedPacket.TryParse(other.Id, bytes, out _, out _));
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(SignedPacket.TryParse(key.Id, bytes, out _, out _), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_packet_that_is_too_short_or_too_long_is_refused()
    {
        using SecretKey key = SecretKey.Generate();
        byte[] bytes = SignedPacket.Create(key, Data, 1).Bytes.ToArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(SignedPacket.TryParse(key.Id, bytes.AsSpan(0, length), out _, out _));
        }

        Assert.False(SignedPacket.TryParse(key.Id, new byte[SignedPacket.MaxLength + 1], out _, out string? problem));
        Assert.Contains("1072", problem, StringComparison.Ordinal);
    }
}
