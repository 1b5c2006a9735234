using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;

namespace IrohRpc.Quic.Tests.Protection;

public class RetryIntegrityTests
{
    private static readonly ConnectionId Original = new(Rfc9001Vectors.ConnectionId);

    [Fact]
    public void A_Retry_is_written_as_RFC_9001_shows()
    {
        byte[] packet = new byte[100];
        int written = RetryIntegrity.WriteRetry(packet, Original, default, new ConnectionId(Rfc9001Vectors.Hex("f067a5502a4262b5")), "token"u8);
        Assert.Equal(Rfc9001Vectors.RetryPacket, packet[..written]);
    }

    [Fact]
    public void A_Retry_is_read_and_verified()
    {
        var reader = new PacketReader([.. Rfc9001Vectors.RetryPacket], 0);
        Assert.True(reader.TryRead(out ProtectedPacket packet));
        Assert.Equal(PacketType.Retry, packet.Type);
        Assert.Equal("f067a5502a4262b5", packet.Source.ToString());
        Assert.Equal("token"u8, packet.Token);
        Assert.True(RetryIntegrity.Verify(packet.Bytes, Original));
    }

    [Fact]
    public void Any_changed_bit_and_another_connection_make_a_Retry_invalid()
    {
        Assert.False(RetryIntegrity.Verify(Rfc9001Vectors.RetryPacket, new ConnectionId([1, 2, 3])));
        for (int bit = 0; bit < Rfc9001Vectors.RetryPacket.Length * 8; bit++)
        {
            byte[] packet = [.. Rfc9001Vectors.RetryPacket];
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(RetryIntegrity.Verify(packet, Original));
        }

        Assert.False(RetryIntegrity.Verify(new byte[15], Original));
    }

    [Fact]
    public void A_Retry_without_a_token_is_not_written()
        => Assert.Throws<ArgumentOutOfRangeException>(() => RetryIntegrity.WriteRetry(new byte[100], Original, default, Original, []));
}
