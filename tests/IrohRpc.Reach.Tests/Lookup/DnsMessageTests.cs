using System.Net;
using CsCheck;
using IrohRpc.Reach.Lookup.Dns;

namespace IrohRpc.Reach.Tests.Lookup;

public sealed class DnsMessageTests
{
    private static byte[] Sample()
    {
        var writer = new DnsMessageWriter(1000, 0x8400);
        writer.Question("_irohv1._udp.local", DnsRecordType.Ptr);
        writer.Service(DnsSection.Answer, "a._irohv1._udp.local", 7000, "a-7000.local", 30);
        writer.Text(DnsSection.Answer, "a._irohv1._udp.local", new string('x', 600), 30);
        writer.Address(DnsSection.Additional, "a-7000.local", IPAddress.Parse("192.0.2.1"), 30);
        writer.Address(DnsSection.Additional, "a-7000.local", IPAddress.Parse("2001:db8::1"), 30);
        Assert.False(writer.IsTooLong);
        return writer.Written.ToArray();
    }

    [Fact]
    public void A_message_is_read_as_it_was_written()
    {
        byte[] message = Sample();
        Assert.True(DnsMessageReader.TryCreate(message, out DnsMessageReader reader));
        Assert.True(reader.IsResponse);
        Assert.True(reader.TryReadQuestion(out string name, out DnsRecordType type));
        Assert.Equal(("_irohv1._udp.local", DnsRecordType.Ptr), (name, type));

        Assert.True(reader.TryReadRecord(out DnsRecord service));
        Assert.True(reader.TryReadService(service, out ushort port, out string target));
        Assert.Equal(("a._irohv1._udp.local", 7000, "a-7000.local"), (service.Name, port, target));

        Assert.True(reader.TryReadRecord(out DnsRecord text));
        Assert.Equal(new string('x', 600), reader.ReadText(text));
        Assert.Equal(30u, text.TimeToLive);

        Assert.True(reader.TryReadRecord(out DnsRecord v4));
        Assert.Equal((DnsSection.Additional, "a-7000.local"), (v4.Section, v4.Name));
        Assert.Equal(IPAddress.Parse("192.0.2.1"), new IPAddress(reader.ReadBytes(v4)));
        Assert.True(reader.TryReadRecord(out DnsRecord v6));
        Assert.Equal(IPAddress.Parse("2001:db8::1"), new IPAddress(reader.ReadBytes(v6)));
        Assert.True(reader.IsAtEnd);
        Assert.False(reader.TryReadRecord(out _));
    }

    [Fact]
    public void What_does_not_fit_is_left_out_and_the_rest_can_be_read()
    {
        for (int length = 20; length < 700; length++)
        {
            var writer = new DnsMessageWriter(length, 0x8000);
            for (int i = 0; i < 20; i++)
            {
                writer.Text(DnsSection.Answer, $"_iroh.example{i % 3}", $"addr=192.0.2.1:{7000 + i}", 30);
            }

            Assert.InRange(writer.Written.Length, 12, length);
            DnsMessageReader.TryCreate(writer.Written, out DnsMessageReader reader);
            while (reader.TryReadRecord(out DnsRecord record))
            {
                Assert.StartsWith("addr=", reader.ReadText(record), StringComparison.Ordinal);
            }

            Assert.True(reader.IsAtEnd);
        }
    }

    [Fact]
    public void A_name_that_points_at_itself_or_forwards_is_refused()
    {
        foreach (byte target in (byte[])[12, 13, 14, 40])
        {
            byte[] message = [0, 0, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xc0, target, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0];
            DnsMessageReader.TryCreate(message, out DnsMessageReader reader);
            Assert.False(reader.TryReadRecord(out _));
        }
    }

    [Fact]
    public void A_message_that_is_cut_anywhere_ends_without_harm()
    {
        byte[] message = Sample();
        for (int length = 0; length < message.Length; length++)
        {
            Assert.False(ReadAll(message.AsSpan(0, length)));
        }

        Assert.True(ReadAll(message));
    }

    [Fact]
    public void Bytes_that_were_changed_anyhow_end_without_harm()
    {
        byte[] sample = Sample();
        Gen.Select(Gen.Int[0, sample.Length - 1], Gen.Byte).Array[1, 8].Sample(
            changes =>
            {
                byte[] message = [.. sample];
                foreach ((int index, byte value) in changes)
                {
                    message[index] = value;
                }

                ReadAll(message);
            },
            iter: 100_000);
    }

    [Fact]
    public void Random_bytes_end_without_harm() => Gen.Byte.Array[0, 600].Sample(static bytes => { ReadAll(bytes); }, iter: 100_000);

    private static bool ReadAll(ReadOnlySpan<byte> message)
    {
        if (!DnsMessageReader.TryCreate(message, out DnsMessageReader reader))
        {
            return false;
        }

        while (reader.TryReadRecord(out DnsRecord record))
        {
            reader.ReadText(record);
            reader.TryReadService(record, out _, out _);
            _ = reader.ReadBytes(record).Length;
        }

        return reader.IsAtEnd;
    }
}
